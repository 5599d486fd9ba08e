/**
 * How long many servers take to start, and the memory of each, compared with
 * workers that do nothing.
 *
 * @module
 */
import { median } from "../report/figures.ts";
import type { Findings, Row } from "../report/results.ts";
import type { Started, StartFigures } from "../run/started.ts";
import type { Context, Section } from "./section.ts";

const SERVERS = 100;
const ROUNDS = 3;
const TIMES_BARE_MAX = 1.5;
const MIB_MAX = 10;
const MIB = 1_048_576;

const TITLES: Readonly<Record<Started, string>> = {
  herd: "servers of a ring, linked and ready",
  bare: "workers that do nothing",
};

async function run({ quick, processes, progress }: Context): Promise<Findings> {
  const count = quick ? 5 : SERVERS;
  const found: Record<Started, StartFigures[]> = { herd: [], bare: [] };
  for (let round = 1; round <= (quick ? 1 : ROUNDS); round++) {
    for (const what of ["bare", "herd"] as const) {
      progress(`${count} ${TITLES[what]}, round ${round}`);
      await using program = processes.module("started.ts", [
        what,
        String(count),
      ]);
      found[what].push(await program.ask<StartFigures>("figures"));
    }
  }
  const rowOf = (what: Started): Row => ({
    what: TITLES[what],
    readyMs: median(found[what].map(({ readyMs }) => readyMs)),
    mib: median(found[what].map(({ rssBytes }) => rssBytes)) / MIB,
  });
  const [herd, bare] = [rowOf("herd"), rowOf("bare")];
  return {
    notes: [
      `${count} of each, started at once in a process of their own, by turns; the ` +
      `median of ${found.herd.length}. Memory is what the process has grown by ` +
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
    plots: [],
    figures: [
      {
        what: `${count} servers are ready, to ${count} bare workers`,
        measured: Number(herd["readyMs"]) / Number(bare["readyMs"]),
        target: TIMES_BARE_MAX,
        bound: "at most",
        unit: "×",
        digits: 2,
      },
      {
        what: "memory of a server",
        measured: Number(herd["mib"]),
        target: MIB_MAX,
        bound: "at most",
        unit: "MiB",
        digits: 1,
      },
    ],
    skipped: [],
  };
}

export const start: Section = {
  name: "start",
  title: "Starting many servers",
  seconds: 40,
  run,
};
