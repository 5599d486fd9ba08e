/**
 * Bundles modules that were written for Deno into one script for browsers. The
 * modules are unchanged; the names of the runtime that they use get
 * substitutes, as far as a page can have them. What needs a real machine is
 * left out: threads, processes, sockets, logs, the files of towns.
 *
 * @module
 */
import { bundle } from "../../worlds/threads/one_module.ts";

const ROOT = new URL("../../../", import.meta.url);
const BROWSER = new URL("sim/browser/", ROOT);
const MACHINE = new URL("machine/", BROWSER);

const BUILTIN = "node:";
/** Modules of the runtime that have a substitute. */
const BUILTINS: readonly string[] = ["path", "timers"];
/** Modules of the project that have a substitute. */
const INSTEAD: Readonly<Record<string, string>> = {
  "sim/live/places/towns_here.ts": "towns.ts",
  "sim/live/report/report_folder.ts": "report_folder.ts",
  "sim/live/report/report_page.ts": "report_sources.ts",
  "sim/worlds/processes/temp_folder.ts": "temp_folder.ts",
};

/** What pages never need, by prefixes of paths in the project. */
const ABSENT = [
  "sim/worlds/processes/",
  "sim/worlds/threads/",
  "sim/live/proxies/proxy_thread.ts",
  "sim/live/proxies/node_sockets.ts",
  "sim/live/places/places.ts",
  "sim/live/places/service.ts",
  "sim/live/places/towns_files.ts",
  "sim/live/herd/log_folder.ts",
  "herd/net/places/http_client.ts",
  "std/log/",
];
/** The same for packages: translated messages, of which none is shown. */
const ABSENT_OF_PACKAGES = [/\/zod\/[^/]+\/v4\/locales\/index\.js$/];

/**
 * Packages that a page needs. Their files exist only once a module of them has
 * been loaded, which this program may not have done yet.
 */
const NEEDED: readonly (() => Promise<unknown>)[] = [
  () => import("@noble/hashes/hmac.js"),
  () => import("../places/index.ts"),
];

/** The base URL of modules in a page. */
const PLACE = "herd:///";

/**
 * Bundles a module of `sim/browser/` into one script for a page or worker.
 *
 * @param entry The module's file.
 * @throws {Error} If a module can't be read, or has unsupported syntax.
 */
export async function browserModule(entry: string): Promise<string> {
  await Promise.all(NEEDED.map((load) => load()));
  const text = bundle(new URL(entry, BROWSER), {
    machine: {
      module: new URL("deno.ts", MACHINE),
      names: ["Deno", "SharedArrayBuffer"],
    },
    instead,
    address: (address) => PLACE + pathOf(address),
  });
  return `"use strict";\n(() => {\n${text}\n})();\n`;
}

function pathOf(address: string): string {
  return address.startsWith(ROOT.href)
    ? address.slice(ROOT.href.length)
    : address.slice(address.lastIndexOf("/") + 1);
}

function instead(address: string): URL | null | undefined {
  if (address.startsWith(BUILTIN)) {
    const name = address.slice(BUILTIN.length);
    return BUILTINS.includes(name) ? new URL(`${name}.ts`, MACHINE) : null;
  }
  const path = pathOf(address);
  const own = INSTEAD[path];
  if (own !== undefined) return new URL(own, MACHINE);
  if (ABSENT.some((start) => path.startsWith(start))) return null;
  if (ABSENT_OF_PACKAGES.some((it) => it.test(address))) return null;
  return address.startsWith(ROOT.href) ? undefined : ofPackage(address);
}

/** The module that a package declares for browsers. */
function ofPackage(address: string): URL | undefined {
  for (
    let folder = new URL("./", address);
    folder.pathname !== "/";
    folder = new URL("../", folder)
  ) {
    const file = new URL("package.json", folder);
    let text: string;
    try {
      text = Deno.readTextFileSync(file);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      continue;
    }
    const { browser, name } = JSON.parse(text);
    if (name === undefined) continue;
    const own = `./${address.slice(folder.href.length)}`;
    const told = typeof browser === "string" ? browser : browser?.[own];
    return typeof told === "string" ? new URL(told, folder) : undefined;
  }
  return undefined;
}
