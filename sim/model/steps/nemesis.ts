/**
 * The nemesis: a random mix of faults at intervals, planned from a seed before
 * anything is done. The word is Jepsen's.
 *
 * @module
 */
import * as z from "zod";
import { formatDuration } from "../duration.ts";
import { COUNT_MAX } from "../numbers.ts";
import type { Random } from "../random.ts";
import type { Topology } from "../topology/topology.ts";
import { isYamlMap, type YamlValue } from "../yaml.ts";
import { boundedBy } from "./bounded.ts";
import {
  type FaultAction,
  MILD_FAULTS,
  NEMESIS_FAULTS,
  nemesisUse,
} from "./faults.ts";
import { aboveZero, wholeNumber } from "./fields.ts";
import { planned, type StepOf } from "./kind.ts";

const HARSH_FAULTS = NEMESIS_FAULTS.filter((it) => !MILD_FAULTS.includes(it));

const shape = {
  every: aboveZero("From one fault to the next."),
  for: aboveZero("How long."),
  duration: aboveZero("How long each fault lasts; 500ms by default.")
    .default(500),
  faults: z.array(z.enum(NEMESIS_FAULTS)).min(1).default([...MILD_FAULTS])
    .meta({
      description: "What it chooses from; by default all but " +
        `${HARSH_FAULTS.join(" and ")}.`,
    }),
  min_alive: wholeNumber(
    "Servers that are neither killed, crashed nor paused, at least; 1 by default.",
    0,
    COUNT_MAX,
  ).default(1),
};
export const nemesis = planned({
  kind: "nemesis",
  does: "Random faults come and go for a while.",
  object: z.strictObject(shape).refine(...boundedBy("nemesis")),
  names: {
    every: "everyMs",
    for: "durationMs",
    duration: "faultMs",
    min_alive: "minAlive",
  },
  describe: ({ faults, everyMs, durationMs }) =>
    `nemesis of ${faults.join(", ")} every ${formatDuration(everyMs)} ` +
    `for ${formatDuration(durationMs)}`,
  isFault: true,
  isTimed: true,
  isOfLinks: true,
  isDisturbing: true,
  brings: chosenBy,
});

export type NemesisStep = StepOf<typeof nemesis>;

/** The faults that a nemesis in a file may use. */
function chosenBy(fields: YamlValue): readonly string[] {
  const told = isYamlMap(fields) ? fields["faults"] : undefined;
  if (told === undefined) return MILD_FAULTS;
  return [told].flat().filter((name) => typeof name === "string");
}

/** A fault with its targets and its time. */
export interface PlannedFault {
  /** Milliseconds from the beginning. */
  readonly atMs: number;
  /** The action, with its final targets. */
  readonly action: FaultAction;
}

/**
 * The plan of a nemesis: a fault each `everyMs`, each active for `faultMs` and
 * ended by the end. A kill, crash or pause that would leave fewer than
 * `minAlive` servers is skipped.
 */
export function nemesisPlan(
  step: Omit<NemesisStep, "kind">,
  topology: Topology,
  random: Random,
): PlannedFault[] {
  const { everyMs, durationMs, faultMs, faults, minAlive } = step;
  const names = topology.servers.map(({ name }) => name);
  const downUntilMs = new Map<string, number>();
  const plan: PlannedFault[] = [];
  for (let atMs = 0; atMs + faultMs <= durationMs; atMs += everyMs) {
    const alive = names.filter((name) => (downUntilMs.get(name) ?? -1) < atMs);
    const { on, action } = nemesisUse(random.pick(faults));
    if (on === "up" && alive.length <= minAlive) continue;
    if (on === "links" && topology.links.length === 0) continue;
    const target = on === "links"
      ? random.pick(topology.links).join("-")
      : random.pick(on === "up" ? alive : names);
    // A restarted server needs a moment before it is hit again.
    if (on === "up") downUntilMs.set(target, atMs + 2 * faultMs);
    plan.push({ atMs, action: action([target], faultMs, topology, random) });
  }
  return plan;
}
