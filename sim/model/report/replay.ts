/**
 * How often a failed plan fails again, in virtual time and in threads.
 *
 * @module
 */
import { count } from "../count.ts";

/** The outcomes of one plan in a world, run repeatedly. */
export interface Replay {
  /** `virtual`, `threads`, …: where the servers ran. */
  readonly world: string;
  readonly runs: number;
  /** Number of runs in which one of the same checks failed. */
  readonly failed: number;
  /** Number of runs in which only other checks failed. */
  readonly otherwise: number;
  /** Why it was not run, or less often than intended. */
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

export interface PlanSize {
  readonly steps: number;
  readonly clients: number;
  readonly servers: number;
}

export function sizeText({ steps, clients, servers }: PlanSize): string {
  return `${count(steps, "step")} by ${count(clients, "client")} on ` +
    count(servers, "server");
}

/** The smallest plan of a failed run. */
export interface SmallestPlan extends PlanSize {
  readonly plan: string;
  /** The checks that fail in it, as they did in the run. */
  readonly checks: readonly string[];
  /** The outcomes of its repetitions. */
  readonly replays: readonly Replay[];
  /** Of many seeds: those in which one of these checks failed. */
  readonly seeds?: readonly number[];
}

/** The smallest plan in a report, with its text. */
export interface ReportedPlan extends SmallestPlan {
  readonly text: string;
}

/** Number of seeds that are listed; the others are counted. */
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
