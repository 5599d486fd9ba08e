/**
 * The towns that were put into a page: what was found in a run that it is to
 * repeat, or a few of the world's.
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

/** Puts in what was found. */
export function putTowns(all: TownsFound): void {
  found = all;
}

/** Puts in how towns are to be had, once somebody asks for any. */
export function putTownsFiles(reading: () => Promise<TownsFiles>): void {
  read = reading;
  index = undefined;
}

/** Finds towns among those that were put in. */
export const findTownsHere: FindTowns = async (...asked): Promise<Town[]> => {
  const known = found[asked.join(" ")];
  if (known !== undefined) return [...known];
  if (read === undefined) return [];
  index ??= read().then((files) => new TownIndex(files));
  return (await index).around(...asked);
};

/** What was found. */
export function townsFound(): Promise<TownsFound> {
  return Promise.resolve(found);
}
