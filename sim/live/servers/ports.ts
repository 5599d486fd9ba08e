/**
 * What listens for a herd, and whether a port is in use.
 *
 * @module
 */
import type { Address, Platform } from "../../../herd/net/platform.ts";
import { Deadline, delay } from "../../../herd/net/timing.ts";
import type { ServerStart } from "../../worlds/world.ts";

/** The longest pause between two checks of a port, in milliseconds. */
const LOOK_MS_MAX = 32;

/** Something that listens. */
export interface Listening extends Address {
  readonly name: string;
}

/**
 * Everything that listens for these servers and can be reached: they, and the
 * proxies on their links, unless those listen on other machines' loopback.
 */
export function listeningOf(
  servers: readonly ServerStart[],
  hasProxiesHere = true,
): Listening[] {
  const own = servers.map(({ name, hostname, port }) => ({
    name,
    hostname,
    port,
  }));
  if (!hasProxiesHere) return own;
  const ports = new Set(own.map(({ port }) => port));
  const proxies = servers.flatMap(({ name: from, neighbours }) =>
    neighbours.filter(({ port }) => !ports.has(port))
      .map(({ name: to, hostname, port }) => ({
        name: `the proxy from ${from} to ${to}`,
        hostname,
        port,
      }))
  );
  return [...own, ...proxies];
}

/** A server's port is taken by another program. */
export class PortInUse extends Error {
  /** `PortInUse`. */
  override readonly name = "PortInUse";

  /** The message names the server and the port. */
  constructor(
    /** The name of the server. */
    readonly server: string,
    /** The address on which it was to listen. */
    readonly hostname: string,
    /** The port that is taken. */
    readonly port: number,
  ) {
    super(`Cannot start ${server}: port ${port} on ${hostname} is in use`);
  }
}

/**
 * A server, of the herd or of its hub, has ended, does not listen, or lacks
 * what it needs.
 */
export class NotStarted extends Error {
  override readonly name = "NotStarted";
}

/**
 * Whether something listens on the port. It dials instead of binding, so that
 * it never takes the port itself. A dial without an answer within `waitMs`
 * counts as yes, because a full backlog looks like that.
 */
export async function isListening(
  { clock, network }: Pick<Platform, "clock" | "network">,
  address: Address,
  waitMs = 200,
): Promise<boolean> {
  using patience = new Deadline(clock, waitMs);
  try {
    (await network.connect(address, patience.signal)).close();
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.ConnectionRefused ||
      error instanceof Deno.errors.ConnectionReset);
  }
}

/** Waits until nothing listens on the port; false if that takes too long. */
export async function untilReleased(
  platform: Pick<Platform, "clock" | "network">,
  address: Address,
  deadlineMs: number,
): Promise<boolean> {
  const { clock } = platform;
  const endMs = clock.nowMs() + deadlineMs;
  for (let pauseMs = 1; await isListening(platform, address); pauseMs *= 2) {
    if (clock.nowMs() >= endMs) return false;
    await delay(clock, Math.min(pauseMs, LOOK_MS_MAX));
  }
  return true;
}
