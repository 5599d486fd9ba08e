/**
 * What steps really did, or will do: faults with the targets that were chosen,
 * and how these are written as steps that leave nothing to chance.
 *
 * @module
 */
import type { LinkFault } from "../faults/faults.ts";
import type { WrittenStep } from "./random_steps.ts";
import {
  type ClockSkewStep,
  type FaultFields,
  type FaultStep,
  isFaultStep,
  type LinkFaultStep,
  type PartitionStep,
  type ResetStep,
} from "./fault_types.ts";

/** A fault whose targets are settled. */
export type Deed =
  | FaultStep
  | LinkFaultStep
  | PartitionStep
  | ResetStep
  | ClockSkewStep;

/** A deed, and when it was done. */
export interface TimedDeed {
  /** Milliseconds since its step began. */
  readonly atMs: number;
  /** How long the next one of its list had to wait for it; none by default. */
  readonly tookMs?: number;
  /** What was done. */
  readonly deed: Deed;
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
  return [
    { atMs, deed: { kind, servers } },
    { atMs: atMs + downMs, deed: { kind: back, servers } },
  ];
}

/**
 * A step as it is written that does a deed again.
 *
 * @example
 * ```ts
 * import { writtenDeed } from "./deeds.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const kill = { kind: "kill", servers: ["Powell"], durationMs: 500 } as const;
 * assertEquals(writtenDeed(kill), {
 *   kill: { targets: ["Powell"], duration: "500ms" },
 * });
 * ```
 */
export function writtenDeed(deed: Deed): WrittenStep {
  if (isFaultStep(deed)) {
    return written(deed.kind, { targets: deed.servers }, deed);
  }
  switch (deed.kind) {
    case "partition":
      return written(deed.kind, { groups: deed.groups }, deed);
    case "reset":
      return written(deed.kind, { targets: deed.targets }, deed);
    case "clock_skew": {
      const { targets, offsetMs, driftPpm } = deed;
      const skew = {
        ...offsetMs !== 0 && { offset: ms(offsetMs) },
        ...driftPpm !== 0 && { drift: `${driftPpm}ppm` },
      };
      return written(deed.kind, { targets, ...skew }, deed);
    }
    default: {
      const fields = { targets: deed.targets, ...settings(deed.fault) };
      return written(deed.kind, fields, deed);
    }
  }
}

/** Nothing at all, for a while. */
export function writtenWait(durationMs: number): WrittenStep {
  return { wait: ms(Math.round(durationMs)) };
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

function written(
  kind: Deed["kind"],
  fields: Record<string, unknown>,
  { durationMs, id }: FaultFields,
): WrittenStep {
  return {
    [kind]: {
      ...fields,
      ...durationMs !== undefined && { duration: ms(durationMs) },
      ...id !== undefined && { id },
    },
  };
}

/** The fields of a fault of links, beside those that all have. */
function settings(fault: LinkFault): Record<string, string> {
  switch (fault.kind) {
    case "cut":
      return {};
    case "latency":
      return {
        latency: ms(fault.latencyMs),
        jitter: ms(fault.jitterMs),
        correlation: `${Number((fault.correlation * 100).toFixed(6))}%`,
        distribution: fault.distribution,
      };
    case "bandwidth":
      return { rate: `${fault.bytesPerSecond}B/s` };
    case "slicer":
      return {
        average_size: `${fault.averageBytes}B`,
        size_variation: `${fault.variationBytes}B`,
        delay: ms(fault.delayMs),
      };
    case "limit_data":
      return { bytes: `${fault.bytes}B` };
    case "slow_close":
      return { delay: ms(fault.delayMs) };
    case "timeout":
      return { timeout: ms(fault.timeoutMs) };
    default: {
      const { percent, nth, lines } = fault;
      return {
        ...percent !== undefined && { percent: `${percent}%` },
        ...nth !== undefined && { nth: String(nth) },
        ...lines !== undefined && { lines },
      };
    }
  }
}

function ms(duration: number): string {
  return `${duration}ms`;
}
