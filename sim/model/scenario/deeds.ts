/**
 * What steps really did, or will do: faults with the targets that were chosen,
 * and how these are written as steps that leave nothing to chance.
 *
 * @module
 */
import { type Deed, writtenDeed } from "../steps/faults.ts";
import type { AnyStep } from "../steps/kind.ts";
import type { WrittenStep } from "./random_steps.ts";

export interface TimedDeed {
  /** Milliseconds since its step began. */
  readonly atMs: number;
  /** How long the next one of its list had to wait for it; none by default. */
  readonly tookMs?: number;
  readonly deed: AnyStep;
}

/** What one step did: lists of deeds, each list beside the others. */
export type Deeds = readonly (readonly TimedDeed[])[];

/**
 * The deeds of each step, one entry for each time that it is taken; `undefined`
 * where they are not known.
 */
export type DeedsOf<Step> = ReadonlyMap<Step, readonly (Deeds | undefined)[]>;

/** What a step did that did one thing at once. */
export function oneDeed(deed: Deed): Deeds {
  return [[{ atMs: 0, deed }]];
}

/** Servers are killed or paused, and taken back some milliseconds later. */
export function downAndUp(
  kind: "kill" | "pause",
  servers: readonly string[],
  atMs: number,
  downMs: number,
): TimedDeed[] {
  const back = kind === "kill" ? "revive" : "resume";
  const [down, up]: Deed[] = [{ kind, servers }, { kind: back, servers }];
  return [
    { atMs, deed: down! },
    { atMs: atMs + downMs, deed: up! },
  ];
}

/** Nothing at all, for a while. */
export function writtenWait(durationMs: number): WrittenStep {
  return { wait: `${Math.round(durationMs)}ms` };
}

/** The steps that do a list of deeds again, each at its time. */
export function writtenInTime(deeds: readonly TimedDeed[]): WrittenStep[] {
  let nowMs = 0;
  return deeds.flatMap(({ atMs, tookMs = 0, deed }) => {
    const waitMs = atMs - nowMs;
    nowMs = atMs + tookMs;
    return waitMs < 1
      ? [writtenDeed(deed)]
      : [writtenWait(waitMs), writtenDeed(deed)];
  });
}
