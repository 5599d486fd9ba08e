/**
 * Whether there is room for what a client sends.
 *
 * @module
 */
import type { ByteString } from "./bytes.ts";
import type { NodeLimits } from "./node_options.ts";
import type { Store } from "./store.ts";
import type { Iamat } from "./update.ts";

/**
 * The limit for which a client's line may not be kept; `undefined` if it may.
 * What neighbours send always is, or servers would disagree for good; and who is
 * known goes on.
 */
export function limitMet(
  { block, clientStart, clientEnd }: Iamat,
  store: Store,
  { clientBytesMax, clientsMax, recordBytesMax }: NodeLimits,
): ByteString | undefined {
  if (clientEnd - clientStart > clientBytesMax) return "client-too-long";
  const isFull = store.count >= clientsMax || store.bytes >= recordBytesMax;
  if (!isFull || store.find(block, clientStart, clientEnd) >= 0) {
    return undefined;
  }
  return store.count >= clientsMax ? "clients-full" : "records-full";
}
