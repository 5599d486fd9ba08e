import { assert, assertEquals } from "@std/assert";
import { loadTopology } from "../../../../sim/live/herd/load.ts";
import { runScenario } from "../../../../sim/live/drill/runner.ts";
import { parseScenario } from "../../../../sim/model/scenario/parse.ts";
import type { DrillResult } from "../../../../sim/model/report/result.ts";
import { ANY_WORLD } from "../any_world.ts";

async function run(text: string, world = ANY_WORLD): Promise<DrillResult> {
  const herd = loadTopology("2014");
  const { scenario } = parseScenario(text, "drill.yaml", () => herd);
  return await runScenario(scenario!, herd, { ...world, seed: 7 });
}

Deno.test("runScenario() measures queues, detection and what is left behind", async () => {
  const { assessment: { metrics }, incidents, history } = await run(
    `steps:
  - iamat: {client: kiwi, position: +1+1, to: Alford}
  - expect: {client: kiwi, on: all}
  - kill: Powell
  - revive: Powell
  - expect: converged
`,
    { world: "threads" },
  );
  assert(Number(metrics.get("queues.max")) >= 1);
  assert(Number(metrics.get("queues.Alford.max")) >= 1);
  assert(Number(metrics.get("detection.max")) > 0);
  assertEquals(metrics.get("sockets.leaked"), 0);
  assertEquals(history.at(-1)?.kind, "sockets");
  assertEquals(incidents, []);
});

Deno.test("runScenario() counts residual and vacuous faults as it names them", async () => {
  const { assessment: { metrics }, residual, vacuous } = await run(`steps:
  - loss: {targets: Alford-Parker, lines: HAVE, id: idle}
  - cut: {targets: Alford-Powell, id: held}
  - duplicate: {targets: Bolden-Parker, lines: WANT, id: over}
  - heal: over
  - kill: Hamilton
`);
  assertEquals(residual, [
    "Hamilton is stopped",
    "loss idle on Alford-Parker",
    "cut held on Alford-Powell",
  ]);
  assertEquals(vacuous.filter((text) => !text.includes("held")), [
    "loss idle on Alford-Parker",
    "duplicate over on Bolden-Parker",
  ]);
  assertEquals(metrics.get("faults.residual"), residual.length);
  assertEquals(metrics.get("faults.vacuous"), vacuous.length);
});
