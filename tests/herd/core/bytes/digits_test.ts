import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { ByteBlock } from "../../../../herd/core/bytes/block.ts";
import { byteString } from "../../../../herd/core/bytes/bytes.ts";
import {
  DECIMAL_BYTES_MAX,
  putDecimal,
} from "../../../../herd/core/bytes/digits.ts";
import { pure } from "../pure.ts";

const PLUS = 43;

function decimalText(whole: number, nanos: number): string {
  return `+${whole}.${String(nanos).padStart(9, "0")}`;
}

/** What is put, with nothing around it overwritten. */
function put(whole: number, nanos: number): string {
  const block = new ByteBlock(new Uint8Array(DECIMAL_BYTES_MAX + 2));
  const end = putDecimal(block, 1, PLUS, whole, nanos);
  const text = byteString(block.bytes);
  assert(end <= DECIMAL_BYTES_MAX + 1);
  assertEquals([text[0], text.slice(end)], [
    "\0",
    "\0".repeat(text.length - end),
  ]);
  return text.slice(1, end);
}

pure(
  "putDecimal() puts all digits of the whole, and nine more",
  () => {
    const edges = Array.from({ length: 16 }, (_, i) => 10 ** i)
      .flatMap((power) => [power - 1, power, power + 1]);
    for (const whole of edges.concat(Number.MAX_SAFE_INTEGER)) {
      for (const nanos of edges.filter((edge) => edge < 1_000_000_000)) {
        assertEquals(put(whole, nanos), decimalText(whole, nanos));
      }
    }
    const nines = fc.nat({ max: 999_999_999 });
    fc.assert(
      fc.property(fc.oneof(nines, fc.maxSafeNat()), nines, (whole, nanos) => {
        assertEquals(put(whole, nanos), decimalText(whole, nanos));
      }),
      { numRuns: 1_000 },
    );
  },
);
