/**
 * Connects to a neighbour, by TLS if links use it.
 *
 * @module
 */
import type { Neighbour, PeersOptions } from "./peers_options.ts";
import { type Connection, TransportFailed } from "./platform.ts";
import { Deadline } from "./timing.ts";

/**
 * Connects once. The name is resolved each time, since it may have moved.
 *
 * @param stopping Aborts the attempt.
 * @returns The connection; the reason if its TLS failed, or nobody answered in
 * time; `undefined` if nobody listens.
 */
export async function connectLink(
  { name: _, ...address }: Neighbour,
  { platform: { clock, network }, limits, log, tls }: Pick<
    PeersOptions,
    "platform" | "limits" | "log" | "tls"
  >,
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
    if (late.signal.aborted && !stopping.aborted) {
      return new TransportFailed(`no connection within ${handshakeMsMax} ms`);
    }
    return error instanceof TransportFailed ? error : undefined;
  }
}

/** Whether an invalid dial was requested. */
function isMisuse(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError ||
    error instanceof Deno.errors.NotCapable;
}
