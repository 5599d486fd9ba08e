/**
 * What the charts show of a moment: columns of numbers over one axis of time.
 * What is not known is `null`, and so is what lies between two figures that are
 * more than a second apart: a gap, never a nought.
 *
 * @module
 */
import type { Percentiles } from "../../model/web/batch.ts";
import { type Band, rowsOf } from "../../report_page/bands.ts";
import { counted } from "../../report_page/text.ts";
import type { Load, SeenFigures } from "../loads.ts";
import type { Snapshot } from "../snapshot.ts";

/** A value that is known, or not. */
export type Value = number | null;

/** What a number counts. */
export type Unit = "perSecond" | "ms" | "messages" | "fixes";

/** One line of a chart. */
export interface Line {
  /** What it is of. */
  readonly name: string;
  /** Its values, one for each moment of the axis. */
  readonly values: readonly Value[];
  /** Of how many samples each value is; for percentiles only. */
  readonly samples?: readonly Value[];
  /** Which of the colours of lines it has. */
  readonly colour: number;
  /** Whether it is what theory says: its name says the number. */
  readonly isTheory?: boolean;
}

/** One chart. */
export interface Chart {
  /** Its place in the page. */
  readonly id: string;
  /** What it shows. */
  readonly title: string;
  /** What its numbers count. */
  readonly unit: Unit;
  /** Its lines. */
  readonly lines: readonly Line[];
  /** What to know of it; empty: nothing. */
  readonly note: string;
}

/** All charts of a moment. */
export interface Charts {
  /** The moments that have figures, in seconds, and those of gaps. */
  readonly times: readonly number[];
  /** The charts, in their order. */
  readonly charts: readonly Chart[];
  /** When faults stood. */
  readonly bands: readonly Band[];
}

/** Lines of servers that one chart has at most. */
export const SERVERS_MAX = 6;
/** Percentiles of fewer samples say of how many. */
export const SAMPLES_ENOUGH = 100;
/** Figures come each second; further apart, some are missing. */
const GAP_MS = 1_800;
/** Colours of lines: those of servers begin after these. */
const [MAIN, OTHER, FIRST_SERVER] = [0, 1, 2];

/** What the charts show of a moment. */
export function chartsOf(current: Snapshot): Charts {
  const rows = withGaps(current.figures);
  const column = (pick: (figures: SeenFigures) => Value): Value[] =>
    rows.map(({ figures }) => figures === null ? null : pick(figures));
  const names = [...current.servers.keys()];
  const byServer = (pick: (load: Load) => Value) =>
    worst(names, (name) =>
      column(({ loads }) => {
        const load = loads.get(name);
        return load === undefined ? null : pick(load);
      }));
  const charts: Chart[] = [
    {
      id: "updates",
      title: "Updates",
      unit: "perSecond",
      note: "",
      lines: [{
        name: "updates",
        colour: MAIN,
        values: column(({ updates }) => updates),
      }],
    },
    messages(column(({ messagesPerUpdate }) => messagesPerUpdate), current),
    percentiles(
      "propagation",
      "Propagation to the last server",
      "",
      (pick) => column(({ propagation }) => propagation && pick(propagation)),
    ),
    percentiles(
      "reply",
      "Reply",
      "of the clients of this workbench",
      (pick) => column(({ reply }) => reply && pick(reply)),
    ),
    servers("lag", "Event loop lag", "ms", byServer((load) => load.lagMs)),
    servers(
      "queues",
      "Waiting to be sent",
      "fixes",
      byServer((load) => load.queued),
    ),
    servers(
      "oldest",
      "Oldest queued update",
      "ms",
      byServer((load) => load.oldestMs),
    ),
  ];
  return {
    times: rows.map(({ atMs }) => atMs / 1_000),
    charts,
    bands: bandsOf(current),
  };
}

/** The figures, with a row of nothing where some are missing. */
function withGaps(
  figures: readonly SeenFigures[],
): { atMs: number; figures: SeenFigures | null }[] {
  const rows: { atMs: number; figures: SeenFigures | null }[] = [];
  for (const one of figures) {
    const before = rows.at(-1)?.atMs;
    if (before !== undefined && one.atMs <= before) continue;
    if (before !== undefined && one.atMs - before > GAP_MS) {
      rows.push({ atMs: before + 1, figures: null });
    }
    rows.push({ atMs: one.atMs, figures: one });
  }
  return rows;
}

/** Messages per update, beside the least there can be and what flooding takes. */
function messages(values: readonly Value[], current: Snapshot): Chart {
  const [servers, links] = [current.servers.size, current.links.size];
  const least = Math.max(0, servers - 1);
  const flood = Math.max(0, 2 * links - least);
  const theory = (name: string, value: number): Line => ({
    name: `${name} = ${value}`,
    colour: OTHER,
    isTheory: true,
    values: values.map(() => value),
  });
  return {
    id: "messages",
    title: "Messages per update",
    unit: "messages",
    note: "",
    lines: [
      { name: "messages", colour: MAIN, values },
      theory("2E−(N−1)", flood),
      ...flood === least ? [] : [theory("N−1", least)],
    ],
  };
}

function percentiles(
  id: string,
  title: string,
  note: string,
  column: (pick: (percentiles: Percentiles) => number) => Value[],
): Chart {
  const samples = column((percentiles) => percentiles.samples);
  const p99 = { name: "p99", colour: OTHER, samples };
  return {
    id,
    title,
    unit: "ms",
    note,
    lines: [
      { name: "p50", colour: MAIN, values: column(({ p50 }) => p50) },
      { ...p99, values: column((percentiles) => percentiles.p99) },
    ],
  };
}

function servers(
  id: string,
  title: string,
  unit: Unit,
  { lines, all }: { lines: Line[]; all: number },
): Chart {
  const note = all > lines.length
    ? `the ${lines.length} highest of ${counted(all, "server")}`
    : "";
  return { id, title, unit, note, lines };
}

/** A line for each server; where they are too many, for those that are worst. */
function worst(
  names: readonly string[],
  valuesOf: (name: string) => Value[],
): { lines: Line[]; all: number } {
  const all = names.map((name) => {
    const values = valuesOf(name);
    const most = values.reduce<number>((a, b) => Math.max(a, b ?? -1), -1);
    return { name, values, most };
  });
  const kept = all.length <= SERVERS_MAX ? all : new Set(
    all.toSorted((a, b) => b.most - a.most).slice(0, SERVERS_MAX),
  );
  const lines = [...kept].map(({ name, values }, i) => ({
    name,
    values,
    colour: FIRST_SERVER + i,
  }));
  return { lines, all: names.length };
}

/** When faults stood; one that stands goes on to the moment shown. */
function bandsOf({ faultSpans, atMs }: Snapshot): Band[] {
  return faultSpans.map(({ fault, targets, fromMs, toMs }) => ({
    text: [fault, targets.join(", ")].filter(Boolean).join(" "),
    fromMs,
    toMs: Math.max(toMs ?? atMs, fromMs),
  })).sort((a, b) => a.fromMs - b.fromMs);
}

/** A band, and the row that its label is in. */
export interface LabelledBand extends Band {
  /** From 0; -1: there is no room for its label. */
  readonly row: number;
}

/**
 * Rows for the labels of bands: none over another, where a label takes up so
 * many milliseconds.
 */
export function labelled(
  bands: readonly Band[],
  lengthMs: (text: string) => number,
  rowsMax: number,
): LabelledBand[] {
  const labels = bands.map((band) => ({
    ...band,
    toMs: Math.max(band.toMs, band.fromMs + lengthMs(band.text)),
  }));
  const rows = rowsOf(labels, rowsMax + 1);
  return bands.map((band, i) => {
    const row = rows[i]!;
    return { ...band, row: row < rowsMax ? row : -1 };
  });
}

/** A value as people read it. */
export function valueText(value: Value | undefined, unit: Unit): string {
  if (value === null || value === undefined) return "unknown";
  switch (unit) {
    case "perSecond":
      return `${rounded(value)}/s`;
    case "ms":
      if (value === 0) return "0 ms";
      return value >= 1_000
        ? `${(value / 1_000).toFixed(2)} s`
        : `${value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2)} ms`;
    case "messages":
      return value.toFixed(2);
    case "fixes":
      return rounded(value);
  }
}

const GROUPED = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

function rounded(value: number): string {
  return GROUPED.format(value);
}

/** What a line says at one place of the axis. */
export function reading(
  { values, samples }: Line,
  at: number,
  unit: Unit,
): string {
  const text = valueText(values[at], unit);
  const count = samples?.[at];
  const isFew = count !== null && count !== undefined && count < SAMPLES_ENOUGH;
  return isFew && values[at] !== null ? `${text} (of ${count})` : text;
}

/** What a chart says at one place of the axis, in words. */
export function told({ title, unit, lines }: Chart, at: number): string {
  const parts = lines.filter(({ isTheory }) => !isTheory)
    .map((line) => `${line.name} ${reading(line, at, unit)}`);
  return `${title}: ${parts.join(", ")}.`;
}

/** A chart in words, for who can't see it. */
export function altText({ title, unit, lines }: Chart): string {
  const parts = lines.map(({ name, values }) => {
    const known = values.filter((value) => value !== null);
    if (known.length === 0) return `${name}: unknown`;
    const text = (value: number) => valueText(value, unit);
    return `${name}: ${text(Math.min(...known))} to ${
      text(Math.max(...known))
    }, now ${valueText(values.at(-1), unit)}`;
  });
  return `${title}. ${parts.join("; ")}.`;
}
