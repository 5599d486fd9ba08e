/**
 * The towns that a page knows: those found in a run that it repeats, or some of
 * the world's.
 *
 * @module
 */
import { type Town, TownIndex } from "../../live/places/index.ts";
import type { FindTowns } from "../../live/places/nearby_search.ts";
import type { TownsFiles } from "../../live/places/towns_files.ts";
import type { TownsFound } from "../../live/places/towns_here.ts";

let found: TownsFound = {};
let index: Promise<TownIndex> | undefined;
let read: (() => Promise<TownsFiles>) | undefined;

/** Sets the results of a run that is repeated. */
export function putTowns(all: TownsFound): void {
  found = all;
}

/** Sets how the towns' files are read, on the first search. */
export function putTownsFiles(reading: () => Promise<TownsFiles>): void {
  read = reading;
  index = undefined;
}

/** Finds towns, first among the results that were set. */
export const findTownsHere: FindTowns = async (...asked): Promise<Town[]> => {
  const known = found[asked.join(" ")];
  if (known !== undefined) return [...known];
  if (read === undefined) return [];
  index ??= read().then((files) => new TownIndex(files));
  return (await index).around(...asked);
};

/** The results that were set. */
export function townsFound(): Promise<TownsFound> {
  return Promise.resolve(found);
}
