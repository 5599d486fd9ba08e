/**
 * Finds towns in this thread, for a world whose time stands still meanwhile.
 *
 * @module
 */
import type { Town } from "./index.ts";
import type { FindTowns } from "./nearby_search.ts";
import { questionOf } from "./towns_found.ts";
import { townsFiles } from "./towns_files.ts";

/** How many results are kept, of all herds. */
const KEPT_MAX = 1_000;

/** Built on first use, once in a process. */
let index: Promise<FindTowns> | undefined;
const kept = new Map<string, Promise<Town[]>>();

async function makeIndex(): Promise<FindTowns> {
  const { TownIndex } = await import("./index.ts");
  const towns = new TownIndex(await townsFiles());
  return (...asked) => Promise.resolve(towns.around(...asked));
}

/** Finds towns. Many questions are the same, so results are kept. */
export const findTownsHere: FindTowns = async (...asked) => {
  const question = questionOf(asked);
  const known = kept.get(question);
  if (known !== undefined) return await known;
  const found = (index ??= makeIndex()).then((find) => find(...asked));
  if (kept.size === KEPT_MAX) kept.clear();
  kept.set(question, found);
  return await found;
};
