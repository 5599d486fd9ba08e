/**
 * The towns as this thread finds them, for a world whose time stands still
 * meanwhile.
 *
 * @module
 */
import type { Town } from "./index.ts";
import type { FindTowns } from "./nearby_search.ts";
import { townsFiles } from "./towns_files.ts";

/** What was found, by what was asked: `latitude longitude metres max`. */
export type TownsFound = Readonly<Record<string, readonly Town[]>>;

/** Questions whose answers are kept. */
const KEPT_MAX = 1_000;

/** The index, made when it is first asked for, and once in a process. */
let index: Promise<FindTowns> | undefined;
const kept = new Map<string, Promise<Town[]>>();

async function makeIndex(): Promise<FindTowns> {
  const { TownIndex } = await import("./index.ts");
  const towns = new TownIndex(await townsFiles());
  return (...asked) => Promise.resolve(towns.around(...asked));
}

/** Finds towns; many ask for the same ones, so what was found is kept. */
export const findTownsHere: FindTowns = async (...asked) => {
  const question = asked.join(" ");
  const known = kept.get(question);
  if (known !== undefined) return await known;
  const found = (index ??= makeIndex()).then((find) => find(...asked));
  if (kept.size === KEPT_MAX) kept.clear();
  kept.set(question, found);
  return await found;
};

/** What this thread was asked of late, and found. */
export async function townsFound(): Promise<TownsFound> {
  const all = [...kept].map(async ([question, found]) =>
    [question, await found] as const
  );
  return Object.fromEntries(await Promise.all(all));
}
