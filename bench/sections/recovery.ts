/**
 * How long a killed server takes to hold everything again.
 *
 * @module
 */
import type { Findings, Row } from "../report/results.ts";
import { measureRecovery } from "../run/recovery.ts";
import type { Context, Section } from "./section.ts";

const TOPOLOGY = "2014";
const SERVER = "Powell";
const TO = "Alford";
const RECORDS = [1_000, 10_000, 100_000, 1_000_000];
const UPDATES_PER_SECOND = 1_000;
const FILLED_S_MAX = 20;
const MS_PER_S = 1_000;

async function run({ quick, progress }: Context): Promise<Findings> {
  const rows: Row[] = [];
  for (const records of quick ? [1_000] : RECORDS) {
    progress(`${records} records`);
    const { readyMs, filledMs } = await measureRecovery({
      topology: TOPOLOGY,
      server: SERVER,
      to: TO,
      records,
      updatesPerSecond: UPDATES_PER_SECOND,
    });
    rows.push({ records, readyMs, filledMs });
  }
  const most = rows.at(-1)!;
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
      rows: rows.flatMap((row) => [
        { records: row["records"]!, what: "linked", ms: row["readyMs"]! },
        { records: row["records"]!, what: "holds all", ms: row["filledMs"]! },
      ]),
    }],
    figures: [{
      what: "a revived server holds 1,000,000 records again",
      measured: Number(most["filledMs"]) / MS_PER_S,
      target: FILLED_S_MAX,
      bound: "at most",
      unit: "s",
      digits: 1,
    }],
    skipped: [],
  };
}

export const recovery: Section = {
  name: "recovery",
  title: "Recovery after a kill",
  seconds: 20,
  run,
};
