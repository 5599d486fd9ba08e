/**
 * How often a plan that failed fails again, in virtual time and in threads.
 *
 * @module
 */
import { count } from "../count.ts";

/** How the same plan came out in a world, run again and again. */
export interface Replay {
  /** `virtual`, `threads`, …: what ran the servers. */
  readonly world: string;
  /** How often it was run. */
  readonly runs: number;
  /** How often it failed by the same checks. */
  readonly failed: number;
  /** How often it failed by others alone. */
  readonly otherwise: number;
  /** Why it was not run, or not as often as it was to be. */
  readonly why?: string;
}

const PLACES: Readonly<Record<string, string>> = {
  virtual: "in virtual time",
  threads: "in threads",
  processes: "in processes",
};

/** `failed 10 of 10 times in virtual time, 3 of 10 in threads`. */
export function replaysText(replays: readonly Replay[]): string {
  const [first, ...others] = replays.map(replayText);
  return [`failed ${first}`, ...others].join(", ");
}

function replayText(
  { world, runs, failed, otherwise, why }: Replay,
  index: number,
): string {
  const where = PLACES[world] ?? `in ${world}`;
  if (runs === 0) return `not run ${where}: ${why}`;
  const times = index === 0 ? ` ${runs === 1 ? "time" : "times"}` : "";
  const rest = [
    ...otherwise > 0 ? [`${otherwise} by other checks`] : [],
    ...why !== undefined ? [`then ended: ${why}`] : [],
  ];
  const told = `${failed} of ${runs}${times} ${where}`;
  return rest.length === 0 ? told : `${told} (${rest.join("; ")})`;
}

/** How large a plan is. */
export interface PlanSize {
  readonly steps: number;
  readonly clients: number;
  readonly servers: number;
}

/** How large a plan is, for people. */
export function sizeText({ steps, clients, servers }: PlanSize): string {
  return `${count(steps, "step")} by ${count(clients, "client")} on ` +
    count(servers, "server");
}

/** The smallest plan of a run that failed. */
export interface SmallestPlan extends PlanSize {
  /** Its file. */
  readonly plan: string;
  /** The checks by which it fails, as the run did. */
  readonly checks: readonly string[];
  /** How often it failed when it was run again. */
  readonly replays: readonly Replay[];
  /** Of many seeds: those that failed by one of these checks. */
  readonly seeds?: readonly number[];
}

/** The same in a report, beside its file. */
export interface ReportedPlan extends SmallestPlan {
  /** All of it, for people. */
  readonly text: string;
}

/** Seeds that are named; the others are counted. */
const NAMED_MAX = 10;

/** `converged: 17 seeds (3, 8, …), minimal.yaml, 5 steps by 1 client on 2 servers, …`. */
export function smallestText(smallest: SmallestPlan): string {
  const { plan, replays, checks, seeds = [] } = smallest;
  const named = seeds.slice(0, NAMED_MAX).join(", ") +
    (seeds.length > NAMED_MAX ? ", …" : "");
  const its = seeds.length === 0
    ? []
    : [`${count(seeds.length, "seed")} (${named})`];
  const told = [
    ...its,
    `${plan}, ${sizeText(smallest)}`,
    ...replays.length === 0 ? [] : [replaysText(replays)],
  ];
  return `${checks.join(", ")}: ${told.join(", ")}`;
}
