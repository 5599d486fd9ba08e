/**
 * The cost to a herd of being watched on its page.
 *
 * @module
 */
import { Herd } from "../../sim/live/herd/herd.ts";
import { openHerdPage } from "../../sim/live/web/herd_page.ts";
import { median } from "../report/figures.ts";
import type { Findings } from "../report/results.ts";
import { burstPerSecond, type BurstPlan } from "../run/capacity.ts";
import type { Watched } from "../run/watcher.ts";
import type { Context, Section } from "./section.ts";

const TOPOLOGY = "2014";
const PLAN: BurstPlan = { clients: 20_000, warmupMs: 1_000, bursts: 15 };
const QUICK: BurstPlan = { clients: 200, warmupMs: 0, bursts: 1 };
const ROUNDS = 5;
/** The page may cost 5 % at most. */
const SHARE_MIN = 0.95;

type Watching = "nobody" | "a page";

async function perSecond(
  { quick, processes }: Context,
  watching: Watching,
): Promise<number> {
  await using herd = await Herd.start(TOPOLOGY, { places: "none" });
  await using page = await openHerdPage({ herd, port: 0 });
  const plan = quick ? QUICK : PLAN;
  if (watching === "nobody") return await burstPerSecond(processes, herd, plan);
  const { origin } = new URL(page.address);
  await using watcher = processes.module("watcher.ts", [origin]);
  const rate = await burstPerSecond(processes, herd, plan);
  const { batches } = await watcher.ask<Watched>("watched");
  if (batches === 0) throw new Error("The watcher was told nothing");
  return rate;
}

async function run(context: Context): Promise<Findings> {
  const found: Record<Watching, number[]> = { nobody: [], "a page": [] };
  const rounds = context.quick ? 1 : ROUNDS;
  for (let round = 1; round <= rounds; round++) {
    for (const watching of ["nobody", "a page"] as const) {
      context.progress(`watched by ${watching}, round ${round}`);
      found[watching].push(await perSecond(context, watching));
    }
  }
  const rows = (["nobody", "a page"] as const).map((watching) => ({
    watching,
    perSecond: median(found[watching]),
    least: Math.min(...found[watching]),
    most: Math.max(...found[watching]),
  }));
  const ratios = found["a page"].map((it, i) => it / found.nobody[i]!);
  return {
    notes: [
      `A herd of ${TOPOLOGY} in bursts, with nobody watching and with a watcher ` +
      "that reads all that the page reads, in a process of its own, by turns: " +
      `the median of ${rounds}. At such rates updates are not told one by one; ` +
      "flows and figures are.",
    ],
    tables: [{
      title: "Updates a second that get to all servers",
      columns: [
        { key: "watching", title: "watched by" },
        { key: "perSecond", title: "updates/s" },
        { key: "least", title: "least" },
        { key: "most", title: "most" },
      ],
      rows,
    }],
    plots: [],
    figures: [{
      what: "throughput with the page open, to that without",
      measured: median(ratios),
      target: SHARE_MIN,
      bound: "at least",
      unit: "×",
      digits: 2,
    }],
    skipped: [],
  };
}

export const page: Section = {
  name: "page",
  title: "The live page",
  seconds: 60,
  run,
};
