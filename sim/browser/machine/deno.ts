/**
 * What a page has of the runtime that the workbench is written for: its errors,
 * and the files that were put into the page. All else belongs to a real machine,
 * and there is none.
 *
 * @module
 */
import { resolve } from "./path.ts";

/** A class of errors. */
function named(name: string): new (message?: string) => Error {
  return class extends Error {
    override readonly name = name;
  };
}

/** The errors that the workbench tells apart. */
const errors = {
  AddrInUse: named("AddrInUse"),
  AlreadyExists: named("AlreadyExists"),
  BadResource: named("BadResource"),
  BrokenPipe: named("BrokenPipe"),
  ConnectionRefused: named("ConnectionRefused"),
  ConnectionReset: named("ConnectionReset"),
  Interrupted: named("Interrupted"),
  NotCapable: named("NotCapable"),
  NotConnected: named("NotConnected"),
  NotFound: named("NotFound"),
};
const { NotFound } = errors;

/** Texts by their paths. */
const files = new Map<string, string>();
let folders = 0;

/** Puts a file where it can be read. */
export function putFile(path: string, text: string): void {
  files.set(resolve(path), text);
}

function pathOf(path: string | URL): string {
  return typeof path === "string" ? resolve(path) : path.pathname;
}

function namesIn(folder: string | URL): string[] {
  const start = `${pathOf(folder).replace(/\/$/, "")}/`;
  return [...files.keys()].filter((path) => path.startsWith(start))
    .map((path) => path.slice(start.length));
}

/** The runtime, as far as a page has it. */
export const Deno = {
  /** Its errors. */
  errors,
  /** The system. */
  build: { os: "browser" },
  /** Nothing is granted. */
  permissions: { querySync: () => ({ state: "denied" }) },
  /** Nobody tells how much there is. */
  memoryUsage: () => ({ heapUsed: 0 }),
  /** The text of a file. */
  readTextFileSync(path: string | URL): string {
    const text = files.get(pathOf(path));
    if (text === undefined) throw new NotFound(`No file ${pathOf(path)}`);
    return text;
  },
  /** The same. */
  readTextFile(path: string | URL): Promise<string> {
    return Promise.resolve().then(() => Deno.readTextFileSync(path));
  },
  /** Puts a file where it can be read. */
  writeTextFileSync(path: string | URL, text: string): void {
    files.set(pathOf(path), text);
  },
  /** What is at a path. */
  statSync(path: string | URL): { isDirectory: boolean } {
    if (files.has(pathOf(path))) return { isDirectory: false };
    if (namesIn(path).length > 0) return { isDirectory: true };
    throw new NotFound(`No file ${pathOf(path)}`);
  },
  /** The files of a folder. */
  readDirSync: (path: string | URL) =>
    namesIn(path).map((name) => ({ name, isFile: !name.includes("/") })),
  /** A name that no other folder has. */
  makeTempDirSync: (options: { prefix: string }) =>
    `/tmp/${options.prefix}${++folders}`,
  /** Removes a file, or a folder with all that is in it. */
  removeSync(path: string | URL): void {
    const at = pathOf(path);
    for (const name of [...files.keys()]) {
      if (name === at || name.startsWith(`${at}/`)) files.delete(name);
    }
  },
  /** The same. */
  remove(path: string | URL): Promise<void> {
    return Promise.resolve(Deno.removeSync(path));
  },
};

/**
 * Memory for counts: there is one thread, so it need not be shared. Pages have
 * shared memory only where their server says so, and none that is a file.
 */
export const SharedArrayBuffer = ArrayBuffer;
