import { assert, assertEquals, assertRejects } from "@std/assert";
import { dirname } from "node:path";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { Planner } from "../../../../sim/live/drill/plan.ts";
import { isRunning } from "../../../../sim/live/herd/log_folder.ts";
import type { EventStream } from "../../../../sim/live/web/event_stream.ts";
import { DrillRuns } from "../../../../sim/live/web/drill_runs.ts";
import { RouteError } from "../../../../sim/live/web/route_error.ts";

const file = { name: "short", folder: ".", text: "steps: [{wait: 1ms}]\n" };
const planner = new Planner(file, { seed: 1, world: "virtual" });

Deno.test("DrillRuns.stop() leaves no timer behind, right after a run too", async () => {
  const runs = new DrillRuns(denoPlatform);
  const id = await runs.start(planner.plan());
  await runs.of(id).over;
  await runs.stop();
});

Deno.test("DrillRuns.start() has reports where others remove what is left of them, and nobody what is in use", async () => {
  const runs = new DrillRuns(denoPlatform);
  const id = await runs.start(planner.plan());
  const { promise: told, resolve: end } = Promise.withResolvers<void>();
  runs.watch(id)({ send() {}, end, onEnd() {} } as unknown as EventStream);
  await told;
  const run = runs.of(id);
  assert(run.report !== undefined);
  const folder = dirname(run.report);
  assert(await isRunning(folder));
  await runs.stop();
  await assertRejects(() => Deno.stat(folder), Deno.errors.NotFound);
});

Deno.test("DrillRuns.stop() has no run begin, which was about to or is asked for later", async () => {
  const runs = new DrillRuns(denoPlatform);
  const starting = assertRejects(() => runs.start(planner.plan()), RouteError);
  await runs.stop();
  await starting;
  await assertRejects(() => runs.start(planner.plan()), RouteError);
  assertEquals(runs.all(), []);
  await runs.stop();
});
