/**
 * A substitute for the `Deno` namespace in a page: error classes, and an
 * in-memory file system. Everything else needs a real machine.
 *
 * @module
 */
import { resolve } from "./path.ts";

function named(name: string): new (message?: string) => Error {
  return class extends Error {
    override readonly name = name;
  };
}

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

/** File contents by absolute path. */
const files = new Map<string, string>();

/** Adds a file to the file system. */
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

/** The part of `Deno` that a page has. */
export const Deno = {
  errors,
  build: { os: "browser" },
  /** No permission is granted. */
  permissions: { querySync: () => ({ state: "denied" }) },
  /** The amount of memory is not known. */
  memoryUsage: () => ({ heapUsed: 0 }),
  readTextFileSync(path: string | URL): string {
    const text = files.get(pathOf(path));
    if (text === undefined) throw new NotFound(`No file ${pathOf(path)}`);
    return text;
  },
  readTextFile(path: string | URL): Promise<string> {
    return Promise.resolve().then(() => Deno.readTextFileSync(path));
  },
  writeTextFileSync(path: string | URL, text: string): void {
    files.set(pathOf(path), text);
  },
  statSync(path: string | URL): { isDirectory: boolean } {
    if (files.has(pathOf(path))) return { isDirectory: false };
    if (namesIn(path).length > 0) return { isDirectory: true };
    throw new NotFound(`No file ${pathOf(path)}`);
  },
  readDirSync: (path: string | URL) =>
    namesIn(path).map((name) => ({ name, isFile: !name.includes("/") })),
  /** Removes a file, or a folder with everything in it. */
  removeSync(path: string | URL): void {
    const at = pathOf(path);
    for (const name of [...files.keys()]) {
      if (name === at || name.startsWith(`${at}/`)) files.delete(name);
    }
  },
  remove(path: string | URL): Promise<void> {
    return Promise.resolve(Deno.removeSync(path));
  },
};

/**
 * Memory for counters. There is one thread, so it need not be shared. A page has
 * shared memory only if its server allows it, and none if it comes from a file.
 */
export const SharedArrayBuffer = ArrayBuffer;
