import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  ByteBlock,
  copyBytes,
  isSame,
} from "../../../../herd/core/bytes/block.ts";
import { pure } from "../pure.ts";

const OFFSET_MAX = 5;
const LENGTH_MAX = 40;
const SIZE = OFFSET_MAX + LENGTH_MAX + OFFSET_MAX;

/** Every offset of two runs, up to more than a word, and every length. */
function* runs(): IterableIterator<[from: number, at: number, length: number]> {
  for (let from = 0; from <= OFFSET_MAX; from++) {
    for (let at = 0; at <= OFFSET_MAX; at++) {
      for (let length = 0; length <= LENGTH_MAX; length++) {
        yield [from, at, length];
      }
    }
  }
}

/** A block of bytes of all kinds, itself in the middle of a buffer. */
function blockOf(first: number, step: number): ByteBlock {
  const bytes = Uint8Array.from({ length: SIZE }, (_, i) => first + step * i);
  const buffer = new Uint8Array(SIZE + 7).fill(0x55);
  buffer.set(bytes, 3);
  return new ByteBlock(buffer.subarray(3, 3 + SIZE));
}

pure("copyBytes() copies what is asked for, and no byte around it", () => {
  for (const [from, at, length] of runs()) {
    const [source, target] = [blockOf(0x70, 37), blockOf(0x80, 1)];
    const expected = target.bytes.slice();
    expected.set(source.bytes.slice(from, from + length), at);
    const end = copyBytes(source, from, from + length, target, at);
    assertEquals(end, at + length);
    assertEquals(target.bytes, expected);
    assertEquals(new Uint8Array(target.bytes.buffer).at(-1), 0x55);
  }
});

pure("copyBytes() reaches to the last byte of both blocks", () => {
  for (let length = 0; length <= LENGTH_MAX; length++) {
    const [source, target] = [blockOf(0x70, 37), blockOf(0, 0)];
    copyBytes(source, SIZE - length, SIZE, target, SIZE - length);
    assertEquals(
      target.bytes.slice(SIZE - length),
      source.bytes.slice(SIZE - length),
    );
  }
});

pure("isSame() sees a difference in any bit, and none around the bytes", () => {
  for (const [aAt, bAt, length] of runs()) {
    const [a, b] = [blockOf(0x70, 37), blockOf(0x80, 1)];
    b.bytes.set(a.bytes.slice(aAt, aAt + length), bAt);
    assert(isSame(a, aAt, b, bAt, length), `${aAt} ${bAt} ${length}`);
    for (let i = 0; i < length; i++) {
      b.bytes[bAt + i]! ^= 1 << i % 8;
      assert(!isSame(a, aAt, b, bAt, length), `${aAt} ${bAt} ${length} ${i}`);
      b.bytes[bAt + i]! ^= 1 << i % 8;
    }
  }
});

pure("isSame() is what comparing byte by byte is", () => {
  const bytes = fc.uint8Array({ min: 254, minLength: 12, maxLength: 12 });
  const at = fc.nat({ max: 6 });
  fc.assert(
    fc.property(bytes, at, bytes, at, at, (a, aAt, b, bAt, length) => {
      const same = Array.from({ length }, (_, i) => a[aAt + i] === b[bAt + i]);
      const [left, right] = [a, b].map((it) => new ByteBlock(it.slice()));
      assertEquals(
        isSame(left!, aAt, right!, bAt, length),
        !same.includes(false),
      );
    }),
    { numRuns: 1_000 },
  );
});
