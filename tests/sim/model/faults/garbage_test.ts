import { assert, assertEquals } from "@std/assert";
import { DEFAULT_LIMITS } from "../../../../herd/core/limits.ts";
import { garbage } from "../../../../sim/model/faults/garbage.ts";
import { Random } from "../../../../sim/model/random.ts";

const PIECES = 2_000;

function pieces(seed: number) {
  const random = new Random(seed);
  return Array.from({ length: PIECES }, () => garbage(random));
}

Deno.test("garbage() follows from the seed", { permissions: "none" }, () => {
  assertEquals(pieces(7), pieces(7));
  assert(pieces(7).some(({ bytes }, i) => bytes !== pieces(8)[i]!.bytes));
});

Deno.test("garbage() is at most one line, with the reply that is due to it", {
  permissions: "none",
}, () => {
  const { lineBytesMax } = DEFAULT_LIMITS;
  const seen = { whole: 0, blank: 0, half: 0, overlong: 0, stranger: 0 };
  for (const { bytes, reply, ends } of pieces(7)) {
    const end = bytes.indexOf("\n");
    const line = end < 0 ? bytes : bytes.slice(0, end);
    assert(end < 0 || end === bytes.length - 1);
    if (line.length > lineBytesMax) {
      seen.overlong++;
      assertEquals([reply, ends], [`? ${line.slice(0, 256)}`, "replied"]);
    } else if (end < 0) {
      seen.half++;
      assertEquals([reply, ends], [undefined, "sent"]);
    } else if (line.trim() === "") {
      seen.blank++;
      assertEquals(reply, undefined);
    } else {
      seen.whole++;
      if (line.startsWith("PEER ")) seen.stranger++;
      assertEquals(reply, `? ${line}`);
    }
  }
  assert(Object.values(seen).every((count) => count > 0), JSON.stringify(seen));
});
