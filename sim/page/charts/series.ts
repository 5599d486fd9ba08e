/**
 * The data of the charts: columns of numbers over one time axis. Unknown values
 * are `null`, and so is a row between two figures that are more than a second
 * apart: a gap, never a zero.
 *
 * @module
 */
import type { Percentiles } from "../../model/web/batch.ts";
import { type Band, rowsOf } from "../../report_page/bands.ts";
import { counted } from "../../report_page/text.ts";
import type { Load, SeenFigures } from "../loads.ts";
import type { Snapshot } from "../snapshot.ts";

/** `null` if not known. */
export type Value = number | null;

export type Unit = "perSecond" | "ms" | "messages" | "fixes";

export interface Line {
  /** The label. */
  readonly name: string;
  /** One for each time of the axis. */
  readonly values: readonly Value[];
  /** How many samples each value is based on; for percentiles only. */
  readonly samples?: readonly Value[];
  /** An index into the colours of lines. */
  readonly colour: number;
  /** Whether it is a theoretical bound, whose label includes its value. */
  readonly isTheory?: boolean;
}

export interface Chart {
  /** Identifies it in the page. */
  readonly id: string;
  readonly title: string;
  readonly unit: Unit;
  readonly lines: readonly Line[];
  /** A remark; empty for none. */
  readonly note: string;
}

/** All charts at a moment. */
export type Charts = Readonly<ReturnType<typeof chartsOf>>;

/** The most servers with a line in one chart. */
export const SERVERS_MAX = 6;
/** Percentiles of fewer samples are shown with the number of samples. */
export const SAMPLES_ENOUGH = 100;
/** Figures come each second; further apart, some are missing. */
const GAP_MS = 1_800;
/** The indexes of colours; servers use those from the third on. */
const [MAIN, OTHER, FIRST_SERVER] = [0, 1, 2];

export function chartsOf(current: Snapshot) {
  const rows = withGaps(current.figures);
  const column = (pick: (figures: SeenFigures) => Value): Value[] =>
    rows.map(({ figures }) => figures === null ? null : pick(figures));
  const names = [...current.servers.keys()];
  const byServer = (what: keyof Load) =>
    worst(
      names,
      (name) => column(({ loads }) => loads.get(name)?.[what] ?? null),
    );
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
    percentiles("propagation", "Propagation to the last server", "", column),
    percentiles("reply", "Reply", "of the clients of this workbench", column),
    servers("lag", "Event loop lag", "ms", byServer("lagMs")),
    servers("queues", "Waiting to be sent", "fixes", byServer("queued")),
    servers("oldest", "Oldest queued update", "ms", byServer("oldestMs")),
  ];
  return {
    /** The times of the figures, in seconds, and one within each gap. */
    times: rows.map(({ atMs }) => atMs / 1_000),
    charts,
    /** When faults were active. */
    bands: bandsOf(current),
  };
}

/** The figures, with an empty row where some are missing. */
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

/**
 * Messages per update, next to the least possible number and the cost of
 * flooding.
 */
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
  id: "propagation" | "reply",
  title: string,
  note: string,
  column: (pick: (figures: SeenFigures) => Value) => Value[],
): Chart {
  const values = (what: keyof Percentiles) =>
    column((figures) => figures[id]?.[what] ?? null);
  const samples = values("samples");
  return {
    id,
    title,
    unit: "ms",
    note,
    lines: [
      { name: "p50", colour: MAIN, values: values("p50") },
      { name: "p99", colour: OTHER, values: values("p99"), samples },
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

/** A line for each server; if there are too many, for the worst ones. */
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

/** When faults were active; an active one lasts up to the moment shown. */
function bandsOf({ faultSpans, atMs }: Snapshot): Band[] {
  return faultSpans.map(({ fault, targets, fromMs, toMs }) => ({
    text: [fault, targets.join(", ")].filter(Boolean).join(" "),
    fromMs,
    toMs: Math.max(toMs ?? atMs, fromMs),
  })).sort((a, b) => a.fromMs - b.fromMs);
}

/**
 * Assigns labels of bands to rows so that they do not overlap. A label takes up
 * `lengthMs` milliseconds of the axis.
 */
export function labelled(
  bands: readonly Band[],
  lengthMs: (text: string) => number,
  rowsMax: number,
) {
  const labels = bands.map((band) => ({
    ...band,
    toMs: Math.max(band.toMs, band.fromMs + lengthMs(band.text)),
  }));
  const rows = rowsOf(labels, rowsMax + 1);
  return bands.map((band, i) => {
    const row = rows[i]!;
    return {
      ...band,
      /** The row of its label, from 0; -1 if it has no room. */
      row: row < rowsMax ? row : -1,
    };
  });
}

/** A value with its unit. */
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

/** The text of a line's value at an index of the axis. */
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

/** A sentence with a chart's values at an index of the axis. */
export function told({ title, unit, lines }: Chart, at: number): string {
  const parts = lines.filter(({ isTheory }) => !isTheory)
    .map((line) => `${line.name} ${reading(line, at, unit)}`);
  return `${title}: ${parts.join(", ")}.`;
}

/** A text alternative of a chart. */
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
