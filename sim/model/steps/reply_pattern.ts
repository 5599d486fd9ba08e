/**
 * Regular expressions of scenario files. They are those of RE2, which match in
 * time that grows with the text's length: by a pattern that backtracks, such as
 * `(a+)+$`, one reply could keep a drill busy for ever, and nothing could end it.
 *
 * @module
 */
import { RE2JS } from "re2js";

export interface ReplyPattern {
  /** Whether a text has a part that matches. */
  test(text: string): boolean;
}

/** What RE2 lacks, as it begins; what is escaped or in a class is passed over. */
const LACKING =
  /\\k<|\\[1-9]|\\[^]|\[(?:\\[^]|[^\]\\])*\]|\(\?=|\(\?!|\(\?<=|\(\?<!/g;

const NAMES: Readonly<Record<string, string>> = {
  "(?=": "lookahead",
  "(?!": "lookahead",
  "(?<=": "lookbehind",
  "(?<!": "lookbehind",
};

/**
 * Reads a pattern, or tells what is wrong with it.
 *
 * @example
 * ```ts
 * import { readPattern } from "./reply_pattern.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readPattern("(?=a)"), {
 *   wrong: "has a lookahead, which RE2 lacks for it may take for ever",
 * });
 * ```
 */
export function readPattern(
  text: string,
): { pattern: ReplyPattern } | { wrong: string } {
  const lacking = [...text.matchAll(LACKING)].map(([found]) =>
    NAMES[found] ?? (/^\\(k<|[1-9])/.test(found) ? "back-reference" : undefined)
  ).find((name) => name !== undefined);
  if (lacking !== undefined) {
    return {
      wrong: `has a ${lacking}, which RE2 lacks for it may take for ever`,
    };
  }
  try {
    return { pattern: RE2JS.compile(RE2JS.translateRegExp(text)) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const why = error.message.replace(/^error parsing regexp: /, "");
    return { wrong: `is no regular expression of RE2: ${why}` };
  }
}
