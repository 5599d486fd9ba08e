/**
 * Keeps one module of many in a file, from one program to the next: to make it
 * takes longer than to start a server, and the runtime keeps the compiled code
 * of files.
 *
 * A file is used as long as what it was made of has not changed. It never
 * changes itself: others may be running it.
 *
 * @module
 */
import { sha256 } from "@noble/hashes/sha2.js";

const ROOT = new URL("../../../", import.meta.url);
const FOLDER = ".cache/";
/**
 * What modules are made with, beside the sources of the project: packages are
 * those that the lock file names.
 */
const MAKERS = [
  new URL("deno.json", ROOT),
  new URL("deno.lock", ROOT),
  new URL("one_module.ts", import.meta.url),
  new URL("module_text.ts", import.meta.url),
];
/** Files made of older sources are removed after this time. */
const KEPT_MS = 86_400_000;

/** The texts of modules, by address. */
export type Sources = ReadonlyMap<string, string>;

/** What a file was made of. */
interface Made {
  /** The project's modules, by their path in it. */
  readonly sources: readonly string[];
  readonly hash: string;
  /** The file's size: after a crash of the machine it may be empty. */
  readonly bytes: number;
}

/**
 * The file kept for an entry module, if it is there and up to date.
 *
 * @param root The folder of the project, which has the files in a folder of its
 * own. The entry modules of others are not kept.
 */
export function keptFile(entry: URL, root: URL = ROOT): URL | undefined {
  const files = filesOf(entry, root);
  if (files === undefined) return undefined;
  try {
    const { sources, hash, bytes }: Made = JSON.parse(read(files.list));
    if (hash !== hashOf(sources.map((it) => read(new URL(it, root))))) {
      return undefined;
    }
    const module = files.module(hash);
    return Deno.statSync(module).size === bytes ? module : undefined;
  } catch {
    // Then it is made anew.
    return undefined;
  }
}

/** Keeps the module made of an entry; `undefined` if that is not possible. */
export function keepFile(
  entry: URL,
  text: string,
  sources: Sources,
  root: URL = ROOT,
): URL | undefined {
  const files = filesOf(entry, root);
  if (files === undefined || !may("write", files.folder)) return undefined;
  const own = [...sources].filter(([address]) => address.startsWith(root.href));
  try {
    const hash = hashOf(own.map(([, source]) => source));
    const module = files.module(hash);
    Deno.mkdirSync(files.folder, { recursive: true });
    const bytes = replace(module, text);
    const paths = own.map(([address]) => address.slice(root.href.length));
    const made: Made = { sources: paths, hash, bytes };
    replace(files.list, JSON.stringify(made));
    removeOlder(files.folder, module);
    return module;
  } catch {
    return undefined;
  }
}

/** Reads a module's text, without asking for permission. */
export function read(address: URL): string {
  if (!may("read", address)) throw new Error(`Cannot read ${address}`);
  return Deno.readTextFileSync(address);
}

/** Whether a module's file is there, as far as that may be looked at. */
export function isThere(address: URL): boolean {
  if (address.protocol !== "file:" || !may("read", address)) return true;
  try {
    return Deno.statSync(address).isFile;
  } catch {
    return false;
  }
}

interface Files {
  readonly folder: URL;
  readonly list: URL;
  readonly module: (hash: string) => URL;
}

function filesOf({ href }: URL, root: URL): Files | undefined {
  if (!href.startsWith("file:") || !href.startsWith(root.href)) {
    return undefined;
  }
  const folder = new URL(FOLDER, root);
  const name = href.slice(root.href.length).replaceAll("/", ".");
  return {
    folder,
    list: new URL(`${name}.json`, folder),
    module: (hash) => new URL(`${name}.${hash.slice(0, 16)}.js`, folder),
  };
}

function hashOf(sources: Iterable<string>): string {
  const all = [Deno.version.deno, ...MAKERS.map(read), ...sources];
  return sha256(new TextEncoder().encode(all.join("\0"))).toHex();
}

function may(name: "read" | "write", path: URL): boolean {
  return Deno.permissions.querySync({ name, path }).state === "granted";
}

/** Writes a file that is never seen half written; returns its size. */
function replace(file: URL, text: string): number {
  const part = new URL(`${file.href}.${Deno.pid}`);
  try {
    Deno.writeTextFileSync(part, text);
    const { size } = Deno.statSync(part);
    Deno.renameSync(part, file);
    return size;
  } catch (error) {
    if (isThere(part)) Deno.removeSync(part);
    throw error;
  }
}

/** Removes the files that are much older than the newest one. */
function removeOlder(folder: URL, newest: URL): void {
  const untilMs = writtenMs(newest) - KEPT_MS;
  for (const { name } of Deno.readDirSync(folder)) {
    const file = new URL(name, folder);
    if (writtenMs(file) < untilMs) Deno.removeSync(file);
  }
}

function writtenMs(file: URL): number {
  return Deno.statSync(file).mtime?.getTime() ?? 0;
}
