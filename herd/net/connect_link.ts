/**
 * Connects to a neighbour, by TLS if links use it.
 *
 * @module
 */
import type { Neighbour } from "./neighbour.ts";
import type { ServerOptions } from "./server_options.ts";
import type { ServerParts } from "./server_parts.ts";
import { type Connection, isMisuse, TransportFailed } from "./platform.ts";
import { Deadline } from "./timing.ts";

/**
 * Connects once. The name is resolved each time, since it may have moved.
 *
 * @param stopping Aborts the attempt.
 * @returns The connection; the reason if there is none; `undefined` if nobody
 * listens, which is no more than a neighbour that is down.
 */
export async function connectLink(
  { name: _, ...address }: Neighbour,
  { platform: { clock, network }, limits, log, tls }:
    & Pick<ServerParts, "platform" | "limits" | "log">
    & Pick<ServerOptions, "tls">,
  stopping: AbortSignal,
): Promise<Connection | TransportFailed | undefined> {
  // A host that drops packets would keep us waiting for minutes.
  const { handshakeMsMax } = limits;
  using late = new Deadline(clock, handshakeMsMax);
  try {
    const signal = AbortSignal.any([stopping, late.signal]);
    if (tls === undefined) return await network.connect(address, signal);
    return await network.connectTls!(address, tls, signal);
  } catch (error) {
    if (isMisuse(error)) throw error;
    log.debug("dial-failed", { ...address, error: `${error}` });
    if (stopping.aborted || isNobody(error)) return undefined;
    if (error instanceof TransportFailed) return error;
    return new TransportFailed(
      late.signal.aborted
        ? `no connection within ${handshakeMsMax} ms`
        : error instanceof Error
        ? error.message
        : String(error),
    );
  }
}

function isNobody(error: unknown): boolean {
  return error instanceof Deno.errors.ConnectionRefused ||
    error instanceof Deno.errors.ConnectionReset;
}
