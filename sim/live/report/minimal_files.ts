/**
 * Writes the smallest plan that fails, and its herd, to files.
 *
 * @module
 */
import { count } from "../../model/count.ts";
import { topologyYaml } from "../../model/report/topology_yaml.ts";
import { withTopology } from "../../model/scenario/drawn.ts";
import type { Minimal, PlanSize } from "../drill/minimize.ts";
import { isThere } from "./report_folder.ts";

/** What the smallest plan is called, if nothing else is called so. */
export const PLAN_FILE = "minimal.yaml";

export interface Origin {
  readonly file: string;
  readonly seed: number;
  readonly steps: number;
}

/**
 * Writes both files to a folder: `minimal.yaml`, or `minimal-2.yaml` and so on
 * where that is there already, and its topology beside it. Returns their paths.
 */
export async function writeMinimal(
  minimal: Minimal,
  origin: Origin,
  folder: string,
): Promise<{ plan: string; topology: string }> {
  for (let number = 1;; number++) {
    const name = number === 1 ? "minimal" : `minimal-${number}`;
    const topologyFile = `${name}.topology.yaml`;
    const plan = join(folder, `${name}.yaml`);
    const topology = join(folder, topologyFile);
    if (await isThere(plan) || await isThere(topology)) continue;
    const text = topologyYaml(minimal.topology);
    await Deno.writeTextFile(topology, text, { createNew: true });
    await Deno.writeTextFile(plan, planOf(minimal, origin, topologyFile), {
      createNew: true,
    });
    return { plan, topology };
  }
}

function join(folder: string, name: string): string {
  return folder === "." ? name : `${folder}/${name}`;
}

function planOf(
  minimal: Minimal,
  { file, seed, steps }: Origin,
  topologyFile: string,
): string {
  const { size, reproduced, text } = minimal;
  // The comment stands last, so that what was told of lines stays true.
  return [
    withTopology(text, topologyFile).trimEnd(),
    "",
    `# ${file} with seed ${seed} failed. Of its ${count(steps, "step")} these`,
    `# are enough: ${sizeText(size)}.`,
    `# It failed ${reproduced.failed} of ${reproduced.runs} times.`,
    "",
  ].join("\n");
}

/** How large a plan is, for people. */
export function sizeText({ steps, clients, servers }: PlanSize): string {
  return `${count(steps, "step")} by ${count(clients, "client")} on ` +
    count(servers, "server");
}
