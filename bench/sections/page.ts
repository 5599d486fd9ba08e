/**
 * The cost to a herd of being watched on its page.
 *
 * @module
 */
import { Herd } from "../../sim/live/herd/herd.ts";
import { openHerdPage } from "../../sim/live/web/herd_page.ts";
import { atLeast, median } from "../report/figures.ts";
import type { Findings } from "../report/results.ts";
import { burstPerSecond, type BurstPlan } from "../run/capacity.ts";
import { byTurns, middle, ratios } from "../run/turns.ts";
import type { Context, Section } from "./section.ts";

const TOPOLOGY = "2014";
const PLAN: BurstPlan = { clients: 20_000, warmupMs: 1_000, bursts: 15 };
const QUICK: BurstPlan = { clients: 200, warmupMs: 0, bursts: 1 };
const ROUNDS = 5;
const WATCHING = ["nobody", "a page"] as const;

async function perSecond(
  { quick, processes }: Context,
  watching: typeof WATCHING[number],
): Promise<number> {
  await using herd = await Herd.start(TOPOLOGY, { places: "none" });
  await using page = await openHerdPage({ herd, port: 0 });
  const plan = quick ? QUICK : PLAN;
  if (watching === "nobody") return await burstPerSecond(processes, herd, plan);
  const { origin } = new URL(page.address);
  await using watcher = processes.module("watcher.ts", [origin]);
  const rate = await burstPerSecond(processes, herd, plan);
  if (await watcher.answer("batches") === 0) {
    throw new Error("The watcher was told nothing");
  }
  return rate;
}

async function run(context: Context): Promise<Partial<Findings>> {
  const rounds = context.quick ? 1 : ROUNDS;
  const found = await byTurns(WATCHING, rounds, (watching, round) => {
    context.progress(`watched by ${watching}, round ${round}`);
    return perSecond(context, watching);
  });
  const rows = WATCHING.map((watching) => ({
    watching,
    perSecond: median(found[watching]),
    least: Math.min(...found[watching]),
    most: Math.max(...found[watching]),
  }));
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
    figures: [{
      what: "throughput with the page open, to that without",
      measured: middle(ratios(found["a page"], found.nobody)),
      // The page may cost 5 % at most.
      ...atLeast(0.95, "×", 2),
    }],
  };
}

export const page: Section = {
  name: "page",
  title: "The live page",
  seconds: 60,
  run,
};
