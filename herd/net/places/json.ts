/**
 * A JSON reader that works in slices, and keeps a number's digits.
 *
 * `JSON.parse` reads a body of several megabytes in one go, during which a
 * server answers nobody.
 *
 * @module
 */
import type { Slices } from "../slices.ts";

/** A number as it is written: a double would lose digits. */
export class Digits {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A JSON value. Its numbers are doubles, or digits. */
export type Json =
  | null
  | boolean
  | number
  | string
  | Digits
  | readonly Json[]
  | JsonMembers
  | JsonObject;

/**
 * An object that was read. Iterating over a plain object first lists all its
 * keys, however many.
 */
export type JsonMembers = ReadonlyMap<string, Json>;

export interface JsonObject {
  readonly [key: string]: Json;
}

/** Why a text could not be read. */
export type BadJson = "not-json" | "too-deep";

export type ReadJson =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly why: BadJson };

/** Number of values, quotation marks or characters in a slice. */
export const SLICE_VALUES = 1_000;
export const SLICE_CHARS = 65_536;

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** Anything between the characters that decide where an array ends. */
const BETWEEN = /[^"[\]{}]{1,65536}/y;
const CLOSE: Readonly<Record<string, string>> = { "[": "]", "{": "}" };
const WORDS: readonly [string, Json][] = [
  ["null", null],
  ["true", true],
  ["false", false],
];

/** An array or an object that has not ended yet. */
type Open =
  | { readonly close: "]"; readonly value: Json[] }
  | { readonly close: "}"; readonly value: Map<string, Json>; key: string };

/**
 * The top-level member of which only some items are needed, if it is an array.
 */
export interface Wanted {
  readonly key: string;
  /** Items to read; the rest is skipped. */
  readonly items: number;
}

/** The text is not JSON. Never leaves this module. */
class NotJson extends Error {}

/**
 * Reads a text. Never throws: errors are in the result.
 *
 * @param levelsMax Maximum nesting of arrays and objects.
 * @param wanted The member of which not all items are needed; without it,
 * everything is read.
 */
export function* readJson(
  text: string,
  levelsMax: number,
  wanted?: Wanted,
): Slices<ReadJson> {
  const reader = new JsonReader(text, levelsMax, wanted);
  try {
    let from = 0;
    for (let values = 1; !reader.isDone; values++) {
      yield* reader.step();
      if (reader.isTooDeep) return { ok: false, why: "too-deep" };
      if (values % SLICE_VALUES && reader.at - from < SLICE_CHARS) continue;
      from = reader.at;
      yield;
    }
    return { ok: true, value: reader.value };
  } catch (error) {
    if (error instanceof NotJson) return { ok: false, why: "not-json" };
    throw error;
  }
}

class JsonReader {
  readonly #text: string;
  readonly #levelsMax: number;
  readonly #wanted: Wanted | undefined;
  readonly #open: Open[] = [];
  /** Offset up to which it has read. */
  at = 0;
  /** The value that was read last; in the end, the whole. */
  value: Json = null;
  isDone = false;
  isTooDeep = false;

  constructor(text: string, levelsMax: number, wanted?: Wanted) {
    this.#text = text;
    this.#levelsMax = levelsMax;
    this.#wanted = wanted;
    this.#skipSpace();
  }

  /** Reads a plain value, or the beginning of an array or an object. */
  *step(): Slices<void> {
    const first = this.#text[this.at];
    if (first === "[" || first === "{") {
      this.at++;
      this.#skipSpace();
      const next = first === "["
        ? { close: "]" as const, value: [] }
        : { close: "}" as const, value: new Map<string, Json>(), key: "" };
      this.#open.push(next);
      if (this.#open.length > this.#levelsMax) this.isTooDeep = true;
      if (this.#take(next.close)) this.#close();
      else return yield* this.#begin(next);
    } else {
      this.value = first === '"' ? yield* this.#string() : this.#plain();
    }
    yield* this.#follow();
  }

  /** A member's value is preceded by its key. */
  *#begin(open: Open): Slices<void> {
    if (open.close === "]") return;
    if (this.#text[this.at] !== '"') throw new NotJson();
    open.key = yield* this.#string();
    this.#skipSpace();
    if (!this.#take(":")) throw new NotJson();
    this.#skipSpace();
  }

  /**
   * Stores a complete value in its parent, and closes whatever ends after it.
   */
  *#follow(): Slices<void> {
    for (;;) {
      this.#skipSpace();
      const open = this.#open.at(-1);
      if (open === undefined) {
        if (this.at < this.#text.length) throw new NotJson();
        this.isDone = true;
        return;
      }
      if (open.close === "]") open.value.push(this.value);
      else open.value.set(open.key, this.value);
      if (this.#take(",")) {
        if (!this.#isEnough(open)) {
          this.#skipSpace();
          return yield* this.#begin(open);
        }
        yield* this.#passOver();
        if (this.isTooDeep) return;
      }
      if (!this.#take(open.close)) throw new NotJson();
      this.#close();
    }
  }

  /** Whether this is the wanted member, and has enough items. */
  #isEnough({ value }: Open): boolean {
    const [root] = this.#open;
    return this.#wanted !== undefined && this.#open.length === 2 &&
      root?.close === "}" && root.key === this.#wanted.key &&
      Array.isArray(value) && value.length >= this.#wanted.items;
  }

  /** Skips to the end of the innermost array without reading its values. */
  *#passOver(): Slices<void> {
    const ends: string[] = [];
    let from = this.at;
    for (let signs = 1;; signs++) {
      BETWEEN.lastIndex = this.at;
      if (BETWEEN.test(this.#text)) this.at = BETWEEN.lastIndex;
      const sign = this.#text[this.at];
      if (sign === undefined) throw new NotJson();
      if (sign === '"') this.at = (yield* this.#stringEnd()) + 1;
      else if (sign in CLOSE) {
        ends.push(CLOSE[sign]!);
        this.isTooDeep = this.#open.length + ends.length > this.#levelsMax;
        if (this.isTooDeep) return;
        this.at++;
      } else if (sign === "]" || sign === "}") {
        if (ends.length === 0) return;
        if (ends.pop() !== sign) throw new NotJson();
        this.at++;
      }
      if (signs % SLICE_VALUES && this.at - from < SLICE_CHARS) continue;
      from = this.at;
      yield;
    }
  }

  #close(): void {
    this.value = this.#open.pop()!.value;
  }

  #take(sign: string): boolean {
    if (this.#text[this.at] !== sign) return false;
    this.at++;
    return true;
  }

  #skipSpace(): void {
    SPACE.lastIndex = this.at;
    SPACE.test(this.#text);
    this.at = SPACE.lastIndex;
  }

  /** Where the string that begins here ends: at its closing quotation mark. */
  *#stringEnd(): Slices<number> {
    let end = this.at;
    for (let quotes = 1;; quotes++) {
      end = this.#text.indexOf('"', end + 1);
      if (end < 0) throw new NotJson();
      if (!isEscaped(this.#text, end)) return end;
      if (quotes % SLICE_VALUES === 0) yield;
    }
  }

  *#string(): Slices<string> {
    const from = this.at;
    const end = yield* this.#stringEnd();
    this.at = end + 1;
    try {
      return JSON.parse(this.#text.slice(from, end + 1));
    } catch {
      throw new NotJson();
    }
  }

  #plain(): Json {
    for (const [word, value] of WORDS) {
      if (!this.#text.startsWith(word, this.at)) continue;
      this.at += word.length;
      return value;
    }
    NUMBER.lastIndex = this.at;
    const digits = NUMBER.exec(this.#text)?.[0];
    if (digits === undefined) throw new NotJson();
    this.at += digits.length;
    return new Digits(digits);
  }
}

/**
 * Whether an odd number of backslashes precedes a character of JSON, so that it
 * is part of an escape.
 */
export function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text[first - 1] === "\\") first--;
  return (at - first) % 2 === 1;
}

export function isObject(value: Json): value is JsonMembers {
  return value instanceof Map;
}
