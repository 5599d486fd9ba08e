/**
 * Answers of a places service that no one should read to their end.
 *
 * @module
 */

/** Far more results than anybody can ask for. */
const RESULTS = 2_000;
/** Characters of the first ones' addresses: a few of them fill a datagram. */
const ADDRESS_CHARS = 6_000;
/** Of so many results the address is long. */
const LONG_RESULTS = 20;
const LEVELS = 20_000;
const LARGE_BYTES = 5_000_000;

const LOCATION = { lat: 34.068930, lng: -118.445127 };

function result(at: number): object {
  const vicinity = at < LONG_RESULTS ? "a".repeat(ADDRESS_CHARS) : "";
  const [open, rating, geometry] = [true, null, { location: LOCATION }];
  const types = ["café", 'a "place"\n'];
  return { name: `Place ${at}`, geometry, open, rating, types, vicinity };
}

function around(results: string): string {
  return `{"html_attributions": [], "results": [${results}], "status": "OK"}`;
}

/** Thousands of results, of which the first ones are long. */
export function manyResults(): string {
  const results = Array.from({ length: RESULTS }, (_, at) => result(at));
  return around(results.map((it) => JSON.stringify(it)).join(", "));
}

/** Arrays in arrays without end, after the results. */
export function deepJson(): string {
  const few = Array.from({ length: 2 * LONG_RESULTS }, (_, at) => `${at}`);
  return around(`${few.join(", ")}, ${"[".repeat(LEVELS)}`);
}

/** More bytes than any answer has. */
export function largeBody(): string {
  return around(" ".repeat(LARGE_BYTES));
}
