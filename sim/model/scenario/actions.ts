/**
 * What steps really did, or will do: faults with the targets that were chosen,
 * and how these are written as steps that leave nothing to chance.
 *
 * @module
 */
import { type FaultAction, writtenAction } from "../steps/faults.ts";
import type { AnyStep } from "../steps/kind.ts";
import type { WrittenStep } from "./random_steps.ts";

export interface TimedAction {
  /** Milliseconds since its step began. */
  readonly atMs: number;
  /** How long the next one of its list had to wait for it; none by default. */
  readonly tookMs?: number;
  readonly action: AnyStep;
}

/** What one step did: lists of actions, each list beside the others. */
export type Actions = readonly (readonly TimedAction[])[];

/**
 * The actions of each step, one entry for each time that it is taken; `undefined`
 * where they are not known.
 */
export type ActionsOf<Step> = ReadonlyMap<
  Step,
  readonly (Actions | undefined)[]
>;

/** What a step did that did one thing at once. */
export function oneAction(action: FaultAction): Actions {
  return [[{ atMs: 0, action }]];
}

/** Servers are killed or paused, and taken back some milliseconds later. */
export function downAndUp(
  kind: "kill" | "pause",
  servers: readonly string[],
  atMs: number,
  downMs: number,
): TimedAction[] {
  const back = kind === "kill" ? "revive" : "resume";
  const [down, up]: FaultAction[] = [{ kind, servers }, {
    kind: back,
    servers,
  }];
  return [
    { atMs, action: down! },
    { atMs: atMs + downMs, action: up! },
  ];
}

/** Nothing at all, for a while. */
export function writtenWait(durationMs: number): WrittenStep {
  return { wait: `${Math.round(durationMs)}ms` };
}

/** The steps that do a list of actions again, each at its time. */
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
