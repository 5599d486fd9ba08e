/**
 * The steps that do something to links and clocks.
 *
 * @module
 */
import { count } from "../../model/count.ts";
import { type Deeds, oneDeed } from "../../model/scenario/deeds.ts";
import type { Deed } from "../../model/steps/faults.ts";
import type { HealStep } from "../../model/steps/heal.ts";
import type { FaultFields } from "../../model/steps/kind.ts";
import type { PartitionStep } from "../../model/steps/partition.ts";
import type { PlacesStep } from "../../model/steps/places.ts";
import type { FaultStep } from "../../model/steps/server_faults.ts";
import type { FaultRecord } from "../faults/fault_book.ts";
import type { Outcome, Stage } from "./stage.ts";

export type AnyFaultStep = Exclude<Deed, FaultStep> | PlacesStep | HealStep;

/** Takes one of these steps; the outcome tells what was really touched. */
export async function takeFaultStep(
  step: AnyFaultStep,
  stage: Stage,
): Promise<Outcome> {
  const { faults } = stage.herd;
  if (step.kind === "heal") {
    const healed = [];
    for (const what of step.what) healed.push(...await faults.heal(what));
    return { note: healedText(healed) };
  }
  const options = optionsOf(step);
  switch (step.kind) {
    case "places": {
      const { behaviour } = step;
      if (behaviour !== "none") {
        return onText(await faults.around.places(behaviour, options));
      }
      await faults.around.placesBehave();
      return {};
    }
    case "partition": {
      const { shape, ...rest } = step;
      const fault = await faults.partition(shape ?? step.groups, options);
      const { name: id, groups } = fault;
      return { ...onText(fault), deeds: oneDeed({ ...rest, id, groups }) };
    }
    case "reset": {
      const fault = await faults.reset(step.targets, options);
      const { targets, touched } = fault;
      const note = `${count(touched, "connection")} of ${targets.join(", ")}`;
      return { note, deeds: settled(step, fault) };
    }
    case "clock_skew": {
      const fault = await faults.processes.skew(step.targets, step, options);
      return { ...onText(fault), deeds: settled(step, fault) };
    }
    default: {
      const fault = await faults.begin(step.fault, step.targets, options);
      return { ...onText(fault), deeds: settled(step, fault) };
    }
  }
}

/** The step, on what it really was on. */
function settled(
  step: Exclude<AnyFaultStep, PartitionStep | PlacesStep | HealStep>,
  { name: id, targets }: Pick<FaultRecord, "name" | "targets">,
): Deeds {
  const { mode: _, ...rest } = step;
  return targets.length === 0 ? [] : oneDeed({ ...rest, id, targets } as Deed);
}

function optionsOf(fields: FaultFields): FaultFields {
  const { mode, durationMs, id } = fields;
  return {
    ...mode !== undefined && { mode },
    ...durationMs !== undefined && { durationMs },
    ...id !== undefined && { id },
  };
}

function onText(fault: { id: string; targets: readonly string[] }): Outcome {
  return { note: `${fault.id} on ${fault.targets.join(", ") || "nothing"}` };
}

function healedText(records: readonly FaultRecord[]): string {
  return records.map(({ id, touched, left }) =>
    left.length === 0
      ? `${id} touched ${touched}`
      : `${id} in part, left on ${left.join(" and ")}`
  ).join(", ") || "nothing had to be taken back";
}
