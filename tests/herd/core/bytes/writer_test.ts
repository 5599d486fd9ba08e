import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Arena } from "../../../../herd/core/bytes/arena.ts";
import { ByteBlock } from "../../../../herd/core/bytes/block.ts";
import { bytesOf, byteString } from "../../../../herd/core/bytes/bytes.ts";
import { ByteWriter } from "../../../../herd/core/bytes/writer.ts";
import { pure } from "../pure.ts";

const texts = fc.uint8Array({ maxLength: 400, size: "max" })
  .map((bytes) => byteString(bytes));

const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant("text" as const), text: texts }),
    fc.record({ do: fc.constant("copy" as const), text: texts }),
    fc.record({
      do: fc.constant("byte" as const),
      byte: fc.nat({ max: 255 }),
    }),
    fc.record({ do: fc.constant("put" as const), text: texts }),
    fc.constant({ do: "clear" as const }),
  ),
  { maxLength: 30 },
);
type Step = typeof steps extends fc.Arbitrary<(infer T)[]> ? T : never;

/** Takes one step, and gives what must stand there then. */
function step(out: ByteWriter, before: string, step: Step): string {
  switch (step.do) {
    case "text":
      out.text(step.text);
      return before + step.text;
    case "copy": {
      const block = new ByteBlock(bytesOf(`x${step.text}x`));
      out.copy(block, 1, 1 + step.text.length);
      return before + step.text;
    }
    case "byte":
      out.byte(step.byte);
      return before + String.fromCharCode(step.byte);
    case "put": {
      const { length } = step.text;
      out.room(length + 7).bytes.set(bytesOf(step.text), out.length);
      out.advance(out.length + length);
      return before + step.text;
    }
    case "clear":
      out.clear();
      return "";
  }
}

pure("ByteWriter is what joining texts is, however it grows", () => {
  const arenas = fc.constantFrom(new Arena(), undefined);
  fc.assert(
    fc.property(steps, arenas, (steps, arena) => {
      const out = new ByteWriter(arena);
      let expected = "";
      for (const it of steps) {
        expected = step(out, expected, it);
        assertEquals(out.length, expected.length);
        assertEquals(byteString(out.bytes), expected);
      }
    }),
  );
});

pure("ByteWriter.copy() copies what it has itself written", () => {
  const out = new ByteWriter();
  out.text("kiwi");
  for (let i = 0; i < 10; i++) out.copy(out.block, 0, out.length);
  assertEquals(byteString(out.bytes), "kiwi".repeat(1_024));
});

pure("ByteWriter.clear() uses its memory again, unless it is large", () => {
  const out = new ByteWriter();
  out.text("x".repeat(10_000));
  const { block } = out;
  out.clear();
  assertEquals([out.length, out.bytes.length], [0, 0]);
  out.text("y");
  assert(out.block === block);
  out.text("x".repeat(1_000_000));
  out.clear();
  assertEquals(out.block.bytes.length, 0);
});

pure(
  "ByteWriter takes much from its arena, and gives it back when it is emptied",
  () => {
    const arena = new Arena();
    const out = new ByteWriter(arena);
    out.text("x".repeat(900));
    const small = out.block;
    assertEquals(arena.bytes, 0);
    out.text("y".repeat(10_000));
    const [{ bytes: { buffer, byteOffset } }] = [out.block];
    out.text("z".repeat(100_000));
    assertEquals(out.block.bytes.buffer, buffer);
    assertEquals(
      byteString(out.bytes),
      "x".repeat(900) + "y".repeat(10_000) + "z".repeat(100_000),
    );
    assertEquals(arena.take(1).bytes.byteOffset, byteOffset, "It outgrew that");
    const { byteOffset: last } = out.block.bytes;
    out.clear();
    assert(out.block === small);
    assert(arena.take(100_000).bytes.byteOffset <= last);
    out.text("x".repeat(10_000));
    out.free();
    assertEquals([out.length, out.capacity], [0, 0]);
  },
);

pure(
  "ByteWriter.copy() copies what it has itself written out of its arena",
  () => {
    const out = new ByteWriter(new Arena());
    out.text("kiwi");
    for (let i = 0; i < 21; i++) out.copy(out.block, 0, out.length);
    assertEquals(byteString(out.bytes), "kiwi".repeat(2 ** 21));
  },
);
