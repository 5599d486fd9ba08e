/**
 * A worker's modules as one, so that a worker starts about as fast as an empty
 * one: to load the modules of a server takes as long as all the rest of it.
 *
 * @module
 */
import { createRequire, stripTypeScriptTypes } from "node:module";
import { pathToFileURL } from "node:url";
import { functionOf, type Imported } from "./module_text.ts";

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

/** How modules are made one for another place than a worker of this program. */
export interface BundleOptions {
  /**
   * What stands for a module there, by its address or by the name of one of the
   * runtime's; `null`: it is left out, and fails if it is used after all.
   */
  readonly instead?: (address: string) => URL | null | undefined;
  /** A module of which all others name exports that they do not import. */
  readonly machine?: {
    readonly module: URL;
    readonly names: readonly string[];
  };
  /** A module's own address, as it is known there. */
  readonly address?: (address: string) => string;
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
export function bundle(entry: URL, options: BundleOptions = {}): string {
  const modules = new Modules(options);
  const { machine } = options;
  if (machine !== undefined) modules.addMachine(machine.module, machine.names);
  modules.add(entry.href);
  return modules.text();
}

/** For modules that import each other: binds names once they are there. */
const LATER = `const waiting = {};
const later = (name, bind) => (waiting[name] ??= []).push(bind);`;

/** What is left out can be imported; only to use it fails. */
const ABSENT = `const absent = (module) => new Proxy({}, {
  get: (_, name) => function () {
    throw new Error(name + " of " + module + " is not to be had here");
  },
});`;

class Modules {
  readonly #options: BundleOptions;
  /** Each module's name in the bundle. */
  readonly #names = new Map<string, string>();
  /** Those of which what they import is being added. */
  readonly #open = new Set<string>();
  /** Those that others want before they are there. */
  readonly #late = new Set<string>();
  readonly #builtins = new Map<string, string>();
  readonly #parts: string[] = [];
  #hasAbsent = false;

  constructor(options: BundleOptions) {
    this.#options = options;
  }

  /** Adds a module of which all others see these exports. */
  addMachine({ href }: URL, names: readonly string[]): void {
    const { name } = this.add(href);
    this.#parts.push(`const { ${names.join(", ")} } = ${name};`);
  }

  /** Adds a module after those it imports. */
  add(wanted: string): Imported {
    const other = this.#options.instead?.(wanted);
    const address = other?.href ?? wanted;
    const known = this.#names.get(address);
    if (known !== undefined) {
      const isLater = this.#open.has(address);
      if (isLater) this.#late.add(known);
      return { name: known, isLater };
    }
    const name = `module${this.#names.size}`;
    this.#names.set(address, name);
    if (other === null) {
      this.#hasAbsent = true;
      this.#parts.push(`const ${name} = absent("${shortOf(address)}");`);
      return { name, isLater: false };
    }
    this.#open.add(address);
    const body = this.#body(address);
    this.#open.delete(address);
    this.#parts.push(`const ${name} = ${body}`);
    if (this.#late.has(name)) {
      this.#parts.push(`for (const bind of waiting["${name}"]) bind();`);
    }
    return { name, isLater: false };
  }

  text(): string {
    const imports = [...this.#builtins].map(([specifier, name]) =>
      `import * as ${name} from "${specifier}";`
    );
    const functions = [
      ...this.#late.size > 0 ? [LATER] : [],
      ...this.#hasAbsent ? [ABSENT] : [],
      ...this.#parts,
    ].join("\n");
    // Reads it without running it: some of what a module may do, a function may not.
    new Function(`"use strict"; ${functions}`);
    return [...imports, functions].join("\n");
  }

  #body(address: string): string {
    const text = read(address);
    if (address.endsWith(".json")) return `({ default: ${text} });`;
    const isScript = /\.(?:umd\.|c)js$/.test(address);
    if (isScript) {
      this.#hasAbsent = true;
      return scriptOf(text);
    }
    const { address: known } = this.#options;
    try {
      const source = address.endsWith(".ts") ? this.#withoutTypes(text) : text;
      const body = functionOf(source, {
        imported: (specifier) => this.#imported(specifier, address),
        isElsewhere: known !== undefined,
      });
      if (known === undefined) return body;
      return body.replace(/\bimport\.meta\.(?:url|resolve)\b/g, (it) => {
        const own = JSON.stringify(known(address));
        return it.endsWith("url")
          ? own
          : `((name) => new URL(name, ${own}).href)`;
      });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (why.startsWith("Cannot bundle")) throw error;
      throw new Error(`Cannot bundle ${address}: ${why}`);
    }
  }

  #withoutTypes(text: string): string {
    try {
      return stripTypeScriptTypes(text);
    } catch (error) {
      if (this.#options.machine === undefined) throw error;
      // Fields that are declared as parameters need code of their own.
      return stripTypeScriptTypes(text, { mode: "transform" });
    }
  }

  /** What a module imports. */
  #imported(specifier: string, from: string): Imported {
    if (!specifier.startsWith("node:")) {
      return this.add(
        specifier.startsWith(".")
          ? new URL(specifier, from).href
          : resolved(specifier, from),
      );
    }
    if (this.#options.instead?.(specifier) !== undefined) {
      return this.add(specifier);
    }
    const name = this.#builtins.get(specifier) ??
      `builtin${this.#builtins.size}`;
    this.#builtins.set(specifier, name);
    return { name, isLater: false };
  }
}

/** Where a package is. */
function resolved(specifier: string, from: string): string {
  try {
    return import.meta.resolve(specifier);
  } catch {
    // A package that only another one has: it knows which.
    const path = createRequire(from).resolve(specifier);
    return pathToFileURL(path).href;
  }
}

/** A script that gives its exports as Node's modules do, and has no others. */
function scriptOf(text: string): string {
  return `(() => { const module = { exports: {} }, exports = module.exports;
(function () { const require = absent; ${text}
}).call(globalThis);
return { default: module.exports, ...module.exports }; })();`;
}

function shortOf(address: string): string {
  return address.split("/").slice(-2).join("/");
}

/** A module's text. Nobody is asked for leave to read it. */
function read(address: string): string {
  const path = new URL(address);
  const { state } = Deno.permissions.querySync({ name: "read", path });
  if (state !== "granted") throw new Error(`Cannot read ${address}`);
  return Deno.readTextFileSync(path);
}
