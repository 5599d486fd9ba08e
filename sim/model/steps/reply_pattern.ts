/**
 * Regular expressions of scenario files. They are RE2's, whose matching time is
 * linear in the text: with a pattern that backtracks, such as `(a+)+$`, one
 * reply could block a drill for ever.
 *
 * @module
 */
import { RE2JS } from "re2js";

export interface ReplyPattern {
  /** Whether any part of a text matches. */
  test(text: string): boolean;
}

/** Beginnings of syntax that RE2 lacks; escapes and classes are skipped. */
const LACKING =
  /\\k<|\\[1-9]|\\[^]|\[(?:\\[^]|[^\]\\])*\]|\(\?=|\(\?!|\(\?<=|\(\?<!/g;

const NAMES: Readonly<Record<string, string>> = {
  "(?=": "lookahead",
  "(?!": "lookahead",
  "(?<=": "lookbehind",
  "(?<!": "lookbehind",
};

/**
 * Compiles a pattern, or returns its error.
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
