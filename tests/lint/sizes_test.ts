/**
 * The rules for sizes find what is too long, and only in the sources.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import plugin, { FILE_LINES_MAX, FUNCTION_LINES_MAX } from "./sizes.ts";

const SOURCE = new URL("../../herd/core/made_up.ts", import.meta.url).pathname;

/** What the rules find in a source. */
function found(source: string, path = SOURCE): string[] {
  return Deno.lint.runPlugin(plugin, path, source)
    .map(({ id, message }) => `${id}: ${message}`);
}

/** A block of so many lines, with its braces. */
function block(lines: number): string {
  return `{\n${"  call();\n".repeat(lines - 2)}}`;
}

Deno.test("sizes/function-lines takes a screen, and no line more", () => {
  const starts = [
    "function f() ",
    "const f = () => ",
    "const f = function () ",
  ];
  for (const start of starts) {
    assertEquals(found(start + block(FUNCTION_LINES_MAX)), []);
    assertEquals(found(start + block(FUNCTION_LINES_MAX + 1)), [
      `sizes/function-lines: A function of ${FUNCTION_LINES_MAX + 1} lines, ` +
      `more than ${FUNCTION_LINES_MAX}`,
    ], start);
  }
  const method = `class A {\n  constructor() ${
    block(FUNCTION_LINES_MAX + 1)
  }\n}`;
  assertEquals(found(method).length, 1);
});

Deno.test("sizes/file-lines counts all lines of a module", () => {
  const lines = "// A comment.\n".repeat(FILE_LINES_MAX - 1);
  assertEquals(found(`${lines}call();\n`), []);
  assertEquals(found(`${lines}call();\n\ncall();`), [
    `sizes/file-lines: A module of ${FILE_LINES_MAX + 2} lines, ` +
    `more than ${FILE_LINES_MAX}`,
  ]);
});

Deno.test("sizes checks sources only", () => {
  const long = `function f() ${block(FILE_LINES_MAX + 1)}`;
  for (
    const [path, count] of [["std/a.ts", 2], ["tests/herd/a.ts", 0]] as const
  ) {
    const url = new URL(`../../${path}`, import.meta.url);
    assertEquals(found(long, url.pathname).length, count, path);
  }
});
