/**
 * Writes the smallest plan that fails, and its herd, to files.
 *
 * @module
 */
import { count } from "../../model/scenario/describe.ts";
import { topologyYaml } from "../../model/report/topology_yaml.ts";
import type { Minimal } from "../drill/minimize.ts";

/** What the smallest plan is called. */
export const PLAN_FILE = "minimal.yaml";
const TOPOLOGY_FILE = "minimal.topology.yaml";

/** Where a plan came from. */
export interface Origin {
  /** The drill's file. */
  readonly file: string;
  /** The seed of the run that failed. */
  readonly seed: number;
  /** The number of its steps. */
  readonly steps: number;
}

/** Writes both files to the working folder; returns their names. */
export async function writeMinimal(
  minimal: Minimal,
  origin: Origin,
): Promise<{ plan: string; topology: string }> {
  await Deno.writeTextFile(TOPOLOGY_FILE, topologyYaml(minimal.topology));
  await Deno.writeTextFile(PLAN_FILE, planOf(minimal, origin));
  return { plan: PLAN_FILE, topology: TOPOLOGY_FILE };
}

function planOf(minimal: Minimal, { file, seed, steps }: Origin): string {
  const { topology, reproduced, text } = minimal;
  const servers = count(topology.servers.length, "server");
  // The comment stands last, so that what was told of lines stays true.
  return [
    text.replace(/^topology: .*$/m, `topology: ${TOPOLOGY_FILE}`).trimEnd(),
    "",
    `# ${file} with seed ${seed} failed. Of its ${count(steps, "step")} these`,
    `# are enough: ${count(minimal.steps, "step")} on ${servers}.`,
    `# It failed ${reproduced.failed} of ${reproduced.runs} times.`,
    "",
  ].join("\n");
}
