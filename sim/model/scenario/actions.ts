/**
 * What steps really did, or will do: faults with their chosen targets, and how
 * to write them as steps that leave nothing to chance.
 *
 * @module
 */
import { type FaultAction, writtenAction } from "../steps/faults.ts";
import type { AnyStep } from "../steps/kind.ts";
import { courseOf, type ProcessFault } from "../steps/server_faults.ts";
import type { WrittenStep } from "./random_steps.ts";

export interface TimedAction {
  /** Milliseconds since its step began. */
  readonly atMs: number;
  /** How long the next action of its list had to wait for it; 0 by default. */
  readonly tookMs?: number;
  readonly action: AnyStep;
}

/** What one step did: lists of actions that ran in parallel. */
export type Actions = readonly (readonly TimedAction[])[];

/**
 * The actions of each step, one entry for each time it ran; `undefined` if
 * unknown.
 */
export type ActionsOf<Step> = ReadonlyMap<
  Step,
  readonly (Actions | undefined)[]
>;

/** The actions of a step that did one thing immediately. */
export function oneAction(action: FaultAction): Actions {
  return [[{ atMs: 0, action }]];
}

/** A fault that lasts, such as a kill, and its end some milliseconds later. */
export function downAndUp(
  kind: ProcessFault,
  servers: readonly string[],
  atMs: number,
  downMs: number,
): TimedAction[] {
  const { back } = courseOf(kind).lasting!;
  const action = (kind: ProcessFault): FaultAction => ({ kind, servers });
  return [
    { atMs, action: action(kind) },
    { atMs: atMs + downMs, action: action(back) },
  ];
}

export function writtenWait(durationMs: number): WrittenStep {
  return { wait: `${Math.round(durationMs)}ms` };
}

/** The steps that repeat a list of actions, each at its time. */
export function writtenInTime(actions: readonly TimedAction[]): WrittenStep[] {
  let nowMs = 0;
  return actions.flatMap(({ atMs, tookMs = 0, action }) => {
    const waitMs = atMs - nowMs;
    nowMs = atMs + tookMs;
    return waitMs < 1
      ? [writtenAction(action)]
      : [writtenWait(waitMs), writtenAction(action)];
  });
}
