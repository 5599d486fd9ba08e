/**
 * Prints JSON as Google's web services do, in slices.
 *
 * @module
 */
import type { Slices } from "../slices.ts";
import {
  Digits,
  isObject,
  type Json,
  type JsonMembers,
  type JsonObject,
  SLICE_CHARS,
  SLICE_VALUES,
} from "./json.ts";

const INDENT = "   ";
/** Length from which on a list of plain values is broken into lines. */
const LINE_MAX = 74;

/**
 * Prints JSON as Google's web services do: three spaces a level, a space on
 * both sides of the colon, lists of plain values on one line if they fit.
 */
export function* googleJson(value: Json): Slices<string> {
  return (yield* googlePieces(value)).join("");
}

/**
 * The same in pieces of up to about ten thousand characters, except for longer
 * strings: joining several megabytes takes long.
 *
 * @param indent The indentation of the value's own lines.
 */
export function* googlePieces(value: Json, indent = ""): Slices<string[]> {
  if (!isComposite(value)) return [plainText(value)];
  const isArray = Array.isArray(value);
  const [open, close] = isArray ? "[]" : "{}";
  const inner = indent + INDENT;
  const list = new Pieces(`,\n${inner}`);
  let isPlain = isArray;
  for (const [key, part] of membersOf(value)) {
    if (hasContent(part)) isPlain = false;
    const name = key === undefined ? "" : `${JSON.stringify(key)} : `;
    if (isComposite(part)) list.add(name, yield* googlePieces(part, inner));
    else list.add(name, [plainText(part)]);
    if (list.endPiece()) yield;
  }
  if (list.isEmpty) return [`${open}${close}`];
  const line = isPlain ? list.line : undefined;
  return line ?? list.within(`${open}\n${inner}`, `\n${indent}${close}`);
}

/** The members of a list as they are printed, in pieces. */
class Pieces {
  readonly #separator: string;
  readonly #pieces: string[] = [];
  /** Members of the unfinished piece. */
  readonly #members: string[] = [];
  #chars = 0;

  constructor(separator: string) {
    this.#separator = separator;
  }

  get isEmpty(): boolean {
    return this.#pieces.length + this.#members.length === 0;
  }

  /** All members on one line, if they fit. */
  get line(): string[] | undefined {
    if (this.#pieces.length > 0) return undefined;
    const line = `[ ${this.#members.join(", ")} ]`;
    return line.length < LINE_MAX ? [line] : undefined;
  }

  add(name: string, [first = "", ...others]: readonly string[]): void {
    const begin = name + first;
    this.#members.push(begin);
    this.#chars += begin.length;
    if (others.length === 0) return;
    this.#end();
    this.#pieces.push(...others);
  }

  /** Ends the piece if it is long enough; returns whether it was. */
  endPiece(): boolean {
    const isLong = this.#members.length >= SLICE_VALUES ||
      this.#chars >= SLICE_CHARS;
    if (isLong) this.#end();
    return isLong;
  }

  #end(): void {
    if (this.#members.length === 0) return;
    const separator = this.#pieces.length > 0 ? this.#separator : "";
    this.#pieces.push(
      separator + this.#members.splice(0).join(this.#separator),
    );
    this.#chars = 0;
  }

  within(before: string, after: string): string[] {
    this.#end();
    const [first = "", ...others] = this.#pieces;
    return others.length === 0
      ? [before + first + after]
      : [before + first, ...others, after];
  }
}

function plainText(value: Json): string {
  return value instanceof Digits ? value.text : JSON.stringify(value);
}

function isComposite(
  value: Json,
): value is readonly Json[] | JsonMembers | JsonObject {
  return typeof value === "object" && value !== null &&
    !(value instanceof Digits);
}

function hasContent(value: Json): boolean {
  if (!isComposite(value)) return false;
  for (const _ of membersOf(value)) return true;
  return false;
}

/** The parts of an array, or those of an object with their keys. */
function* membersOf(
  value: readonly Json[] | JsonMembers | JsonObject,
): Iterable<readonly [key: string | undefined, part: Json]> {
  if (isObject(value)) yield* value;
  else if (isArray(value)) {
    for (const part of value) {
      yield [undefined, part];
    }
  } else yield* Object.entries(value);
}

function isArray(
  value: readonly Json[] | JsonMembers | JsonObject,
): value is readonly Json[] {
  return Array.isArray(value);
}
