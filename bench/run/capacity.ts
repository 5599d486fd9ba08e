/**
 * How many updates a second a whole herd receives and sends to every server: as
 * fast as they are accepted, and at a steady rate.
 *
 * The first is higher: where updates wait for each other, many go in one write.
 *
 * @module
 */
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import type { Herd } from "../../sim/live/herd/herd.ts";
import { median } from "../report/figures.ts";
import type { Burst, BurstLoad } from "./burst.ts";
import { inTime } from "./in_time.ts";
import type { Processes } from "./processes.ts";
import { openLoopOver } from "./traced.ts";

const { clock } = denoPlatform;
/** Updates in flight on each connection. */
const IN_FLIGHT = 1_000;
const POLL_MS = 4;
const DEADLINE_MS = 60_000;

export interface BurstPlan {
  /** Clients, one update each per burst; spread evenly over all servers. */
  readonly clients: number;
  /** Milliseconds of warm-up bursts; there is at least one. */
  readonly warmupMs: number;
  readonly bursts: number;
}

/**
 * Updates a second in bursts of one update of each client, sent to all servers
 * evenly, from the first one sent until the last server holds the last. No
 * client moves twice in a burst, so none is superseded on its way: each update
 * has to reach each server.
 */
export async function burstPerSecond(
  processes: Processes,
  herd: Herd,
  plan: BurstPlan,
): Promise<number> {
  const clients = Math.ceil(plan.clients / herd.names.length);
  const load: BurstLoad = {
    ports: herd.names.map((name) => herd.address(name).port),
    clients,
    inFlight: IN_FLIGHT,
  };
  const updates = clients * herd.names.length;
  await using generator = processes.module("burst.ts", [load]);
  const rates: number[] = [];
  const warmMs = clock.nowMs() + plan.warmupMs;
  for (let stored = 0; rates.length < plan.bursts;) {
    const isWarm = stored > 0 && clock.nowMs() >= warmMs;
    const { startedMs } = await generator.answer<Burst>("burst");
    stored += updates;
    const heldMs = await untilStored(herd, stored);
    if (isWarm) rates.push(updates / (heldMs - startedMs) * 1_000);
  }
  return median(rates);
}

/** Waits until each server has stored so many fixes; returns the time. */
async function untilStored(herd: Herd, fixes: number): Promise<number> {
  for (const name of herd.names) {
    const hasAll = async () => (await herd.stats(name)).stored >= fixes;
    if (await inTime(hasAll, DEADLINE_MS, POLL_MS)) continue;
    throw new Error(`${name} did not get all updates`);
  }
  return clock.nowMs();
}

/** How to find a steady rate. */
export interface SteadyPlan {
  /** Milliseconds for which each rate is kept up. */
  readonly rateMs: number;
  readonly tries: number;
}

/** The lowest rate to try, as a share of the one in bursts. */
const SHARE_MIN = 1 / 32;
/**
 * Milliseconds after the last update by which all servers must hold all of
 * them.
 */
const BEHIND_MS_MAX = 100;
const STEADY_CLIENTS = 20_000;
const SETTLED_MS = 20_000;

/**
 * The highest steady rate that a herd and the generator keep up with: no update
 * is sent more than 100 ms late, and 100 ms after the last one all servers hold
 * all of them, none superseded. Found by bisection below `burst`, the rate in
 * bursts. A rate is tried twice before it counts as too high.
 */
export async function steadyPerSecond(
  processes: Processes,
  herd: Herd,
  burst: number,
  { rateMs, tries }: SteadyPlan,
): Promise<number> {
  let [low, high] = [burst * SHARE_MIN, burst];
  for (let number = 0; number < tries; number++) {
    const ratePerSecond = Math.round(Math.sqrt(low * high));
    const keepsUp = async () => {
      const isKept = await keptUp(processes, herd, ratePerSecond, rateMs);
      await herd.converged({ withinMs: SETTLED_MS });
      return isKept;
    };
    // After an overload, trees must be repaired: the first try may suffer from
    // it.
    if (await keepsUp() || await keepsUp()) low = ratePerSecond;
    else high = ratePerSecond;
  }
  return low;
}

async function keptUp(
  processes: Processes,
  herd: Herd,
  ratePerSecond: number,
  measureMs: number,
): Promise<boolean> {
  const stored = async () => {
    const stats = await Promise.all(herd.names.map((it) => herd.stats(it)));
    return Math.min(...stats.map((it) => it.stored));
  };
  const before = await stored();
  const { sent, late } = await openLoopOver(processes, herd, {
    ratePerSecond,
    warmupMs: 0,
    measureMs,
    clients: STEADY_CLIENTS,
  });
  // A late generator has not kept up the rate itself.
  if (late.max > BEHIND_MS_MAX) return false;
  const haveAll = async () => await stored() >= before + sent;
  return await inTime(haveAll, BEHIND_MS_MAX, POLL_MS);
}
