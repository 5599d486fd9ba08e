/**
 * Finds the towns of the world by their position.
 *
 * The data is that of GeoNames (CC BY 4.0): every town of more than 1,000
 * people and the seats of administrative divisions. It contains no populations,
 * so *prominence* is approximated: a town with the name of its state or
 * province comes first, then one with the name of its county or district, then
 * all others; among equals the nearest comes first.
 *
 * Building the index reads 20 MB, so it is done in a worker.
 *
 * @module
 */
import { around } from "geokdbush";
import KDBush from "kdbush";
import type { TownsFiles } from "./towns_files.ts";

export interface Town {
  /** In its own country's Latin spelling. */
  readonly name: string;
  /** Degrees north. */
  readonly latitude: number;
  /** Degrees east. */
  readonly longitude: number;
  /** The country's two letters, by ISO 3166-1. */
  readonly country: string;
  /**
   * The names of its divisions, the smaller first, as far as they are known.
   */
  readonly divisions: readonly string[];
  /** Unique, and the same in every run. */
  readonly id: string;
}

/** A town in the data. */
export interface TownEntry {
  readonly name: string;
  /** Degrees north, as decimal text. */
  readonly lat: string;
  /** Degrees east, as decimal text. */
  readonly lng: string;
  /** The country's two letters. */
  readonly country: string;
  /** The code of its first division, a state or a province. */
  readonly admin1: string;
  /** The code of its second division, a county or a district. */
  readonly admin2: string;
}

const METRES_PER_KM = 1_000;
/**
 * The start of an entry, and the texts before its degrees. Within a name,
 * quotation marks would be escaped.
 */
const ENTRY = new TextEncoder().encode('{"name":"');
const LATITUDE = new TextEncoder().encode('"lat":"');
const LONGITUDE = new TextEncoder().encode('"lng":"');
const [MINUS, POINT, QUOTE, CLOSE] = new TextEncoder().encode('-."}');

export class TownIndex {
  readonly #cities: Uint8Array;
  readonly #begins: number[] = [];
  readonly #index: KDBush;
  readonly #divisions: readonly string[];
  /** The names of divisions found so far, by their codes. */
  readonly #divisionNames = new Map<string, string | undefined>();

  /** Scans all towns, and parses only their degrees. */
  constructor({ cities, divisions }: TownsFiles) {
    this.#cities = cities;
    const degrees: number[] = [];
    for (let at = 0;;) {
      const begin = this.#find(ENTRY, at);
      if (begin < 0) break;
      const latitude = this.#find(LATITUDE, begin) + LATITUDE.length;
      at = this.#find(LONGITUDE, latitude) + LONGITUDE.length;
      this.#begins.push(begin);
      degrees.push(decimalAt(cities, at), decimalAt(cities, latitude));
    }
    this.#index = new KDBush(this.#begins.length);
    for (let at = 0; at < degrees.length; at += 2) {
      this.#index.add(degrees[at]!, degrees[at + 1]!);
    }
    this.#index.finish();
    this.#divisions = divisions.map(textOf);
  }

  get size(): number {
    return this.#begins.length;
  }

  /**
   * The towns within `radiusMetres` of a point, the most prominent first, up to
   * `max` of them.
   *
   * @param latitude Degrees north, -90 to 90.
   * @param longitude Degrees east, -180 to 180.
   */
  around(
    latitude: number,
    longitude: number,
    radiusMetres: number,
    max: number,
  ): Town[] {
    const km = radiusMetres / METRES_PER_KM;
    const ranked = around(this.#index, longitude, latitude, Infinity, km)
      .map((at) => this.#entry(at))
      .map((entry) => ({ entry, rank: this.#rankOf(entry) }));
    // Sorting is stable: equal ranks stay in the order of distance.
    return ranked.sort((a, b) => a.rank - b.rank)
      .slice(0, max)
      .map(({ entry }) => this.#townOf(entry));
  }

  #entry(at: number): TownEntry {
    const begin = this.#begins[at]!;
    const next = this.#begins[at + 1] ?? this.#cities.length;
    const end = this.#cities.lastIndexOf(CLOSE!, next - 1) + 1;
    return JSON.parse(textOf(this.#cities.subarray(begin, end)));
  }

  /** 0 for the most prominent. */
  #rankOf(entry: TownEntry): number {
    const [county, state] = this.#divisionsOf(entry);
    if (state && bears(entry.name, state)) return 0;
    return county && bears(entry.name, county) ? 1 : 2;
  }

  /** The names of the second and the first division of an entry. */
  #divisionsOf(
    entry: TownEntry,
  ): [county: string | undefined, state: string | undefined] {
    const state = `${entry.country}.${entry.admin1}`;
    const county = `${state}.${entry.admin2}`;
    return [this.#divisionName(county), this.#divisionName(state)];
  }

  #divisionName(code: string): string | undefined {
    if (!this.#divisionNames.has(code)) {
      this.#divisionNames.set(code, nameOf(code, this.#divisions));
    }
    return this.#divisionNames.get(code);
  }

  #townOf(entry: TownEntry): Town {
    const { name, lat, lng, country } = entry;
    return {
      name,
      latitude: Number(lat),
      longitude: Number(lng),
      country,
      divisions: this.#divisionsOf(entry)
        .filter((division) => division !== undefined),
      id: idOf(`${country} ${name} ${lat} ${lng}`),
    };
  }

  /** The index of the next occurrence, or -1. */
  #find(wanted: Uint8Array, from: number): number {
    const bytes = this.#cities;
    const [first, second] = wanted;
    for (let at = from; at < bytes.length; at++) {
      if (bytes[at] !== first || bytes[at + 1] !== second) continue;
      let same = 2;
      while (same < wanted.length && bytes[at + same] === wanted[same]) same++;
      if (same === wanted.length) return at;
    }
    return -1;
  }
}

/**
 * Parses a decimal. The result is the same as that of `Number`, because both
 * operands of the division are exact.
 */
function decimalAt(bytes: Uint8Array, from: number): number {
  const isNegative = bytes[from] === MINUS;
  let digits = 0;
  let scale = 0;
  for (let at = isNegative ? from + 1 : from; bytes[at] !== QUOTE; at++) {
    if (bytes[at] === POINT) scale = 1;
    else {
      digits = digits * 10 + bytes[at]! - 48;
      scale *= 10;
    }
  }
  const value = digits / (scale || 1);
  return isNegative ? -value : value;
}

/**
 * The name of a division. One search takes a millisecond; parsing all takes a
 * hundred.
 */
function nameOf(
  code: string,
  divisions: readonly string[],
): string | undefined {
  for (const text of divisions) {
    const at = text.indexOf(`{"code":"${code}",`);
    if (at < 0) continue;
    const { name }: Pick<TownEntry, "name"> = JSON.parse(
      text.slice(at, text.indexOf("}", at) + 1),
    );
    return name;
  }
}

function textOf(bytes: Uint8Array): string {
  // Shared memory can't be decoded in place.
  return new TextDecoder().decode(bytes.slice());
}

/** Whether a town is named like its division: San Diego in San Diego County. */
function bears(town: string, division: string): boolean {
  return division === town || division.startsWith(`${town} `) ||
    division.endsWith(` ${town}`);
}

/** Encodes a text in letters, digits, `-` and `_`. */
function idOf(text: string): string {
  return new TextEncoder().encode(text)
    .toBase64({ alphabet: "base64url", omitPadding: true });
}
