import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ByteBlock } from "../../../../herd/core/bytes/block.ts";
import { bytesOf, type ByteString } from "../../../../herd/core/bytes/bytes.ts";
import { LineBuffer } from "../../../../herd/core/wire/lines.ts";
import { pure } from "../pure.ts";

/** What came out of a line buffer, or should. */
interface Seen {
  readonly lines: ByteString[];
  readonly overlong: ByteString | undefined;
}

/** A chunk at the beginning of a buffer that is used again and again. */
class Reader {
  readonly #block = new ByteBlock(new Uint8Array(1_024));
  readonly buffer: LineBuffer;

  constructor(lineBytesMax: number) {
    this.buffer = new LineBuffer(lineBytesMax);
  }

  feed(chunk: ByteString): void {
    // What was read before is still there, and must not be seen.
    this.#block.bytes.fill(10).set(bytesOf(chunk));
    this.buffer.feed(this.#block, chunk.length);
  }
}

function feedAll(chunks: readonly ByteString[], lineBytesMax: number): Seen {
  const reader = new Reader(lineBytesMax);
  const { buffer } = reader;
  const lines: ByteString[] = [];
  for (const chunk of chunks) {
    reader.feed(chunk);
    while (buffer.next()) lines.push(buffer.line.text);
    assert(!buffer.next(), "Nothing comes after the last");
  }
  if (buffer.finish()) lines.push(buffer.line.text);
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
  const reader = new Reader(1_000);
  const { buffer } = reader;
  for (let i = 0; i < 1_001; i++) {
    reader.feed("x");
    assert(!buffer.next());
  }
  assertEquals(buffer.overlong, "x".repeat(256));
  assert(!buffer.next());
  reader.feed("\nIAMAT\n");
  assert(!buffer.next(), "What follows can't be trusted");
  assert(!buffer.finish());
});

pure("LineBuffer.feed() refuses a chunk while lines are unread", () => {
  const buffer = new LineBuffer(10);
  const feed = (chunk: string) =>
    buffer.feed(new ByteBlock(bytesOf(chunk)), chunk.length);
  feed("a\nb\n");
  assert(buffer.next());
  assertThrows(() => feed("c\n"), RangeError, "unread");
  assert(buffer.next());
  assertEquals(buffer.line.text, "b");
  assert(!buffer.next());
  feed("c\n");
  assert(buffer.next());
  assertEquals(buffer.line.text, "c");
});

pure("LineBuffer.lineBytesMax may be raised on the way", () => {
  const reader = new Reader(2);
  const { buffer } = reader;
  reader.feed("ab\n");
  assert(buffer.next());
  buffer.lineBytesMax = 3;
  reader.feed("abc\n");
  assert(buffer.next());
  assertEquals(buffer.line.text, "abc");
});

pure(
  "LineBuffer reads a chunk though it begins in the middle of a block",
  () => {
    const bytes = bytesOf("x\nkiwi\nfig\n").subarray(2, 8);
    const buffer = new LineBuffer(10);
    buffer.feed(new ByteBlock(bytes), bytes.length);
    assert(buffer.next());
    assertEquals(buffer.line.text, "kiwi");
    assert(!buffer.next());
    assert(buffer.finish());
    assertEquals(buffer.line.text, "f");
  },
);
