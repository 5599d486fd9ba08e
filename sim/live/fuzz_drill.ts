/**
 * `deno task scenario … --runs N`: runs seed after seed, and writes the smallest
 * plan that fails to a file.
 *
 * @module
 */
import { count } from "../model/describe.ts";
import { formatDuration } from "../model/duration.ts";
import { planYaml, topologyYaml } from "../model/report/plan.ts";
import { type Paint, passed, resultJson, summary } from "../model/report.ts";
import { type Fuzz, fuzz, type FuzzRun, type Minimal } from "./fuzz.ts";

const PLAN_FILE = "minimal.yaml";
const TOPOLOGY_FILE = "minimal.topology.yaml";

/** How runs are shown. */
export interface FuzzView {
  /** Prints a line, or an event as JSON. */
  readonly print: (line: string | Record<string, unknown>) => void;
  /** Whether a program reads it. */
  readonly json: boolean;
  /** Gives a text its colour. */
  readonly paint?: Paint | undefined;
}

/** Runs the seeds; resolves to whether all passed. */
export async function runSeeds(
  drill: Omit<Fuzz, "onRun" | "onShrunk">,
  { print, json, paint }: FuzzView,
): Promise<boolean> {
  const minimal = await fuzz({
    ...drill,
    onRun: (run) => print(json ? runEvent(run) : runLine(run)),
    onShrunk: (steps, servers) =>
      print(
        json
          ? { event: "shrunk", steps, servers }
          : `  fails too: ${size(steps, servers)}`,
      ),
  });
  if (minimal === undefined) {
    print(
      json
        ? { event: "result", passed: true, runs: drill.runs }
        : `${drill.file}: all ${count(drill.runs, "run")} passed`,
    );
    return true;
  }
  await Deno.writeTextFile(TOPOLOGY_FILE, topologyYaml(minimal.topology));
  await Deno.writeTextFile(PLAN_FILE, planOf(minimal, drill.file));
  const { seed, reproduced, result } = minimal;
  if (json) {
    const files = { plan: PLAN_FILE, topology: TOPOLOGY_FILE };
    print({ ...resultJson(result), seed, reproduced, ...files });
  } else {
    print(`\n${summary(result, paint)}`);
    print(`the plan: ${PLAN_FILE}, its herd: ${TOPOLOGY_FILE}`);
  }
  return false;
}

function runEvent({ seed, result }: FuzzRun): Record<string, unknown> {
  const { tookMs } = result;
  return { event: "run", seed, passed: passed(result), tookMs };
}

function runLine({ seed, result }: FuzzRun): string {
  const outcome = passed(result) ? "passed" : "FAILED";
  const took = formatDuration(result.tookMs);
  return `seed ${seed}: ${outcome}, ${
    count(result.steps.length, "step")
  }, in ${took}`;
}

function size(steps: number, servers: number): string {
  return `${count(steps, "step")} on ${count(servers, "server")}`;
}

function planOf(minimal: Minimal, file: string): string {
  const { seed, stepsBefore, steps, topology, reproduced, text } = minimal;
  return planYaml(text.replace(/^#.*\n/gm, ""), {
    name: "minimal",
    seed,
    topology: TOPOLOGY_FILE,
    comment: `${file} with seed ${seed} fails; of its ` +
      `${count(stepsBefore, "step")} these are enough:\n` +
      `${size(steps, topology.servers.length)}. ` +
      `It failed ${reproduced.failed} of ${reproduced.runs} times.`,
  });
}
