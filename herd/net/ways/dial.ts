/**
 * Connects a client to a server, by any transport.
 *
 * @module
 */
import type { Via } from "../../core/wire/via.ts";
import type { Address, Connection, Platform, TlsTrust } from "../platform.ts";
import { openDatagrams } from "./datagram_client.ts";
import { openWebSocket } from "./web_socket.ts";

/** What a client needs from the platform. */
export type DialPlatform = Pick<Platform, "clock" | "network" | "randomBytes">;

/** How a client connects. */
export interface DialOptions extends TlsTrust {
  /** The transport; plain TCP by default. */
  readonly via?: Via;
  /** Whether a WebSocket uses TLS (`wss`). */
  readonly isSecure?: boolean;
  /** Aborts the attempt, and leaves nothing open. */
  readonly signal?: AbortSignal;
}

/**
 * Connects a client.
 *
 * @throws {RangeError} If the network does not have this transport.
 * @throws {Deno.errors.ConnectionRefused} If the server does not.
 */
export async function dial(
  address: Address,
  { clock, network, ...randomness }: DialPlatform,
  { via = "tcp", isSecure = false, signal, ...trust }: DialOptions = {},
): Promise<Connection> {
  if (via === "udp") return await openDatagrams(clock, network, address);
  const isTls = via === "tls" || via === "ws" && isSecure;
  const conn = isTls
    ? await connectTls(network, address, trust, signal)
    : await network.connect(address, signal);
  if (via !== "ws") return conn;
  return await openWebSocket(conn, address, randomness, signal);
}

function connectTls(
  network: Platform["network"],
  address: Address,
  trust: TlsTrust,
  signal?: AbortSignal,
): Promise<Connection> {
  if (network.connectTls !== undefined) {
    return network.connectTls(address, trust, signal);
  }
  throw new RangeError("Cannot connect by TLS: there is none here");
}
