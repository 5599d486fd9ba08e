/**
 * Regular expressions of scenario files.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { readPattern } from "../../../../sim/model/steps/reply_pattern.ts";

function matches(pattern: string, text: string): boolean | string {
  const read = readPattern(pattern);
  return "wrong" in read ? read.wrong : read.pattern.test(text);
}

Deno.test({
  name: "readPattern() finds a part of a text as JavaScript does",
  permissions: "none",
  fn() {
    const texts = ["AT Alford +0.1 kiwi", "? AT", "", "a\n{}\n\n", "x-y\xfc"];
    const patterns = [
      "^AT Alford [+]",
      "AT$",
      "^$",
      "\\d\\.\\d",
      "[(?=]",
      ".-.",
    ];
    patterns.push("\\{\\}", "(?<name>k)iwi", "\xfc", "\\u0041T", "\\\\1");
    for (const pattern of patterns) {
      for (const text of texts) {
        const wanted = new RegExp(pattern).test(text);
        assertEquals(matches(pattern, text), wanted, `${pattern} of ${text}`);
      }
    }
  },
});

Deno.test({
  name: "readPattern() answers where backtracking would never end",
  permissions: "none",
  fn() {
    const long = "a".repeat(50_000) + "b";
    for (const pattern of ["(a+)+$", "(a|aa)+$", "(.*)*c", "^(([a-z])+.)+Z$"]) {
      assertEquals(matches(pattern, long), false, pattern);
    }
  },
});

Deno.test({
  name: "readPattern() says what a pattern has that can't be matched in time",
  permissions: "none",
  fn() {
    const has = (what: string) =>
      `has a ${what}, which RE2 lacks for it may take for ever`;
    for (
      const [pattern, wanted] of [
        ["(?=a)b", has("lookahead")],
        ["a(?!b)", has("lookahead")],
        ["(?<=a)b", has("lookbehind")],
        ["(?<!a)b", has("lookbehind")],
        ["(a)\\1", has("back-reference")],
        ["(?<n>a)\\k<n>", has("back-reference")],
        ["(", "is no regular expression of RE2: missing closing ): `(`"],
        [
          "((a{100}){100}){100}",
          "is no regular expression of RE2: invalid repeat count: `{100}`",
        ],
      ] as const
    ) {
      assertEquals(matches(pattern, ""), wanted, pattern);
    }
  },
});
