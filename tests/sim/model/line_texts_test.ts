import { assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { ByteBlock } from "../../../herd/core/bytes/block.ts";
import { LineTexts, textOf } from "../../../sim/model/line_texts.ts";

Deno.test({
  name: "LineTexts.of() is the text of the bytes, however many there are",
  permissions: "none",
  fn() {
    const bytes = fc.uint8Array({ min: 0, max: 255, maxLength: 12 });
    fc.assert(fc.property(fc.array(bytes, { maxLength: 300 }), (lines) => {
      const texts = new LineTexts();
      for (const line of [...lines, ...lines]) {
        const block = new ByteBlock(Uint8Array.of(1, 2, ...line, 3));
        const text = texts.of(block, 2, 2 + line.length);
        assertEquals(text, textOf(line, 0, line.length));
      }
    }));
  },
});

Deno.test({
  name: "LineTexts.of() decodes equal lines once",
  permissions: "none",
  fn() {
    const texts = new LineTexts();
    const decoded: string[] = [];
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 1_000; i++) {
        const line = new TextEncoder().encode(`AT Ash kiwi-ü-${i}`);
        const text = texts.of(new ByteBlock(line), 0, line.length);
        if (round === 0) decoded.push(text);
        else assertStrictEquals(text, decoded[i]);
      }
    }
    assertEquals(texts.count, 1_000);
  },
});
