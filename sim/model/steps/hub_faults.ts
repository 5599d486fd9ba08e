/**
 * The list of faults of a hub that the workbench runs.
 *
 * @module
 */
import { hubCut } from "./hub_cut.ts";
import { hubKill } from "./hub_kill.ts";
import { hubWipe } from "./hub_wipe.ts";
import type { StepOf } from "./kind.ts";

export const HUB_FAULTS = [hubKill, hubWipe, hubCut] as const;

/** A step that puts a fault on a hub. */
export type HubFaultStep = StepOf<typeof HUB_FAULTS[number]>;

export type HubFaultKind = HubFaultStep["kind"];

/** Whether a step, or a command, is a fault of a hub. */
export function isHubFault<T extends { readonly kind: string }>(
  step: T,
): step is Extract<T, { readonly kind: HubFaultKind }> {
  return HUB_FAULTS.some(({ name }) => name === step.kind);
}
