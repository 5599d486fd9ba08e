/**
 * How many updates a second a whole herd takes in and passes to every server.
 *
 * @module
 */
import { nowMs } from "../../herd/net/clock.ts";
import type { Herd } from "../../sim/live/herd/herd.ts";
import { median } from "../report/figures.ts";
import type { Burst, BurstLoad } from "./burst.ts";
import type { Processes } from "./processes.ts";

/** Updates under way on each connection. */
const IN_FLIGHT = 1_000;
const POLL_MS = 4;
const DEADLINE_MS = 60_000;

/** What is measured with. */
export interface BurstPlan {
  /** Clients, one update each a burst; spread evenly over all servers. */
  readonly clients: number;
  /** Bursts that count, after one that does not. */
  readonly bursts: number;
}

/**
 * Converged updates a second: bursts of one update of each client, sent to all
 * servers evenly, from the first one sent until the last server holds the last.
 * No client moves twice in a burst, so none is superseded on its way: each
 * update has to get to each server.
 */
export async function convergedPerSecond(
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
  await using generator = processes.module("burst.ts", [JSON.stringify(load)]);
  const rates: number[] = [];
  for (let burst = 0; burst <= plan.bursts; burst++) {
    const { startedMs } = await generator.ask<Burst>("burst");
    const heldMs = await untilStored(herd, updates * (burst + 1));
    if (burst > 0) rates.push(updates / (heldMs - startedMs) * 1_000);
  }
  return median(rates);
}

/** Waits until each server has stored so many fixes; when that was seen. */
async function untilStored(herd: Herd, fixes: number): Promise<number> {
  const endMs = nowMs() + DEADLINE_MS;
  for (const name of herd.names) {
    while ((await herd.stats(name)).stored < fixes) {
      if (nowMs() > endMs) throw new Error(`${name} did not get all updates`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
  return nowMs();
}
