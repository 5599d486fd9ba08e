/**
 * The towns that a page knows: those found in a run that it repeats, or some of
 * the world's.
 *
 * @module
 */
import { type Town, TownIndex } from "../../live/places/index.ts";
import type { FindTowns } from "../../live/places/nearby_search.ts";
import type { TownsFiles } from "../../live/places/towns_files.ts";
import { questionOf, type TownsFound } from "../../live/places/towns_found.ts";

let found: TownsFound = {};
let unknown = 0;
let index: Promise<TownIndex> | undefined;
let read: (() => Promise<TownsFiles>) | undefined;

/** Sets the results of a run that is repeated. */
export function putTowns(all: TownsFound): void {
  found = all;
  unknown = 0;
}

/** Sets how the towns' files are read, on the first search. */
export function putTownsFiles(reading: () => Promise<TownsFiles>): void {
  read = reading;
  index = undefined;
}

/** Finds towns, first among the results that were set. */
export const findTownsHere: FindTowns = async (...asked): Promise<Town[]> => {
  const known = found[questionOf(asked)];
  if (known !== undefined) return [...known];
  if (read === undefined) {
    unknown++;
    return [];
  }
  index ??= read().then((files) => new TownIndex(files));
  return (await index).around(...asked);
};

/** How many searches since then had no such result, and so found nothing. */
export function unknownTowns(): number {
  return unknown;
}
