/**
 * Versions: a client's fix by its time and its hash, so that two servers can
 * tell who has the newer one without sending it.
 *
 * @module
 */
import { compareDecimals } from "./decimal.ts";
import { timeText } from "./fix.ts";
import { hashText } from "./hash.ts";
import type { Version } from "./link_message.ts";
import type { Store } from "./store.ts";

/**
 * How what is held of a client compares to a version: `undecided` if the times
 * are equal and the lines are not, as only the lines tell then which is newer.
 */
export type Standing = "none" | "older" | "same" | "undecided" | "newer";

/** How what is held of a version's client compares to it. */
export function standing(store: Store, version: Version): Standing {
  const client = store.findClient(version.client);
  if (client < 0) return "none";
  const order = compareDecimals(timeText(store.fix(client)), version.time);
  if (order !== 0) return order < 0 ? "older" : "newer";
  return hashText(store.hashOf(client)) === version.tie ? "same" : "undecided";
}

/** Whether a version may be missing here. */
export function mayLack(store: Store, version: Version): boolean {
  const held = standing(store, version);
  return held === "none" || held === "older" || held === "undecided";
}
