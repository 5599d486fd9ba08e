/**
 * What faults of single lines have in common: which lines they affect.
 *
 * @module
 */
import { SPACE } from "../../../herd/core/bytes/bytes.ts";
import {
  LINE_KINDS,
  type LineKind,
} from "../../../herd/core/wire/link_message.ts";
import { COUNT_MAX } from "../numbers.ts";
import {
  chanceAt,
  type Connection,
  type LinkEffect,
  linkFault,
  type LinkFaultKind,
  type Passing,
  type Prompt,
  type Spot,
} from "./link_fault.ts";
import type { Fields } from "./fields.ts";

export interface LineSettings {
  /** The percentage of lines affected, at random. */
  readonly percent?: number;
  /** The only line affected, counted from 1 when the fault begins. */
  readonly nth?: number;
  /** The only kind of line affected, and counted. */
  readonly lines?: LineKind;
}

interface LineFault<K extends string> {
  readonly kind: K;
  readonly does: string;
  readonly prompt: Omit<Prompt, "words">;
  readonly nemesis: LineSettings;
  readonly isHarsh?: true;
  /**
   * What happens to an affected line; "kept": it is held until another has
   * passed it.
   *
   * @param at Among others, the number of the line, of those that the fault
   * counts, from 1.
   */
  readonly hit:
    | "kept"
    | ((
      line: Passing,
      at: { readonly spot: Spot; readonly number: number },
    ) => readonly Passing[]);
}

/** Some of the kinds, for the usage. */
const LINES_FORM = `${LINE_KINDS.slice(0, 3).join("|")}|\u2026`;

const fields = ({ percent, wholeNumber, choice }: Fields) => ({
  percent: percent("The percentage of lines that are hit; all by default.")
    .exactOptional(),
  nth: wholeNumber(
    "The number of the one line that is hit, from 1.",
    1,
    COUNT_MAX,
  )
    .exactOptional(),
  lines: choice(LINE_KINDS, "Only lines of this kind.").exactOptional(),
});

export function lineFault<const K extends string>(
  { kind, hit, prompt, ...about }: LineFault<K>,
): LinkFaultKind<K, ReturnType<typeof fields>, Record<never, string>> {
  return linkFault({
    ...about,
    kind,
    fields,
    names: {},
    rule: {
      holds: ({ percent, nth }) => percent === undefined || nth === undefined,
      message: `${kind} takes percent or nth, not both`,
    },
    prompt: {
      ...prompt,
      words: { percent: "<percent>%", lines: LINES_FORM },
      untold: { percent: "100%" },
    },
    words: ({ percent, nth, lines }) =>
      `of ${nth === undefined ? `${percent ?? 100}%` : `number ${nth}`} ` +
      `of ${lines ?? "all"} lines`,
    isOfLines: true,
    begin(settings, { spot, touch }): LinkEffect {
      const held = new Map<Connection, Passing>();
      let number = 0;
      const isHit = (line: Passing): boolean =>
        countsLine(settings, firstWord(line.bytes)) &&
        hitsLine(settings, spot, ++number);
      return {
        held,
        line(line, connection) {
          if (line.isDropped) return [line];
          if (!isHit(line) || held.has(connection)) {
            const before = taken(held, connection);
            return before.length === 0
              ? [line]
              : [hitBy(line, kind), ...before];
          }
          touch();
          const marked = hitBy(line, kind);
          if (hit !== "kept") return [...hit(marked, { spot, number })];
          held.set(connection, marked);
          return [];
        },
      };
    },
  });
}

function hitBy(line: Passing, kind: string): Passing {
  return { ...line, by: [...line.by, kind] };
}

/** Releases the line that is held for a connection. */
export function taken(
  held: Map<Connection, Passing>,
  connection: Connection,
): Passing[] {
  const line = held.get(connection);
  held.delete(connection);
  return line === undefined ? [] : [line];
}

/**
 * Whether a fault affects a line.
 *
 * @param number The number of the line, of those that the fault counts, from 1.
 *
 * @example
 * ```ts
 * import { hitsLine } from "./line_fault.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const spot = { seed: 7, direction: "Alford>Parker", id: "loss-1" };
 * assertEquals([1, 2, 3].map((n) => hitsLine({ nth: 2 }, spot, n)), [false, true, false]);
 * ```
 */
export function hitsLine(
  { nth, percent = 100 }: LineSettings,
  spot: Spot,
  number: number,
): boolean {
  if (nth !== undefined) return number === nth;
  return chanceAt(spot, "line", number) * 100 < percent;
}

/** Whether a fault counts a line, given by its first word. */
export function countsLine({ lines }: LineSettings, word: string): boolean {
  return lines === undefined || lines === word;
}

function firstWord(line: Uint8Array): string {
  const space = line.indexOf(SPACE);
  const end = space < 0 ? line.length - 1 : space;
  return String.fromCharCode(...line.subarray(0, Math.min(end, 8)));
}
