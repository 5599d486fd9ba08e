/**
 * The drills about links and servers that ship: each passes, and fails where its
 * point is broken on purpose.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { loadTopology } from "../../../sim/live/load.ts";
import { runScenario } from "../../../sim/live/runner.ts";
import { describeStep } from "../../../sim/model/describe.ts";
import { printProblems } from "../../../sim/model/problem.ts";
import { type DrillResult, summary } from "../../../sim/model/report.ts";
import { parseScenario } from "../../../sim/model/scenario_parse.ts";

const FOLDER = new URL("../../../sim/scenarios/", import.meta.url);
const SEED = 7;

/** A drill, what breaks its point, and the check that must find it. */
const DRILLS: readonly [
  drill: string,
  breach: readonly [what: string, by: string],
  found: string,
][] = [
  ["split-brain", ["  - heal: all\n", ""], "expect converged"],
  ["split-brain-25", ["  - heal: all\n", ""], "expect converged"],
  [
    "cascade",
    ["  - revive: Powell\n", "  - kill: Alford\n  - revive: Powell\n"],
    "expect converged",
  ],
  [
    "rolling-restart",
    [
      "        - restart: Powell\n",
      "        - kill: all\n        - revive: all\n",
    ],
    "expect kiwi at",
  ],
  ["flapping-link", ["duration: 300ms", "duration: 1h"], "expect converged"],
  ["slow-link", ["targets: Alford-Parker", "targets: all"], "expect kiwi on"],
  ["frozen-server", ["  - resume: Powell\n", ""], "expect kiwi at"],
  ["lost-lines", ["  - reset: Parker-Hamilton\n", ""], "expect converged"],
  ["clock-skew", ["offset: -876600h", "offset: -1h"], "send"],
  ["one-way-cut", ["Hamilton>Parker", "Hamilton-Parker"], "expect kiwi on"],
  [
    "thundering-herd",
    ["  - kill: rest\n", "  - kill: all\n"],
    "expect converged",
  ],
];

async function run(name: string, text: string): Promise<DrillResult> {
  const { scenario, topology, problems } = parseScenario(
    text,
    name,
    (spec) => loadTopology(spec),
  );
  assert(scenario && topology, printProblems(problems, text));
  return await runScenario(scenario, topology, { seed: SEED });
}

function failures({ steps }: DrillResult): string[] {
  return steps.flatMap(({ step, failure }) =>
    failure === undefined ? [] : [describeStep(step)]
  );
}

for (const [drill, [what, by], found] of DRILLS) {
  const name = `${drill}.yaml`;

  Deno.test(`${name} passes, leaves no fault and has none that is vacuous`, async () => {
    const text = await Deno.readTextFile(new URL(name, FOLDER));
    const result = await run(name, text);
    assertEquals(failures(result), [], summary(result));
    assertEquals(result.incidents, []);
    assertEquals(result.residual, []);
    assertEquals(result.vacuous, []);
  });

  Deno.test(`${name} fails where its point is broken`, async () => {
    const text = await Deno.readTextFile(new URL(name, FOLDER));
    assertStringIncludes(text, what);
    const result = await run(name, text.replace(what, by));
    assert(
      failures(result).some((step) => step.startsWith(found)),
      summary(result),
    );
  });
}
