/**
 * How long a killed server takes to hold everything again.
 *
 * @module
 */
import { atMost } from "../report/figures.ts";
import type { Findings } from "../report/results.ts";
import { measureRecovery, SERVER, TO, TOPOLOGY } from "../run/recovery.ts";
import type { Context, Section } from "./section.ts";

const RECORDS = [1_000, 10_000, 100_000, 1_000_000];
const MS_PER_S = 1_000;

async function run(
  { quick, progress }: Context,
): Promise<Partial<Findings>> {
  const rows = [];
  for (const records of quick ? [1_000] : RECORDS) {
    progress(`${records} records`);
    rows.push({ records, ...await measureRecovery(records) });
  }
  return {
    notes: [
      `${SERVER} of ${TOPOLOGY} is killed when all servers hold so many records, ` +
      "and revived: it begins with none. Meanwhile 1,000 updates a second go on " +
      `at ${TO}. Time counts from the call that revives it, until it is linked ` +
      "to its neighbours, and until it holds as many records as they do.",
    ],
    tables: [{
      title: `Milliseconds after ${SERVER} was revived`,
      columns: [
        { key: "records", title: "records missed" },
        { key: "readyMs", title: "linked, ms" },
        { key: "filledMs", title: "holds all, ms" },
      ],
      rows,
    }],
    plots: [{
      name: "recovery",
      title: "Time until a revived server holds everything again",
      kind: "line",
      x: { key: "records", title: "records missed", scale: "log" },
      y: { key: "ms", title: "ms", scale: "log" },
      series: "what",
      rows: rows.flatMap(({ records, readyMs, filledMs }) => [
        { records, what: "linked", ms: readyMs },
        { records, what: "holds all", ms: filledMs },
      ]),
    }],
    figures: [{
      what: "a revived server holds 1,000,000 records again",
      measured: rows.at(-1)!.filledMs / MS_PER_S,
      ...atMost(20, "s", 1),
    }],
  };
}

export const recovery: Section = {
  name: "recovery",
  title: "Recovery after a kill",
  seconds: 20,
  run,
};
