/**
 * The limits of servers as users write them, in files and on the command line:
 * `line_bytes_max: 64KiB`, `query_max: 2s`, `clients_max: 1000`.
 *
 * @module
 */
import {
  isLimit,
  LIMIT_KEYS,
  LIMITS,
  type Limits,
  type LimitUnit,
} from "../../../herd/core/limits.ts";
import { DURATION_PATTERN, parseOffsetMs } from "../duration.ts";
import { hintFor } from "../suggest.ts";
import { BYTES_PATTERN, bytesText, parseBytes } from "./size.ts";

/** Turns a limit off, if that is allowed. */
const OFF = "off";

export type WrittenLimits = Readonly<Record<string, string>>;

export type ReadLimit =
  | { readonly limit: Partial<Limits> }
  | {
    /** Whether the name is wrong, or the value. */
    readonly part: "key" | "value";
    readonly message: string;
    readonly hint?: string;
  };

/**
 * The name of a limit in files: as in the code, in the files' spelling. Times
 * are written with their unit, so their names have none.
 */
export function limitName(key: keyof Limits): string {
  return key.replace("MsMax", "Max")
    .replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const KEYS: ReadonlyMap<string, keyof Limits> = new Map(
  LIMIT_KEYS.map((key) => [limitName(key), key]),
);

export const LIMIT_NAMES: readonly string[] = [...KEYS.keys()];

/** The limit with this name; `undefined` if there is none. */
export function limitKey(name: string): keyof Limits | undefined {
  return KEYS.get(name);
}

const READERS: Readonly<
  Record<LimitUnit, (text: string) => number | undefined>
> = {
  bytes: parseBytes,
  ms: (text) => /^\d/.test(text) ? parseOffsetMs(text) : undefined,
  number: (text) => /^\d{1,15}$/.test(text) ? Number(text) : undefined,
};

/** Parses the value of a limit; `undefined` if it is invalid. */
export function limitValue(
  key: keyof Limits,
  text: string,
): number | undefined {
  const value = text === OFF ? Infinity : READERS[LIMITS[key].unit](text);
  return value !== undefined && isLimit(key, value) ? value : undefined;
}

export function readLimit(name: string, text: string): ReadLimit {
  const key = limitKey(name);
  if (key === undefined) {
    return {
      part: "key",
      message: `no limit ${name}`,
      ...hintFor(name, LIMIT_NAMES),
    };
  }
  const value = limitValue(key, text);
  return value === undefined
    ? { part: "value", message: `${name}: "${text}" is no ${limitRange(key)}` }
    : { limit: { [key]: value } };
}

/**
 * The allowed values of a limit, for errors: `whole number from 1 to 10000`.
 */
export function limitRange(key: keyof Limits): string {
  const { unit, usual, min, max } = LIMITS[key];
  const [from, to] = [limitText(key, min), limitText(key, max)];
  const off = usual === Infinity ? `, nor ${OFF}` : "";
  switch (unit) {
    case "number":
      return `whole number from ${from} to ${to}${off}`;
    case "bytes":
      return `size from ${from} to ${to} (512, 10kB, 64KiB)${off}`;
    case "ms":
      return `duration from ${from} to ${to} (500ms, 30s, 1h)${off}`;
  }
}

const UNITS_MS = [["h", 3_600_000], ["m", 60_000], ["s", 1_000]] as const;

/** The text of a limit's value: exact, in the largest unit. */
export function limitText(key: keyof Limits, value: number): string {
  if (value === Infinity) return OFF;
  const { unit } = LIMITS[key];
  if (unit === "number") return String(value);
  if (unit === "bytes") return bytesText(value);
  const [word, ms] = UNITS_MS.find(([, ms]) => value > 0 && value % ms === 0) ??
    ["ms", 1];
  return `${value / ms}${word}`;
}

export function writtenLimits(limits: Partial<Limits>): WrittenLimits {
  return Object.fromEntries(
    LIMIT_KEYS.filter((key) => limits[key] !== undefined)
      .map((key) => [limitName(key), limitText(key, limits[key]!)]),
  );
}

/** A limit as a JSON schema, for editors. */
export function limitSchema(
  key: keyof Limits,
): { description: string } & Record<string, unknown> {
  const { unit, usual, min: minimum, max: maximum } = LIMITS[key];
  const description = limitWords(key);
  const off = usual === Infinity ? `^${OFF}$|` : "";
  switch (unit) {
    case "number":
      return { type: "integer", minimum, maximum, description };
    case "bytes":
      return {
        type: ["string", "integer"],
        pattern: off + BYTES_PATTERN,
        minimum,
        maximum,
        description,
      };
    case "ms":
      return { type: "string", pattern: off + DURATION_PATTERN, description };
  }
}

/** Describes a limit in one sentence. */
function limitWords(key: keyof Limits): string {
  const { of, effect, usual } = LIMITS[key];
  const words = `${of} (${limitText(key, usual)} by default): ${effect}.`;
  return (words[0]!.toUpperCase() + words.slice(1)).replaceAll("`", "")
    .replace("; see below", "");
}
