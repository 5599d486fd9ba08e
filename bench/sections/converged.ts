/**
 * How many updates a second a whole herd sustains.
 *
 * @module
 */
import { Herd } from "../../sim/live/herd/herd.ts";
import type { Findings, Row } from "../report/results.ts";
import { burstPerSecond, steadyPerSecond } from "../run/capacity.ts";
import { PROACTIVE_MODES, WARMUP_MS } from "../run/modes.ts";
import type { Context, Section } from "./section.ts";

const TOPOLOGY = "2014";

async function run(
  { quick, processes, progress }: Context,
): Promise<Partial<Findings>> {
  const { clients, bursts } = quick
    ? { clients: 1_000, bursts: 1 }
    : { clients: 50_000, bursts: 3 };
  const steady = quick
    ? { rateMs: 100, tries: 2 }
    : { rateMs: 1_000, tries: 5 };
  const rows: Row[] = [];
  for (const mode of PROACTIVE_MODES) {
    const plan = { clients, bursts, warmupMs: quick ? 0 : WARMUP_MS[mode] };
    progress(`${TOPOLOGY}, ${mode}`);
    await using herd = await Herd.start(TOPOLOGY, { places: "none", mode });
    const burst = await burstPerSecond(processes, herd, plan);
    const perSecond = await steadyPerSecond(processes, herd, burst, steady);
    rows.push({ topology: TOPOLOGY, mode, burst, perSecond });
  }
  return {
    notes: [
      `All five servers of ${TOPOLOGY} get updates at the same time. In bursts: ` +
      `${clients.toLocaleString("en-US")} updates, one of each client, so ` +
      "that none is superseded, as fast as they are taken with up to 1,000 under " +
      "way on a connection to each server; from the first line sent until all " +
      "servers hold all of it. Those of the first seconds do not count: trees " +
      "are learned in them.",
      "At a steady rate: the most updates a second, each sent when it is due, of " +
      "which all servers hold all 100 ms after the last one. That is less, for " +
      "updates that wait for each other leave in one write, and those that come " +
      "one by one do not.",
    ],
    tables: [{
      title: "Updates a second that get to all servers",
      columns: [
        { key: "topology", title: "herd" },
        { key: "mode", title: "mode" },
        { key: "perSecond", title: "at a steady rate" },
        { key: "burst", title: "in bursts" },
      ],
      rows,
    }],
  };
}

export const converged: Section = {
  name: "converged",
  title: "Updates a second that a whole herd sustains",
  seconds: 55,
  run,
};
