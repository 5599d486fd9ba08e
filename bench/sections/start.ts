/**
 * How long many servers take to start, and the memory of each, compared with
 * workers that do nothing.
 *
 * @module
 */
import { atMost } from "../report/figures.ts";
import type { Findings } from "../report/results.ts";
import type { Started, StartFigures } from "../run/started.ts";
import { byTurns, medians, middle, ratios } from "../run/turns.ts";
import type { Context, Section } from "./section.ts";

/** As `deno task herd` and `deno task scenario` are run. */
export const AS_TASKS = ["--v8-flags=--min-semi-space-size=2"];
const SERVERS = 100;
const ROUNDS = 3;

const TITLES: Readonly<Record<Started, string>> = {
  herd: "servers of a ring, linked and ready",
  bare: "workers that do nothing",
};

async function run(
  { quick, processes, progress }: Context,
): Promise<Partial<Findings>> {
  const count = quick ? 5 : SERVERS;
  const measure = (what: Started, round: number) => {
    progress(`${count} ${TITLES[what]}, round ${round}`);
    const args = [what, count];
    const flags = [...AS_TASKS, "--allow-write"];
    return processes.answer<StartFigures>("figures", "started.ts", args, flags);
  };
  const rounds = quick ? 1 : ROUNDS;
  const found = await byTurns(["bare", "herd"], rounds, measure);
  const rowOf = (what: Started) => ({
    what: TITLES[what],
    ...medians(found[what], ["readyMs", "mib"]),
  });
  const [herd, bare] = [rowOf("herd"), rowOf("bare")];
  return {
    notes: [
      `${count} of each, started at once in a process of their own, by turns, with the ` +
      `flags of \`deno task herd\`; the median of ${found.herd.length}. Memory is what the process has grown by ` +
      "when all are ready, for each of them.",
    ],
    tables: [{
      title: `Starting ${count}`,
      columns: [
        { key: "what", title: "what" },
        { key: "readyMs", title: "ready, ms" },
        { key: "mib", title: "MiB each", digits: 1 },
      ],
      rows: [herd, bare],
    }],
    figures: [
      {
        what: `${count} servers are ready, to ${count} bare workers`,
        measured: middle(ratios([herd.readyMs], [bare.readyMs])),
        ...atMost(1.5, "×", 2),
      },
      {
        what: "memory of a server",
        measured: herd.mib,
        ...atMost(10, "MiB", 1),
      },
    ],
  };
}

export const start: Section = {
  name: "start",
  title: "Starting many servers",
  seconds: 40,
  run,
};
