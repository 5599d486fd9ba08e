/**
 * What a places service has found, by question.
 *
 * @module
 */
import type { Town } from "./index.ts";
import type { FindTowns } from "./nearby_search.ts";

/** Towns by question. */
export type TownsFound = Readonly<Record<string, readonly Town[]>>;

/** A question as text: `latitude longitude metres max`. */
export function questionOf(asked: Parameters<FindTowns>): string {
  return asked.join(" ");
}
