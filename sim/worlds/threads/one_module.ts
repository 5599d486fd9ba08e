/**
 * A worker's modules as one, so that a worker starts about as fast as an empty
 * one: to load the modules of a server takes as long as all the rest of it.
 *
 * @module
 */
import { stripTypeScriptTypes } from "node:module";

/** An import that stands at the start of a line, as `deno fmt` puts it. */
const IMPORT = /^import\b\s*(?:([^;"]*?)\bfrom\s*)?"([^"]+)"[^;]*;/gm;
/** A declaration that others may import. */
const DECLARATION =
  /^export\s+(?=(?:async )?(?:const|class|function\*?) (\w+))/gm;
/** Names declared elsewhere that are passed on. */
const PASSED_ON = /^export \{([^}]*)\};/gm;
/** Comments that begin a line; in a package, code follows in their last one. */
const COMMENTS = /^[ \t]*(?:\/\*\*[\s\S]*?\*\/[ \t]*)+/gm;
/**
 * What is left of lines that held types, spaces of one byte or more; and the
 * source maps of a package's modules.
 */
const BLANKS = /^(?:[^\S\n]+|\/\/# sourceMappingURL=.*)$/gm;
/** What no expression above knows, or what can't stand inside a function. */
const UNKNOWN = /^(?:import|export)\b.*|\bimport\b\s*[.(].*/m;

/** The modules already made, by the module they start from. */
const made = new Map<string, URL>();

/**
 * The address of one module that is `entry` and all that it imports. It is made
 * once, and kept in this process's memory. Where that can't be done, such as
 * for modules that are not files, it is `entry` itself.
 */
export function oneModule(entry: URL): URL {
  const known = made.get(entry.href);
  if (known) return known;
  let address = entry;
  try {
    const script = new Blob([bundle(entry)], { type: "text/javascript" });
    address = new URL(URL.createObjectURL(script));
  } catch {
    // The modules themselves do as well; they only take longer to load.
  }
  made.set(entry.href, address);
  return address;
}

/**
 * The text of one module that does what `entry` does, with all that it imports.
 *
 * Each module becomes a function that is called once and returns what the module
 * exports, in the order in which modules are evaluated. Types become blanks, and
 * comments empty lines.
 *
 * @throws {Error} If a module can't be read, or has syntax that this can't take.
 */
export function bundle(entry: URL): string {
  const modules = new Modules();
  modules.add(entry.href);
  return modules.text();
}

class Modules {
  /** Each module's name in the bundle; none while those it imports are added. */
  readonly #names = new Map<string, string | undefined>();
  readonly #builtins = new Map<string, string>();
  readonly #parts: string[] = [];

  /** Adds a module after those it imports; its name in the bundle. */
  add(address: string): string {
    if (this.#names.has(address)) {
      const name = this.#names.get(address);
      if (name !== undefined) return name;
      throw new Error(`Cannot bundle ${address}: it imports itself`);
    }
    this.#names.set(address, undefined);
    const body = this.#body(stripTypeScriptTypes(read(address)), address);
    const name = `module${this.#parts.length}`;
    this.#names.set(address, name);
    this.#parts.push(`const ${name} = ${body}`);
    return name;
  }

  text(): string {
    const imports = [...this.#builtins].map(([specifier, name]) =>
      `import * as ${name} from "${specifier}";`
    );
    const functions = this.#parts.join("\n");
    // Reads it without running it: some of what a module may do, a function may not.
    new Function(`"use strict"; ${functions}`);
    return [...imports, functions].join("\n");
  }

  #body(source: string, address: string): string {
    const exported: string[] = [];
    const body = source
      // Each worker keeps the text: without these it takes a megabyte less.
      .replace(COMMENTS, (comments) => comments.replace(/[^\n]+/g, ""))
      .replace(BLANKS, "")
      .replace(IMPORT, (_, names: string | undefined, specifier: string) => {
        const module = this.#imported(specifier, address);
        return names === undefined ? "" : destructured(names, module);
      })
      .replace(DECLARATION, (keyword: string, name: string) => {
        exported.push(name);
        return " ".repeat(keyword.length);
      })
      .replace(PASSED_ON, (_, names: string) => {
        exported.push(...names.split(",").map(asProperty));
        return "";
      });
    const unknown = UNKNOWN.exec(body);
    if (unknown) throw new Error(`Cannot bundle ${address}: ${unknown[0]}`);
    return `(() => { ${body}\nreturn { ${exported.join(", ")} }; })();`;
  }

  /** The name in the bundle of what a module imports. */
  #imported(specifier: string, from: string): string {
    if (!specifier.startsWith("node:")) {
      return this.add(
        specifier.startsWith(".")
          ? new URL(specifier, from).href
          : import.meta.resolve(specifier),
      );
    }
    const name = this.#builtins.get(specifier) ??
      `builtin${this.#builtins.size}`;
    this.#builtins.set(specifier, name);
    return name;
  }
}

/** A module's text. Nobody is asked for leave to read it. */
function read(address: string): string {
  const path = new URL(address);
  const { state } = Deno.permissions.querySync({ name: "read", path });
  if (state !== "granted") throw new Error(`Cannot read ${address}`);
  return Deno.readTextFileSync(path);
}

/** The names of an import as constants: `{ a as b }` of `module1`. */
function destructured(names: string, module: string): string {
  const braced = /^\s*\{([^}]*)\}\s*$/.exec(names);
  if (!braced) throw new Error(`Cannot bundle import ${names}`);
  return `const {${braced[1]!.replace(/\bas\b/g, ":")}} = ${module};`;
}

/** A name that is passed on, as a property: `{ a as b }`. */
function asProperty(passed: string): string {
  const [name, as] = passed.trim().split(/\s+as\s+/);
  return as === undefined ? name! : `${as}: ${name}`;
}
