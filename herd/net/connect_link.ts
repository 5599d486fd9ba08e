/**
 * Connects to a neighbour, by TLS where links are.
 *
 * @module
 */
import type { Neighbour, PeersOptions } from "./peers_options.ts";
import { type Connection, TransportFailed } from "./platform.ts";
import { Deadline } from "./timing.ts";

/**
 * Connects once. Its name is looked up each time, for it may have moved.
 *
 * @param stopping Ends the try.
 * @returns The connection; why its TLS failed; or nothing, where nobody is there.
 */
export async function connectLink(
  { name: _, ...address }: Neighbour,
  { platform: { clock, network }, limits, log, tls }: Pick<
    PeersOptions,
    "platform" | "limits" | "log" | "tls"
  >,
  stopping: AbortSignal,
): Promise<Connection | TransportFailed | undefined> {
  // A host that drops what is sent to it would be waited for for minutes.
  using late = new Deadline(clock, limits.handshakeMsMax);
  try {
    const signal = AbortSignal.any([stopping, late.signal]);
    if (tls === undefined) return await network.connect(address, signal);
    return await network.connectTls!(address, tls, signal);
  } catch (error) {
    if (isMisuse(error)) throw error;
    log.debug("dial-failed", { ...address, error: `${error}` });
    return error instanceof TransportFailed ? error : undefined;
  }
}

/** Whether a dial was asked for what can't be. */
function isMisuse(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError ||
    error instanceof Deno.errors.NotCapable;
}
