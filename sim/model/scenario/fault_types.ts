/**
 * The types of the steps that break something, or mend it: what is done to
 * servers, links, clocks and the places service.
 *
 * @module
 */
import type { LinkFault } from "../faults/faults.ts";
import type { Misbehaviour } from "../faults/misbehaviour.ts";
import type { Shape } from "../faults/partition.ts";
import type { Mode } from "../faults/targets.ts";
import type { ServerList } from "../topology/topology.ts";

/** What can be done to a server's process. */
export const PROCESS_FAULTS = [
  "kill",
  "crash",
  "revive",
  "restart",
  "pause",
  "resume",
] as const;

/** One of {@linkcode PROCESS_FAULTS}. */
export type ProcessFault = typeof PROCESS_FAULTS[number];

/** Whether a step does something to servers' processes. */
export function isFaultStep<T extends { readonly kind: string }>(
  step: T,
): step is Extract<T, { readonly kind: ProcessFault }> {
  return PROCESS_FAULTS.some((kind) => kind === step.kind);
}

/** What steps that bring a fault about have in common. */
export interface FaultFields {
  /** How many of the targets it is for, by chance; all by default. */
  readonly mode?: Mode;
  /** How long it lasts; until it is healed by default. */
  readonly durationMs?: number;
  /** What it is called. */
  readonly id?: string;
}

/** Something is done to servers, to all of them at once. */
export interface FaultStep extends FaultFields {
  /** Which fault. */
  readonly kind: ProcessFault;
  /** Which servers. */
  readonly servers: ServerList;
}

/** A fault is put on links. */
export interface LinkFaultStep extends FaultFields {
  /** Which step it is: the kind of the fault. */
  readonly kind: LinkFault["kind"];
  /** The fault, with its settings. */
  readonly fault: LinkFault;
  /** Links, ways of links, servers or `all`. */
  readonly targets: ServerList;
}

/** The links between groups of servers are cut. */
export interface PartitionStep extends Omit<FaultFields, "mode"> {
  /** Which step it is. */
  readonly kind: "partition";
  /** The shape, by which the groups are left to chance. */
  readonly shape?: Shape;
  /** The groups, where there is no shape. */
  readonly groups: readonly ServerList[];
}

/** The connections of links are reset. */
export interface ResetStep extends Omit<FaultFields, "durationMs"> {
  /** Which step it is. */
  readonly kind: "reset";
  /** Links, servers or `all`. */
  readonly targets: ServerList;
}

/** The clocks of servers go wrong. */
export interface ClockSkewStep extends FaultFields {
  /** Which step it is. */
  readonly kind: "clock_skew";
  /** Which servers. */
  readonly targets: ServerList;
  /** How far they are ahead; below 0: behind. */
  readonly offsetMs: number;
  /** Parts per million that they are fast; below 0: slow. */
  readonly driftPpm: number;
}

/** Faults are taken back. */
export interface HealStep {
  /** Which step it is. */
  readonly kind: "heal";
  /** Faults by ID, targets, or `all`. */
  readonly what: ServerList;
}

/** The embedded places service misbehaves, or behaves again. */
export interface PlacesStep extends Omit<FaultFields, "mode"> {
  /** Which step it is. */
  readonly kind: "places";
  /** How, until another step tells. */
  readonly behaviour: Misbehaviour;
}

/** One server after another, by chance, is killed and revived. */
export interface ChurnStep {
  /** Which step it is. */
  readonly kind: "churn";
  /** From one kill to the next. */
  readonly everyMs: number;
  /** From a kill to the revival. */
  readonly downMs: number;
  /** How long it lasts. */
  readonly durationMs: number;
  /** Which servers. */
  readonly servers: ServerList;
}

/** What a `random` step may draw. */
export type RandomAction = "iamat" | "wait" | Exclude<ProcessFault, "crash">;

/** Steps drawn by chance; they take the place of this one before a run. */
export interface RandomStep {
  /** Which step it is. */
  readonly kind: "random";
  /** How many. */
  readonly count: number;
  /** What may be drawn. */
  readonly of: readonly RandomAction[];
  /** Clients `c1`, `c2`, … whose fixes are drawn. */
  readonly clients: number;
  /** Their times are drawn from so many. */
  readonly times: number;
  /** No fault is drawn that would leave fewer servers up. */
  readonly minAlive: number;
}

/** What a `nemesis` may choose. */
export type NemesisFault =
  | "kill"
  | "crash"
  | "pause"
  | "clock_skew"
  | "partition"
  | "reset"
  | "cut"
  | "latency"
  | "bandwidth"
  | "slicer"
  | "limit_data"
  | "slow_close"
  | "timeout"
  | "loss"
  | "duplicate"
  | "reorder"
  | "corrupt";

/** A random mix of faults at intervals. */
export interface NemesisStep {
  /** Which step it is. */
  readonly kind: "nemesis";
  /** From one fault to the next. */
  readonly everyMs: number;
  /** How long each stands. */
  readonly faultMs: number;
  /** How long it lasts. */
  readonly durationMs: number;
  /** What it chooses from. */
  readonly faults: readonly NemesisFault[];
  /** Servers that are neither killed, crashed nor paused, at least. */
  readonly minAlive: number;
}
