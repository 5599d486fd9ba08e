/**
 * The steps that do something to links and clocks.
 *
 * @module
 */
import { count } from "../../model/scenario/describe.ts";
import type {
  ClockSkewStep,
  FaultFields,
  HealStep,
  LinkFaultStep,
  PartitionStep,
  ResetStep,
} from "../../model/scenario/fault_types.ts";
import type { FaultRecord } from "../faults/fault_controller.ts";
import type { Outcome, Stage } from "./stage.ts";

/** A step of this module. */
export type AnyFaultStep =
  | LinkFaultStep
  | PartitionStep
  | ResetStep
  | ClockSkewStep
  | HealStep;

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
    case "partition": {
      const { shape, groups } = step;
      return onText(await faults.partition(shape ?? groups, options));
    }
    case "reset": {
      const { targets, touched } = await faults.reset(step.targets, options);
      const note = `${count(touched, "connection")} of ${targets.join(", ")}`;
      return { note };
    }
    case "clock_skew":
      return onText(await faults.skew(step.targets, step, options));
    default:
      return onText(await faults.begin(step.fault, step.targets, options));
  }
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
  return records.map(({ id, touched }) => `${id} touched ${touched}`)
    .join(", ") || "nothing had to be taken back";
}
