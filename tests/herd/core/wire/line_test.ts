import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ByteBlock } from "../../../../herd/core/bytes/block.ts";
import { bytesOf } from "../../../../herd/core/bytes/bytes.ts";
import { Line } from "../../../../herd/core/wire/line.ts";
import { lineWithin, pure } from "../pure.ts";

function fieldsIn(text: string): string[] {
  const line = lineWithin(text);
  return Array.from({ length: line.count }, (_, i) => line.field(i));
}

pure("Line.field() gives runs of bytes that are no white space", () => {
  const table: [string, string[]][] = [
    ["", []],
    [" \t\r\v\f", []],
    ["a", ["a"]],
    ["  a  ", ["a"]],
    ["a\tb\vc\fd\re", ["a", "b", "c", "d", "e"]],
    ["a\xa0b \x85 \0", ["a\xa0b", "\x85", "\0"]],
    ["__proto__ constructor", ["__proto__", "constructor"]],
  ];
  for (const [text, fields] of table) {
    assertEquals(fieldsIn(text), fields);
    assertEquals(lineWithin(text).text, text);
  }
});

pure("Line.field() refuses a field that only another line had", () => {
  const line = lineWithin("WANT 1");
  assertThrows(() => line.field(2), RangeError, "Cannot read field 2");
  assert(!line.is(2, "HAVE"));
  assertThrows(() => Line.of("").field(0), RangeError);
  assert(!Line.of("").is(0, ""));
});

/** What a line is, told by patterns. */
function splitLine(wire: string, start: number) {
  const stop = wire.indexOf("\n", start);
  if (stop < 0) return undefined;
  const text = wire.slice(start, stop).replace(/\r$/, "");
  const fields = text.split(/[ \t-\r]+/).filter((field) => field !== "");
  return { stop, text, fields: fields.slice(0, 9) };
}

const wires = fc.string({
  unit: fc.constantFrom("a", "b", " ", "\t", "\v", "\r", "\n", "\xa0", "\0"),
  maxLength: 60,
});

pure("Line.scan() is what splitting by patterns is, up to 9 fields", () => {
  fc.assert(
    fc.property(wires, fc.nat({ max: 20 }), (wire, start) => {
      const line = new Line();
      // What lies beyond the limit must not be seen.
      const block = new ByteBlock(bytesOf(`${wire}a \n b\n`));
      for (let at = Math.min(start, wire.length);;) {
        const expected = splitLine(wire, at);
        const stop = line.scan(block, at, wire.length, false);
        assertEquals(stop, expected?.stop ?? -1);
        if (expected === undefined) break;
        assertEquals(line.text, expected.text);
        assertEquals([line.start, line.end], [at, at + line.text.length]);
        const fields = expected.fields.map((_, i) => line.field(i));
        assertEquals(line.count, fields.length);
        assertEquals(fields, expected.fields);
        at = stop + 1;
      }
      assertEquals([line.count, line.text], [0, ""], "There is no line");
    }),
    { numRuns: 1_000 },
  );
});

pure(
  "Line.scan() ends at the line feed or the limit, after any number of fields",
  () => {
    for (let count = 0; count <= 12; count++) {
      const text = " x".repeat(count);
      const line = new Line();
      const block = new ByteBlock(bytesOf(`${text}\nIAMAT\n`));
      assertEquals(line.scan(block, 0, block.bytes.length, false), text.length);
      assertEquals(line.count, Math.min(count, 9));
      for (let limit = 0; limit < text.length; limit++) {
        assertEquals(line.scan(block, 0, limit, false), -1);
        assertEquals(line.scan(block, 0, limit, true), limit);
        assertEquals(line.text, text.slice(0, limit));
      }
    }
  },
);

pure("Line.scan() takes one CR before a line feed off, and no other", () => {
  const table: [string, boolean, string][] = [
    ["a\r\n", false, "a"],
    ["\r\n", false, ""],
    ["a\r\r\n", false, "a\r"],
    ["a\rb\n", false, "a\rb"],
    ["a\r", true, "a\r"],
  ];
  for (const [text, isLast, expected] of table) {
    const line = new Line();
    line.scan(new ByteBlock(bytesOf(text)), 0, text.length, isLast);
    assertEquals(line.text, expected, JSON.stringify(text));
  }
  const block = new ByteBlock(bytesOf("\r\n"));
  const line = new Line();
  line.scan(block, 1, 2, false);
  assertEquals([line.start, line.end], [1, 1], "Nothing before the line");
});

pure("Line.is() compares one field, whole", () => {
  const line = lineWithin("IAMAT IAMATS IAM");
  assertEquals([0, 1, 2].map((i) => line.is(i, "IAMAT")), [
    true,
    false,
    false,
  ]);
  assert(lineWithin("\xff").is(0, "\xff"));
});

pure("Line.isPlain() wants one space between two fields", () => {
  const table: [string, boolean][] = [
    ["a b c d", true],
    ["a  b c d", true],
    ["  a\tb c d\t ", true],
    ["a b  c d", false],
    ["a b\tc d", false],
    ["a b c\r\fd", false],
    ["a b c \vd", false],
  ];
  for (const [text, isPlain] of table) {
    assertEquals(lineWithin(text).isPlain(1, 3), isPlain, text);
    assert(lineWithin(text).isPlain(2, 2));
  }
});
