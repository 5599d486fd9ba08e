/**
 * The steps that do something to links and clocks.
 *
 * @module
 */
import { given } from "../../model/given.ts";
import { isDiskFault } from "../../model/steps/disk_faults.ts";
import { CLOCK_SKEW } from "../../model/steps/clock_skew.ts";
import { count } from "../../model/count.ts";
import { type Actions, oneAction } from "../../model/scenario/actions.ts";
import type { FaultAction } from "../../model/steps/faults.ts";
import { type HubFaultStep, isHubFault } from "../../model/steps/hub_faults.ts";
import type { HealStep } from "../../model/steps/heal.ts";
import type { FaultFields } from "../../model/steps/kind.ts";
import type { PartitionStep } from "../../model/steps/partition.ts";
import type { PlacesStep } from "../../model/steps/places.ts";
import type { FaultStep } from "../../model/steps/server_faults.ts";
import type { FaultHandle, FaultRecord } from "../faults/fault_book.ts";
import {
  cutOf,
  type FaultController,
  type PartitionHandle,
} from "../faults/fault_controller.ts";
import type { PlacesFault } from "../faults/faults_around.ts";
import { skipped } from "./outcomes.ts";
import type { Outcome, Stage } from "./stage.ts";

export type AnyFaultStep =
  | Exclude<FaultAction, FaultStep>
  | PlacesStep
  | HubFaultStep
  | HealStep;

/** Takes one of these steps; the outcome tells what was really touched. */
export async function takeFaultStep(
  step: AnyFaultStep,
  stage: Stage,
): Promise<Outcome> {
  const { faults } = stage.herd;
  if (step.kind === "heal") {
    const healed = [];
    for (const what of step.what) {
      healed.push(...await faults.heal(what));
      stage.heal(what);
    }
    return { note: healedText(healed) };
  }
  if (step.kind === "places" && step.behaviour === "none") {
    await faults.around.placesBehave();
    return {};
  }
  const { keeping } = stage.herd;
  if (isDiskFault(step) && !keeping.hasDisks) {
    return skipped("the servers keep nothing on disk");
  }
  const fault = await beginFault(step, faults);
  if (isHubFault(step) || step.kind === "places") return onText(fault);
  switch (step.kind) {
    case "partition": {
      const { shape: _, ...rest } = step;
      const { groups } = fault as PartitionHandle;
      const actions = oneAction({ ...rest, id: fault.name, groups });
      return { ...onText(fault), actions };
    }
    case "reset": {
      const { targets, touched } = fault as FaultRecord;
      const note = `${count(touched, "connection")} of ${targets.join(", ")}`;
      return { note, actions: settled(step, fault) };
    }
    default:
      return { ...onText(fault), actions: settled(step, fault) };
  }
}

/** Brings about the fault of such a step; `places` must name a misbehaviour. */
export async function beginFault(
  step: Exclude<AnyFaultStep, HealStep>,
  faults: FaultController,
): Promise<FaultHandle | FaultRecord | PartitionHandle> {
  const options = optionsOf(step);
  if (isDiskFault(step)) {
    return await faults.processes.disk(step.targets, step, options);
  }
  if (isHubFault(step)) return await faults.hub.begin(step, options);
  switch (step.kind) {
    case "places":
      return await faults.around.places(
        step.behaviour as PlacesFault,
        options,
      );
    case "partition":
      return await faults.partition(step.shape ?? step.groups, {
        ...options,
        ...cutOf(step),
      });
    case "reset":
      return await faults.reset(step.targets, options);
    case CLOCK_SKEW:
      return await faults.processes.skew(step.targets, step, options);
    default:
      return await faults.begin(step.fault, step.targets, options);
  }
}

/** The step, on what it really was on. */
function settled(
  step: Exclude<FaultAction, FaultStep | PartitionStep>,
  { name: id, targets }: Pick<FaultRecord, "name" | "targets">,
): Actions {
  const { mode: _, ...rest } = step;
  return targets.length === 0
    ? []
    : oneAction({ ...rest, id, targets } as FaultAction);
}

/** What all faults may have, as it is told of one of them. */
export function optionsOf(fields: FaultFields): FaultFields {
  const { mode, durationMs, id } = fields;
  return given({ mode, durationMs, id });
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
