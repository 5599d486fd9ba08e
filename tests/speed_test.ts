import { assert } from "@std/assert";
import { passedButForSpeed } from "./speed.ts";

const SLOW = `checked:
  ok       line 31   ack.p99 < 200ms during iamats: ack.p99 is 88.8ms
  FAIL     line 34   ack.p99 < 200ms during numbers: ack.p99 is 290ms
`;
const end = (how: string, failed: number) =>
  `drill: ${how}, 15 steps, 10 checks and 6 invariants, ${failed} failed\n`;

Deno.test("passedButForSpeed() forgives a slow machine, and nothing else", () => {
  assert(passedButForSpeed("drill", end("passed", 0)));
  assert(passedButForSpeed("drill", SLOW + end("FAILED", 1)));
  const lost = "  FAIL     line 35   lost == 0: lost is 1\n";
  assert(!passedButForSpeed("drill", SLOW + lost + end("FAILED", 2)));
  // A violated invariant, or a server that ended, has no line of its own.
  assert(!passedButForSpeed("drill", SLOW + end("FAILED", 2)));
  assert(!passedButForSpeed("drill", end("FAILED", 1)));
  assert(!passedButForSpeed("drill", end("unknown", 0)));
});
