/**
 * Connects clients to servers, in any world.
 *
 * @module
 */
import type { Via } from "../../../herd/core/wire/via.ts";
import { Client } from "../../../herd/net/client.ts";
import type { Address } from "../../../herd/net/platform.ts";
import type { DialOptions } from "../../../herd/net/ways/dial.ts";
import { stateText } from "../../model/lifecycle.ts";
import type { ServerStart } from "../../worlds/world.ts";
import type { Supervisor } from "./supervisor.ts";

/** Where a client dials, and how. */
export interface Door {
  /** The port is that of the way in. */
  readonly address: Address;
  /** The transport and its options. */
  readonly options: DialOptions;
}

/**
 * The way in to a server.
 *
 * @throws {RangeError} If it was started without this way in.
 */
export function doorOf(
  { name, hostname, port, ways = {} }: ServerStart,
  via: Via = "tcp",
): Door {
  if (via === "tcp") return { address: { hostname, port }, options: {} };
  const way = ways[via];
  if (way === undefined) {
    throw new RangeError(
      `Cannot connect to ${name} by ${via}: it has no way in`,
    );
  }
  const trust = "cert" in way ? { ca: [way.cert] } : {};
  return { address: { hostname, port: way.port }, options: { via, ...trust } };
}

/**
 * Connects a new client to a server.
 *
 * @param onReply Called for each reply, with the milliseconds it took.
 * @param signal Ends the attempt.
 * @throws {Deno.errors.ConnectionRefused} If the server does not listen.
 * @throws {RangeError} If it has no such way in.
 */
export async function connectClient(
  supervisor: Supervisor,
  server: string,
  onReply: (tookMs: number) => void,
  via?: Via,
  signal?: AbortSignal,
): Promise<Client> {
  const { platform, world } = supervisor;
  const { state, start } = supervisor.child(server);
  const { address, options } = doorOf(start, via);
  const { connect } = world;
  const network = connect === undefined ? platform.network : {
    ...platform.network,
    connect: (address: Address) => connect.call(world, address, platform),
  };
  try {
    return await Client.connect(
      address,
      { ...platform, network },
      onReply,
      { ...options, ...signal && { signal } },
    );
  } catch (cause) {
    if (!(cause instanceof Deno.errors.ConnectionRefused)) throw cause;
    const message = `Cannot connect to ${server}: it ${stateText(state)}`;
    throw new Deno.errors.ConnectionRefused(message, { cause });
  }
}
