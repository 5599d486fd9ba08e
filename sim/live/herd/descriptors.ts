/**
 * The descriptors of the process, which all servers of a herd share: sockets and
 * files are counted together. Each server gets its share for clients, less what
 * links, restarts and files need, so that a crowd at one server can't keep the
 * others from working.
 *
 * @module
 */
import type { Topology } from "../../model/topology/topology.ts";

/**
 * What is taken for the limit where it can't be known: without the permission to
 * run `getconf`, or where there is none. Deno has raised the limit to the highest
 * that the system allows it, which seldom is less.
 */
const ASSUMED = 65_536;
/** The program itself: its event loop, caches, the places service, the proxies. */
const PROCESS = 60;
/**
 * A server: its thread has 7, and as many more while one is started in place of
 * another that ends; its port, its logs, some lookups of places at both ends.
 */
const EACH_SERVER = 24;
/** A link: both ends dial, and proxies listen and have two ends of their own. */
const EACH_LINK = 8;

/** How many connections of clients the servers of a herd can take. */
export interface Capacity {
  readonly descriptors: number;
  /** Connections of clients that each server takes. */
  readonly each: number;
}

/**
 * What each server can take.
 *
 * @param asked Connections of clients that each server would take.
 * @param handshakes Connections beyond those, whose first line is waited for.
 * @param descriptors What the process may have.
 */
export function capacityOf(
  { servers, links }: Pick<Topology, "servers" | "links">,
  asked: number,
  handshakes: number,
  descriptors: number,
): Capacity {
  const kept = PROCESS + servers.length * (EACH_SERVER + handshakes) +
    links.length * EACH_LINK;
  const share = Math.floor((descriptors - kept) / servers.length);
  return { descriptors, each: Math.min(asked, Math.max(1, share)) };
}

/** Clients of a server of which few herds have more. */
const MANY = 1_000;

/**
 * Whether people are told that servers take fewer clients than they would: where
 * it is few, or where more were asked for by hand.
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

/** Deno itself has no call for it; a child has the limit of its parent. */
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
