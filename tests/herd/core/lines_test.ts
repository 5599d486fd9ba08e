import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { ByteString } from "../../../herd/core/bytes.ts";
import { LineBuffer } from "../../../herd/core/lines.ts";
import { pure } from "./pure.ts";

/** What came out of a line buffer, or should. */
interface Seen {
  readonly lines: ByteString[];
  readonly overlong: ByteString | undefined;
}

function feedAll(chunks: readonly ByteString[], lineBytesMax: number): Seen {
  const buffer = new LineBuffer(lineBytesMax);
  const lines: ByteString[] = [];
  for (const chunk of chunks) {
    buffer.feed(chunk);
    while (buffer.next()) {
      assertEquals(buffer.line, buffer.text.slice(buffer.start, buffer.end));
      lines.push(buffer.line);
    }
  }
  if (buffer.finish()) lines.push(buffer.line);
  assert(!buffer.finish(), "The end of input comes once");
  return { lines, overlong: buffer.overlong };
}

/** The dumb version: all bytes at once, split. */
function splitAll(wire: ByteString, lineBytesMax: number): Seen {
  const lines: ByteString[] = [];
  const parts = wire.split("\n");
  if (parts.at(-1) === "") parts.pop();
  for (const part of parts) {
    const line = part.replace(/\r$/, "");
    if (line.length > lineBytesMax) {
      return { lines, overlong: line.slice(0, Math.min(256, lineBytesMax)) };
    }
    lines.push(line);
  }
  return { lines, overlong: undefined };
}

function cut(wire: ByteString, lengths: readonly number[]): ByteString[] {
  const chunks: ByteString[] = [];
  let at = 0;
  for (const length of lengths) chunks.push(wire.slice(at, at += length));
  chunks.push(wire.slice(at));
  return chunks;
}

const LONG = "x".repeat(300);
const TABLE: readonly [wire: ByteString, lines: ByteString[]][] = [
  ["", []],
  ["\n", [""]],
  ["\r\n", [""]],
  ["\r", [""]],
  ["a", ["a"]],
  ["a\n", ["a"]],
  ["a\r\n", ["a"]],
  ["a\r", ["a"]],
  ["a\r\r\n", ["a\r"]],
  ["a\rb\n", ["a\rb"]],
  ["\ra\n", ["\ra"]],
  ["a\n\nb\n", ["a", "", "b"]],
  ["a\n\rb\n", ["a", "\rb"]],
  [" \t\v\f\x00\xff\xa0\n", [" \t\v\f\x00\xff\xa0"]],
  [`${LONG}\n${LONG}`, [LONG, LONG]],
];

pure("LineBuffer cuts lines at LF, and takes one CR off their end", () => {
  for (const [wire, lines] of TABLE) {
    const expected = { lines, overlong: undefined };
    assertEquals(feedAll([wire], 300), expected, JSON.stringify(wire));
    assertEquals(feedAll([...wire], 300), expected, JSON.stringify(wire));
  }
});

const OVERLONG: readonly [wire: ByteString, max: number, seen: Seen][] = [
  ["abc\n", 3, { lines: ["abc"], overlong: undefined }],
  ["abc\r\n", 3, { lines: ["abc"], overlong: undefined }],
  ["abc\r", 3, { lines: ["abc"], overlong: undefined }],
  ["abcd\nef\n", 3, { lines: [], overlong: "abc" }],
  ["abc\rd\n", 3, { lines: [], overlong: "abc" }],
  ["abc\r\r\n", 3, { lines: [], overlong: "abc" }],
  ["a\nbcde", 3, { lines: ["a"], overlong: "bcd" }],
  [`a\n${LONG}\nb\n`, 299, { lines: ["a"], overlong: LONG.slice(0, 256) }],
];

pure("LineBuffer ends at a line over the limit, and keeps its head", () => {
  for (const [wire, max, seen] of OVERLONG) {
    assertEquals(feedAll([wire], max), seen, JSON.stringify(wire));
    assertEquals(feedAll([...wire], max), seen, JSON.stringify(wire));
  }
});

pure("LineBuffer gives the same lines however bytes are cut", () => {
  const byte = fc.constantFrom("a", "b", " ", "\r", "\n", "\0", "\xff");
  const wires = fc.string({ unit: byte, maxLength: 80 });
  const lengths = fc.array(fc.nat({ max: 9 }), { maxLength: 40 });
  fc.assert(
    fc.property(wires, lengths, fc.nat({ max: 12 }), (wire, lengths, max) => {
      assertEquals(feedAll(cut(wire, lengths), max), splitAll(wire, max));
    }),
    { numRuns: 1_000 },
  );
});

pure("LineBuffer says that a line is too long before its end has come", () => {
  const buffer = new LineBuffer(1_000);
  for (let i = 0; i < 1_001; i++) buffer.feed("x");
  assertEquals(buffer.overlong, "x".repeat(256));
  assert(!buffer.next());
  buffer.feed("\nIAMAT\n");
  assert(!buffer.next(), "What follows can't be trusted");
  assert(!buffer.finish());
});

pure("LineBuffer.feed() refuses a chunk while lines are unread", () => {
  const buffer = new LineBuffer(10);
  buffer.feed("a\nb\n");
  assert(buffer.next());
  assertThrows(() => buffer.feed("c\n"), RangeError, "unread");
  assert(buffer.next());
  assert(!buffer.next());
  buffer.feed("c\n");
  assert(buffer.next());
  assertEquals(buffer.line, "c");
});

pure("LineBuffer.lineBytesMax may be raised on the way", () => {
  const buffer = new LineBuffer(2);
  buffer.feed("ab\n");
  assert(buffer.next());
  buffer.lineBytesMax = 3;
  buffer.feed("abc\n");
  assert(buffer.next());
  assertEquals(buffer.line, "abc");
});
