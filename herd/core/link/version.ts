/**
 * Versions: the time and the hash of a client's fix. With them, two servers can
 * tell who has the newer one without sending it.
 *
 * @module
 */
import { ByteBlock } from "../bytes/block.ts";
import { readInstant } from "../bytes/decimal.ts";
import { compareTimes, type FixSpan, type Timed } from "../wire/fix.ts";
import { type Hash, readHash } from "../bytes/hash.ts";
import type { Line } from "../wire/line.ts";
import { type Bad, bad } from "../wire/message.ts";
import type { Store } from "../store/store.ts";

/**
 * A line `<client> <time> <tie>` of a HAVE or IHAVE list. Its `end` is the end
 * of the time.
 */
export interface Version
  extends Timed, Pick<FixSpan, "clientStart" | "clientEnd"> {
  readonly tie: Hash;
}

export function parseVersion(line: Line): Version | Bad {
  if (line.count !== 3) return bad("field-count");
  const { block } = line;
  const end = line.fieldEnd(1);
  const instant = readInstant(block.bytes, line.fieldStart(1), end);
  if (instant === undefined) return bad("bad-time");
  const tie = readHash(block.bytes, line.fieldStart(2), line.fieldEnd(2));
  if (tie === undefined) return bad("bad-tie");
  const [clientStart, clientEnd] = [line.fieldStart(0), line.fieldEnd(0)];
  const { seconds, nanos } = instant;
  return { block, clientStart, clientEnd, end, seconds, nanos, tie };
}

/** A copy of a version, in a block of its own. */
export function ownVersion(version: Version): Version {
  const { block, clientStart, clientEnd, end } = version;
  return {
    ...version,
    block: new ByteBlock(block.bytes.slice(clientStart, end)),
    clientStart: 0,
    clientEnd: clientEnd - clientStart,
    end: end - clientStart,
  };
}

/**
 * How the fix held of a client compares to a version. `undecided`: the times
 * are equal and the lines are not, so that only the lines tell which is newer.
 */
export type HeldOrder = "none" | "older" | "same" | "undecided" | "newer";

/** The number of a version's client; -1 if it is unknown. */
export function clientOf(store: Store, version: Version): number {
  return store.find(version.block, version.clientStart, version.clientEnd);
}

/** How the fix held of a version's client, given by number, compares to it. */
export function heldOrder(
  store: Store,
  client: number,
  version: Version,
): HeldOrder {
  if (client < 0) return "none";
  const { high, low } = store.hashOf(client);
  if (high === version.tie.high && low === version.tie.low) return "same";
  const order = compareTimes(store.fix(client), version);
  if (order === 0) return "undecided";
  return order < 0 ? "older" : "newer";
}

/** Whether a version may be missing here. */
export function mayLack(store: Store, version: Version): boolean {
  const held = heldOrder(store, clientOf(store, version), version);
  return held === "none" || held === "older" || held === "undecided";
}
