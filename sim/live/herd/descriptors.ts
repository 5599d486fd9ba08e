/**
 * File descriptors. All servers of a herd share those of the process: sockets
 * and files count together. Each server gets a share for clients, after what
 * links, restarts and files need, so that many clients at one server can't stop
 * the others.
 *
 * @module
 */
import type { Topology } from "../../model/topology/topology.ts";

/**
 * The limit that is assumed if it can't be read: without the permission to run
 * `getconf`, or where there is none. Deno raises the limit to the system's
 * maximum, which is seldom lower.
 */
const ASSUMED = 65_536;
/** The program itself: event loop, caches, places service, proxies. */
const PROCESS = 60;
/**
 * A server: its thread has 7, and twice that while one replaces another that
 * ends; its port, its logs, and lookups of places at both ends.
 */
const EACH_SERVER = 24;
/**
 * A link: both ends dial, and proxies listen and have two ends of their own.
 */
const EACH_LINK = 8;

/**
 * How many connections each server can take.
 *
 * @param asked How many each should take.
 * @param handshakes Further connections, whose first line is awaited.
 * @param descriptors The limit of the process.
 */
export function capacityOf(
  { servers, links }: Pick<Topology, "servers" | "links">,
  asked: number,
  handshakes: number,
  descriptors: number,
): number {
  const kept = PROCESS + servers.length * (EACH_SERVER + handshakes) +
    links.length * EACH_LINK;
  const share = Math.floor((descriptors - kept) / servers.length);
  return Math.min(asked, Math.max(1, share));
}

/** Few herds have more clients at a server. */
const MANY = 1_000;

/**
 * Whether to tell the user that servers take fewer clients: if the number is
 * low, or lower than the user asked for.
 */
export function isCapTold(
  each: number,
  asked: number,
  isByHand: boolean,
): boolean {
  return each < asked && (isByHand || each < MANY);
}

let known: number | undefined;

export function descriptorsMax(): number {
  return known ??= readLimit() ?? ASSUMED;
}

/** Deno has no call for it; a child process has the limit of its parent. */
function readLimit(): number | undefined {
  const permission = { name: "run", command: "getconf" } as const;
  if (Deno.permissions.querySync(permission).state !== "granted") {
    return undefined;
  }
  try {
    const { success, stdout } = new Deno.Command("getconf", {
      args: ["OPEN_MAX"],
      stderr: "null",
    }).outputSync();
    const text = new TextDecoder().decode(stdout).trim();
    if (!success) return undefined;
    return /^\d+$/.test(text) ? Number(text) : Infinity;
  } catch {
    return undefined;
  }
}
