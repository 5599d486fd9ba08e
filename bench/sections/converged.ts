/**
 * How many updates a second a whole herd sustains.
 *
 * @module
 */
import { Herd } from "../../sim/live/herd/herd.ts";
import type { Findings, Row } from "../report/results.ts";
import { convergedPerSecond } from "../run/capacity.ts";
import { PROACTIVE_MODES } from "../run/modes.ts";
import type { Context, Section } from "../section.ts";

const TOPOLOGY = "2014";

async function run({ quick, processes, progress }: Context): Promise<Findings> {
  const plan = quick
    ? { clients: 1_000, bursts: 1 }
    : { clients: 100_000, bursts: 3 };
  const rows: Row[] = [];
  for (const mode of PROACTIVE_MODES) {
    for (const trace of [false, true]) {
      progress(`${TOPOLOGY}, ${mode}${trace ? ", recorded" : ""}`);
      await using herd = await Herd.start(TOPOLOGY, {
        places: "none",
        trace,
        mode,
      });
      const perSecond = await convergedPerSecond(processes, herd, plan);
      rows.push({
        topology: TOPOLOGY,
        mode,
        recorded: trace ? "yes" : "no",
        perSecond,
      });
    }
  }
  return {
    notes: [
      `All five servers of ${TOPOLOGY} get updates at the same time, each from ` +
      `one connection with up to 1,000 under way, in bursts of ` +
      `${
        plan.clients.toLocaleString("en-US")
      } updates, one of each client: none ` +
      "is superseded on its way. A burst counts from its first line sent until " +
      "all servers hold all of it; the figure is the median of the bursts after " +
      "the first one. Recorded: with every delivery written down, as the " +
      "sections on latency need it.",
    ],
    tables: [{
      title: "Updates a second that get to all servers",
      columns: [
        { key: "topology", title: "herd" },
        { key: "mode", title: "mode" },
        { key: "recorded", title: "recorded" },
        { key: "perSecond", title: "updates/s" },
      ],
      rows,
    }],
    plots: [],
    figures: [],
    skipped: [],
  };
}

/** The section. */
export const converged: Section = {
  name: "converged",
  title: "Updates a second that a whole herd sustains",
  seconds: 20,
  run,
};
