import { assert, assertEquals, assertRejects } from "@std/assert";
import { assertMatch, assertStringIncludes } from "@std/assert";
import { DrillView } from "../../../../sim/live/cli/drill_view.ts";
import { showFailed } from "../../../../sim/live/cli/failed_run.ts";
import { parseScenarioArguments } from "../../../../sim/live/cli/scenario_options.ts";
import { planOf, wholePlan } from "../../../../sim/live/drill/plan.ts";
import { runScenario } from "../../../../sim/live/drill/runner.ts";
import type { RunRecord } from "../../../../sim/model/report/run_record.ts";
import { printed } from "./printed.ts";
import { scenarioHere } from "./scenario_here.ts";
import { scenarioAlone } from "./scenario_program.ts";

/** What it does differs from seed to seed, and so do the checks that fail. */
const DRILL = `topology: line:2
steps:
  - random: {steps: 6, clients: 2, times: 2, of: [iamat, wait], swarm: true}
  - expect: {converged: all, within: 30s}
checks: [updates < 3, ties == 0]
`;

Deno.test("task scenario --keep-going makes one failure of each check small, and runs it in threads", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const reports = `${folder}/reports`;
    const args = ["d.yaml", "--no-log", "--world", "virtual", "--seed", "1"];
    const many = [...args, "--runs", "8", "--keep-going", "--replays", "2"];
    const { code, out, err } = await scenarioHere(
      [...many, "--report-dir", reports, "--json"],
      { "d.yaml": DRILL },
    );
    assertEquals(code, 1, err);
    const events = out.trimEnd().split("\n").map((line) => JSON.parse(line));
    const { groups } = events.find(({ event }) => event === "groups");
    assertEquals(groups.length, 2, out);
    const checks = groups.flatMap((it: { checks: string[] }) => it.checks);
    assertEquals(checks.toSorted(), ["ties == 0", "updates < 3"]);
    const { failed } = events.find(({ event }) => event === "runs");
    for (const { plan, seeds, replays, checks } of groups) {
      assert(
        seeds.length > 0 && seeds.every((it: number) => failed.includes(it)),
      );
      const times = { otherwise: 0, failed: 10, runs: 10 };
      assertEquals(replays, [
        { ...times, world: "virtual" },
        { ...times, world: "threads", failed: 2, runs: 2 },
      ]);
      assertStringIncludes(
        await Deno.readTextFile(plan),
        "# It failed 10 of 10 times in virtual time, 2 of 2 in threads.\n",
      );
      const its = plan.replace(/[^/]+$/, "");
      const read = (name: string) => Deno.readTextFile(`${its}${name}`);
      const record: RunRecord = JSON.parse(await read("results.json"));
      assertEquals(record.smallest?.checks, checks);
      assertEquals(record.smallest?.plan, "minimal.yaml");
      const told = "failed 10 of 10 times in virtual time, 2 of 2 in threads";
      assertStringIncludes(await read("junit.xml"), told);
      assertStringIncludes(await read("report.html"), told);
      for (const name of ["junit.xml", "index.html"]) {
        const all = await Deno.readTextFile(`${reports}/${name}`);
        assertStringIncludes(all, told);
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("task scenario tells why the smallest plan of a seed is not run in threads", async () => {
  const drill = DRILL.replace("steps:\n", "steps:\n  - wait: 2m\n");
  const { code, out, plan = "" } = await scenarioAlone(
    ["d.yaml", "--no-log", "--world", "virtual", "--runs", "40", "--quiet"],
    { "d.yaml": drill },
  );
  assertEquals(code, 1);
  assertMatch(
    out,
    /10 of 10 times in virtual time, not run in threads: one run takes 2m/,
  );
  assertStringIncludes(plan, "not run in threads: one run takes 2m");
});

Deno.test("showFailed() leaves and tells what is known when it is interrupted", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const file = { name: "d.yaml", folder: ".", text: DRILL };
    const wanted = { seed: 3, world: "virtual" } as const;
    const plan = planOf({ ...file, text: DRILL.replace("< 3", "< 0") }, wanted);
    const { scenario, topology, seed } = plan;
    const result = await runScenario(scenario, topology, { seed });
    const options = parseScenarioArguments(["d.yaml", "--quiet"]);
    if (typeof options === "string") throw new Error(options);
    const aborter = new AbortController();
    const { signal } = aborter;
    class Interrupted extends DrillView {
      override minimal(...args: Parameters<DrillView["minimal"]>): void {
        super.minimal(...args);
        aborter.abort(new Error("interrupted"));
      }
    }
    const view = new Interrupted(options);
    const failed = { plan, drawn: wholePlan(plan, wanted), result, folder };
    const { out } = await printed(async () => {
      await assertRejects(
        () => showFailed(failed, { options, view, signal }),
        Error,
        "interrupted",
      );
      return 130;
    });
    assertStringIncludes(out, "smallest plan: ");
    assertStringIncludes(
      await Deno.readTextFile(`${folder}/minimal.yaml`),
      "# It failed 10 of 10 times in virtual time.\n",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
