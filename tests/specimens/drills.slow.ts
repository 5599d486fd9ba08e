/**
 * Drills that ship, against a right herd that somebody brings: by a shim, in
 * network namespaces, and in copies in which other ports stand.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { readScenario } from "../../sim/live/drill/files.ts";
import { planOf } from "../../sim/live/drill/plan.ts";
import { runScenario } from "../../sim/live/drill/runner.ts";
import { bring } from "../../sim/live/herd/bring.ts";
import { type Isolation, ISOLATIONS } from "../../sim/model/manifest.ts";
import { verdictOf } from "../../sim/model/report/result.ts";
import { summary } from "../../sim/model/report/text.ts";
import { whyNoNamespace } from "../../sim/worlds/processes/isolation.ts";
import { sampled } from "../sampled.ts";
import { unless } from "../skipped.ts";
import { styleOf, writeSpecimen } from "./specimens.ts";

const SPECIMEN = "asyncio_dict";
const SEED = 7;

/** Those that ask no more of servers than most assignments do. */
const DRILLS = [
  "partition",
  "split-brain",
  "cascade",
  "crash-loop",
  "rolling-restart",
  "flapping-link",
  "frozen-server",
];

const missing = await whyNoNamespace();

async function passes(drill: string, isolation: Isolation): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await writeSpecimen(SPECIMEN, folder, (port) => port);
    const { command, topology } = styleOf(SPECIMEN);
    await using brought = await bring(denoPlatform, {
      command,
      folder,
      isolation,
    });
    const plan = planOf(await readScenario(drill), { topology, seed: SEED });
    const result = await runScenario(plan.scenario, plan.topology, {
      seed: SEED,
      ...brought.options,
    });
    const text = summary(result);
    assertEquals(result.incidents, [], text);
    assert(verdictOf(result) !== "failed", text);
    // Most of it holds from outside; what does not is skipped, not passed.
    const checked = result.steps.filter(({ step, isSkipped }) =>
      step.kind === "expect-fix" && !isSkipped
    );
    assert(checked.length > 0, text);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (const drill of await sampled(DRILLS, "DRILLS_SAMPLE")) {
  for (const isolation of ISOLATIONS) {
    Deno.test({
      ...unless(
        isolation === "netns" ? missing : undefined,
        `${drill} passes on ${SPECIMEN}, by ${isolation}`,
      ),
      fn: () => passes(drill, isolation),
    });
  }
}
