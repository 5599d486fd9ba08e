import { assertEquals, assertRejects } from "@std/assert";
import { Failure } from "../../../../sim/live/grade/check.ts";
import {
  REPLY_CHECKS,
  UCLA,
} from "../../../../sim/live/grade/checks/replies.ts";
import type { TriedHerd } from "../../../../sim/live/grade/tried_herd.ts";

/** A herd that replies to each WHATSAT by this JSON. */
function replying(body: object): TriedHerd {
  const at = `AT Ash +0.26 kiwi1 ${UCLA} 1621464827.95`;
  return {
    names: ["Ash"],
    client: () => "kiwi1",
    iamat: () => Promise.resolve(at),
    ask: () => Promise.resolve(`${at}\n${JSON.stringify(body)}\n\n`),
  } as unknown as TriedHerd;
}

Deno.test({
  name: "the check metres tells why Google gave no places, if it said so",
  permissions: "none",
  async fn() {
    const { run } = REPLY_CHECKS.metres;
    for (
      const [body, came] of [
        [{ results: [], status: "ZERO_RESULTS" }, "0 of them"],
        [
          { results: [], error_message: "Invalid 'location' parameter." },
          "0 of them, for Google said: Invalid 'location' parameter.",
        ],
      ] as const
    ) {
      const failure = await assertRejects(() => run(replying(body)), Failure);
      assertEquals(failure.findings.map((it) => it.came), [came]);
    }
    await run(replying({ results: [1, 2, 3, 4, 5] }));
  },
});
