/**
 * Bundles a worker's modules into one, so that a worker starts about as fast as
 * an empty one: loading a server's modules takes as long as the rest of its
 * start.
 *
 * @module
 */
import { createRequire, stripTypeScriptTypes } from "node:module";
import { pathToFileURL } from "node:url";
import {
  isThere,
  keepFile,
  keptFile,
  read,
  type Sources,
} from "./module_files.ts";
import { functionOf, type Imported } from "./module_text.ts";

/** A module can't be put into a bundle. */
class CannotBundle extends Error {
  override readonly name = "CannotBundle";

  constructor(address: string, why: string) {
    super(`Cannot bundle ${address}: ${why}`);
  }
}

/** The bundles made so far, by their entry modules. */
const made = new Map<string, URL>();

/**
 * The address of one module with `entry` and all that it imports: a file, or in
 * this process's memory. If that is not possible, such as for modules that are
 * not files, it is `entry` itself.
 */
export function oneModule(entry: URL): URL {
  const known = made.get(entry.href);
  if (known && isThere(known)) return known;
  let address = entry;
  try {
    address = keptFile(entry) ?? makeModule(entry);
  } catch {
    // The modules themselves work too; they only take longer to load.
  }
  made.set(entry.href, address);
  return address;
}

function makeModule(entry: URL): URL {
  const { text, sources } = bundled(entry);
  const file = keepFile(entry, text, sources);
  if (file) return file;
  const script = new Blob([text], { type: "text/javascript" });
  return new URL(URL.createObjectURL(script));
}

/** Options of a bundle for another place than a worker of this program. */
export interface BundleOptions {
  /**
   * The substitute for a module, by its address or the name of one of the
   * runtime's; `null` leaves it out, and using it fails.
   */
  readonly instead?: (address: string) => URL | null | undefined;
  /** A module whose exports all others use as globals. */
  readonly machine?: {
    readonly module: URL;
    readonly names: readonly string[];
  };
  /** The address of a module as it appears in the bundle. */
  readonly address?: (address: string) => string;
}

/**
 * The text of one module that does what `entry` does, with all that it imports.
 *
 * Each module becomes a function that is called once and returns the module's
 * exports, in the order of evaluation; those that are only needed by deferred
 * imports (`import defer`), when something of them is used. Types, comments and
 * indentation go.
 *
 * @throws {Error} If a module can't be read, or has unsupported syntax.
 */
export function bundle(entry: URL, options: BundleOptions = {}): string {
  return bundled(entry, options).text;
}

function bundled(
  entry: URL,
  options: BundleOptions = {},
): { readonly text: string; readonly sources: Sources } {
  const modules = new Modules(options);
  const { machine } = options;
  if (machine !== undefined) modules.addMachine(machine.module, machine.names);
  modules.addEntry(entry);
  return { text: modules.text(), sources: modules.sources };
}

/** For modules that import each other: binds names once they exist. */
const LATER = `const waiting = {};
const later = (name, bind) => (waiting[name] ??= []).push(bind);`;

/**
 * For modules that are evaluated when they are first used: an error then is
 * theirs for ever, as it is in the runtime.
 */
const DEFERRED = `const once = (evaluate) => {
  let result = () => {
    result = () => {
      throw new TypeError("A module is used while it is evaluated");
    };
    try {
      const exports = evaluate();
      result = () => exports;
    } catch (error) {
      result = () => {
        throw error;
      };
    }
    return result();
  };
  return () => result();
};
const deferred = (module) => new Proxy({}, {
  get: (_, name) => name === "then" ? undefined : module()[name],
  has: (_, name) => name in module(),
  ownKeys: () => Reflect.ownKeys(module()),
  getOwnPropertyDescriptor: (_, name) =>
    Object.getOwnPropertyDescriptor(module(), name),
});`;

/** A module that is left out can be imported; only using it fails. */
const ABSENT = `const absent = (module) => new Proxy({}, {
  get: (_, name) => function () {
    throw new Error(name + " of " + module + " is not to be had here");
  },
});`;

class Modules {
  readonly sources = new Map<string, string>();
  readonly #options: BundleOptions;
  /** By address: the expression for each module's exports. */
  readonly #names = new Map<string, string>();
  /** Modules whose imports are being added. */
  readonly #open = new Set<string>();
  /** Modules that are imported before they are evaluated. */
  readonly #late = new Set<string>();
  readonly #builtins = new Map<string, string>();
  readonly #parts: string[] = [];
  /** By address: the names of modules that an import defers. */
  readonly #deferred = new Map<string, string>();
  /** What these names stand for. */
  readonly #uses: string[] = [];
  /** The modules that only deferred imports lead to. */
  readonly #waiting: string[] = [];
  #hasAbsent = false;

  constructor(options: BundleOptions) {
    this.#options = options;
  }

  /** Adds a module whose exports are globals for all others. */
  addMachine({ href }: URL, names: readonly string[]): void {
    const { name } = this.#add(href);
    this.#parts.push(`const { ${names.join(", ")} } = ${name};`);
  }

  /** Adds the module that is run, with all that it imports. */
  addEntry({ href }: URL): void {
    this.#add(href);
    for (const [address, deferred] of this.#deferred) {
      const { name } = this.#add(address, this.#waiting);
      this.#uses.push(`const ${deferred} = deferred(() => ${name});`);
    }
  }

  /** Adds a module to the parts, after those it imports. */
  #add(wanted: string, parts: string[] = this.#parts): Imported {
    const other = this.#options.instead?.(wanted);
    const address = other?.href ?? wanted;
    const known = this.#names.get(address);
    if (known !== undefined) {
      const isLater = this.#open.has(address);
      if (isLater) this.#late.add(known);
      return { name: known, isLater };
    }
    const constant = `module${this.#names.size}`;
    const isWaiting = parts === this.#waiting && other !== null;
    const name = isWaiting ? `${constant}()` : constant;
    this.#names.set(address, name);
    if (other === null) {
      this.#hasAbsent = true;
      parts.push(`const ${name} = absent("${shortOf(address)}");`);
      return { name, isLater: false };
    }
    this.#open.add(address);
    const body = this.#body(address, parts);
    this.#open.delete(address);
    const isLate = this.#late.has(name);
    if (isWaiting) {
      if (isLate) {
        throw new CannotBundle(
          address,
          "it is deferred, and it imports itself by others",
        );
      }
      parts.push(`const ${constant} = once(() => { return ${body} });`);
    } else {
      parts.push(`const ${constant} = ${body}`);
      if (isLate) parts.push(`for (const bind of waiting["${name}"]) bind();`);
    }
    return { name, isLater: false };
  }

  /** Names a module that is evaluated when something of it is used. */
  #defer(address: string): Imported {
    const { size } = this.#deferred;
    const name = this.#deferred.getOrInsert(address, `deferred${size}`);
    return { name, isLater: false };
  }

  text(): string {
    const imports = [...this.#builtins].map(([specifier, name]) =>
      `import * as ${name} from "${specifier}";`
    );
    const functions = [
      ...this.#late.size > 0 ? [LATER] : [],
      ...this.#hasAbsent ? [ABSENT] : [],
      ...this.#uses.length > 0 ? [DEFERRED, ...this.#uses] : [],
      ...this.#waiting,
      ...this.#parts,
    ].join("\n");
    // Only parses it: some syntax of modules is not allowed in a function.
    new Function(`"use strict"; ${functions}`);
    return [...imports, functions].join("\n");
  }

  #body(address: string, parts: string[]): string {
    const text = read(new URL(address));
    this.sources.set(address, text);
    if (address.endsWith(".json")) return `({ default: ${text} });`;
    const isScript = /\.(?:umd\.|c)js$/.test(address);
    if (isScript) {
      this.#hasAbsent = true;
      return scriptOf(text);
    }
    const { address: known } = this.#options;
    try {
      const source = address.endsWith(".ts")
        ? stripTypeScriptTypes(text, { mode: "transform" })
        : text;
      const body = functionOf(source, {
        imported: (specifier) =>
          this.#builtin(specifier) ??
            this.#add(addressOf(specifier, address), parts),
        deferred: (specifier) =>
          this.#builtin(specifier) ??
            this.#defer(addressOf(specifier, address)),
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
      if (error instanceof CannotBundle) throw error;
      throw new CannotBundle(address, why);
    }
  }

  /** A module of the runtime, unless there is a substitute for it. */
  #builtin(specifier: string): Imported | undefined {
    if (
      !specifier.startsWith("node:") ||
      this.#options.instead?.(specifier) !== undefined
    ) {
      return undefined;
    }
    const { size } = this.#builtins;
    const name = this.#builtins.getOrInsert(specifier, `builtin${size}`);
    return { name, isLater: false };
  }
}

/** The address of what a module imports. */
function addressOf(specifier: string, from: string): string {
  if (specifier.startsWith("node:")) return specifier;
  return specifier.startsWith(".")
    ? new URL(specifier, from).href
    : resolved(specifier, from);
}

/** The address of a package's module. */
function resolved(specifier: string, from: string): string {
  try {
    return import.meta.resolve(specifier);
  } catch {
    // A dependency of another package, which resolves it.
    const path = createRequire(from).resolve(specifier);
    return pathToFileURL(path).href;
  }
}

/** A CommonJS script that requires nothing, as a function with its exports. */
function scriptOf(text: string): string {
  return `(() => { const module = { exports: {} }, exports = module.exports;
(function () { const require = absent; ${text}
}).call(globalThis);
return { default: module.exports, ...module.exports }; })();`;
}

function shortOf(address: string): string {
  return address.split("/").slice(-2).join("/");
}
