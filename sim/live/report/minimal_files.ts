/**
 * Writes the smallest failing plan and its topology to files.
 *
 * @module
 */
import { count } from "../../model/count.ts";
import {
  type Replay,
  replaysText,
  sizeText,
} from "../../model/report/replay.ts";
import { topologyYaml } from "../../model/report/topology_yaml.ts";
import { withTopology } from "../../model/scenario/drawn.ts";
import type { SmallerPlan } from "../drill/minimize.ts";
import { isThere } from "./report_folder.ts";

/** The default name of the plan's file. */
export const PLAN_FILE = "minimal.yaml";

export interface Origin {
  readonly file: string;
  readonly seed: number;
  readonly steps: number;
}

/** The files, and how to add to them. */
export type MinimalFiles = Awaited<ReturnType<typeof writeMinimal>>;

/**
 * Writes both to a folder: `minimal.yaml`, or `minimal-2.yaml` and so on if
 * that exists, with the topology next to it.
 */
export async function writeMinimal(
  smaller: SmallerPlan,
  origin: Origin,
  folder: string,
) {
  for (let number = 1;; number++) {
    const name = number === 1 ? "minimal" : `minimal-${number}`;
    const topologyFile = `${name}.topology.yaml`;
    const plan = join(folder, `${name}.yaml`);
    const topology = join(folder, topologyFile);
    if (await isThere(plan) || await isThere(topology)) continue;
    const text = textOf(smaller, origin, topologyFile);
    await Deno.writeTextFile(topology, topologyYaml(smaller.topology), {
      createNew: true,
    });
    await Deno.writeTextFile(plan, `${text}\n`, { createNew: true });
    /** Adds the results of running it again. */
    const tell = async (replays: readonly Replay[]): Promise<void> => {
      const told = `# It ${replaysText(replays)}.`;
      await Deno.writeTextFile(plan, `${text}\n${told}\n`);
    };
    return { plan, topology, tell };
  }
}

function join(folder: string, name: string): string {
  return folder === "." ? name : `${folder}/${name}`;
}

function textOf(
  { text, size }: SmallerPlan,
  { file, seed, steps }: Origin,
  topologyFile: string,
): string {
  // The comment comes last, so that line numbers in messages stay right.
  return [
    withTopology(text, topologyFile).trimEnd(),
    "",
    `# ${file} with seed ${seed} failed. Of its ${count(steps, "step")} these`,
    `# are enough: ${sizeText(size)}.`,
  ].join("\n");
}
