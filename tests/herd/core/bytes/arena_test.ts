import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Arena } from "../../../../herd/core/bytes/arena.ts";
import type { ByteBlock } from "../../../../herd/core/bytes/block.ts";
import { pure } from "../pure.ts";

const MIB = 1_048_576;
/** Bytes that are looked at in a block of some mebibytes. */
const MARKS = 8;

/** Writes a number all over a block. */
function mark({ bytes }: ByteBlock, number: number): void {
  for (let nth = 0; nth <= MARKS; nth++) {
    bytes[Math.floor((bytes.length - 1) * nth / MARKS)] = number;
  }
}

function marks({ bytes }: ByteBlock): Set<number> {
  const places = Array.from({ length: MARKS + 1 }, (_, nth) => nth / MARKS);
  return new Set(
    places.map((part) => bytes[Math.floor((bytes.length - 1) * part)]!),
  );
}

/** A block is taken, or one that is held is given back. */
const steps = fc.array(
  fc.oneof(
    fc.record({
      take: fc.oneof(
        fc.integer({ min: 1, max: 200_000 }),
        fc.integer({ min: 1, max: 20 * MIB }),
      ),
    }),
    fc.record({ give: fc.nat() }),
  ),
  { maxLength: 60 },
);

pure(
  "Arena.take() gives blocks that are long enough and nobody else's, in any order",
  () => {
    fc.assert(
      fc.property(steps, (steps) => {
        const arena = new Arena();
        const held: { block: ByteBlock; number: number }[] = [];
        const give = (at: number) => {
          for (const { block, number } of held.splice(at, 1)) {
            assertEquals(marks(block), new Set([number]));
            arena.give(block);
          }
        };
        for (const [nth, step] of steps.entries()) {
          if ("give" in step) give(step.give % Math.max(1, held.length));
          else {
            const block = arena.take(step.take);
            assert(block.bytes.length >= step.take);
            assertEquals(block.words.byteLength, block.bytes.length);
            mark(block, nth + 1);
            held.push({ block, number: nth + 1 });
          }
          const bytes = held.reduce(
            (sum, it) => sum + it.block.bytes.length,
            0,
          );
          assert(arena.bytes >= bytes);
        }
        while (held.length > 0) give(0);
        assert(arena.bytes < 40 * MIB);
      }),
      { numRuns: 50 },
    );
  },
);

pure(
  "Arena.give() frees at once what is empty, but for one segment of little use",
  () => {
    const arena = new Arena();
    const little = arena.take(81_920);
    const { buffer } = little.bytes;
    // The C library gives back no less than that.
    assert(buffer.byteLength > 32 * MIB);
    arena.give(little);
    assertEquals([buffer.detached, arena.bytes], [false, buffer.byteLength]);

    const blocks = Array.from({ length: 900 }, () => arena.take(81_920));
    const buffers = new Set(blocks.map(({ bytes }) => bytes.buffer));
    assert(buffers.size > 1 && buffers.has(buffer));
    const last = blocks.pop()!;
    for (const block of blocks) arena.give(block);
    assertEquals([...buffers].filter((it) => !it.detached), [
      last.bytes.buffer,
    ]);
    arena.give(last);
    // All but what stands in it was never used.
    assertEquals(last.bytes.buffer.detached, false);
  },
);

pure("Arena.give() frees the last segment too if much of it was used", () => {
  const arena = new Arena();
  const blocks = Array.from({ length: 200 }, () => arena.take(81_920));
  const [{ bytes: { buffer } }] = blocks as [ByteBlock];
  for (const block of blocks) arena.give(block);
  assertEquals([buffer.detached, arena.bytes], [true, 0]);
  assertEquals(arena.take(1).bytes.byteOffset, 0);
});

pure(
  "Arena.take() fills what was given back first, so that the end of it empties",
  () => {
    const arena = new Arena();
    const blocks = [1, 2, 3, 4].map(() => arena.take(81_920));
    const [, second, third] = blocks as [ByteBlock, ByteBlock, ByteBlock];
    arena.give(third);
    arena.give(second);
    const offset = second.bytes.byteOffset;
    assertEquals(arena.take(2 * 81_920).bytes.byteOffset, offset);
    assertEquals(arena.take(1).bytes.byteOffset, 4 * 81_920);
  },
);

pure("Arena.take() gives a block larger than a segment", () => {
  const arena = new Arena();
  const block = arena.take(50 * MIB);
  assertEquals(block.bytes.length, 50 * MIB);
  arena.give(block);
  assert(block.bytes.buffer.detached);
});
