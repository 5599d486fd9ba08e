import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { assertEquals } from "@std/assert";
import type { WhatsatStep } from "../../../../sim/model/steps/whatsat.ts";
import { Recorder } from "../../../../sim/live/drill/recorder.ts";
import type { Stage } from "../../../../sim/live/drill/stage.ts";
import { whatsat } from "../../../../sim/live/drill/traffic.ts";

const AT = "AT s0 +0.500000000 kiwi +1+1 5";
const PLACES = `${AT}\n{"results": [], "status": "OK"}`;
const LINE = "WHATSAT kiwi 1 1";

/** How a question comes out that a server answers in its own way. */
async function outcome(
  reply: string,
  expect: WhatsatStep["expect"],
): Promise<string> {
  const client = { send: () => Promise.resolve(reply) };
  const stage = {
    recorder: new Recorder(denoPlatform.clock),
    client: () => Promise.resolve(client),
  } as unknown as Stage;
  const { failure } = await whatsat({
    kind: "whatsat",
    client: "kiwi",
    radius: "1",
    items: 1,
    to: "s0",
    withinMs: 1_000,
    ...expect && { expect },
  }, stage);
  return failure === undefined ? "passed" : `failed: ${failure.actual}`;
}

Deno.test("whatsat() takes nothing but ? for a client that nobody knows, and no list for places", async () => {
  const table: [reply: string, WhatsatStep["expect"], outcome: string][] = [
    [PLACES, undefined, "passed"],
    [PLACES, { any: true }, "passed"],
    [`? ${LINE}`, { any: true }, "passed"],
    [`? ${LINE}`, { unknown: true }, "passed"],
    ["?", { unknown: true }, "passed"],
    ["HELLO", { unknown: true }, "failed: HELLO"],
    ["HELLO", { any: true }, "failed: HELLO"],
    ["?HELLO", { unknown: true }, "failed: ?HELLO"],
    ...["", "{", "null", "{}", "[]"].map((body) => {
      const reply = `${AT}\n${body}`;
      return [reply, undefined, `failed: ${reply}`] as [
        string,
        undefined,
        string,
      ];
    }),
    [AT, { unknown: true }, `failed: ${AT}`],
  ];
  for (const [reply, expect, expected] of table) {
    assertEquals(await outcome(reply, expect), expected);
  }
});
