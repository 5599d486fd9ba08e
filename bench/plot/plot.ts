/**
 * Plots as SVG, by Vega-Lite, which needs no browser.
 *
 * @module
 */
import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Axis, Plot, Row } from "../report/results.ts";

const PANEL_WIDTH = 300;
const WIDE_WIDTH = 620;
const HEIGHT = 240;
const PANEL_COLUMNS = 2;
const LEGEND_COLUMNS = 3;
/** Up to this many powers of ten, an axis has ticks between them. */
const DECADES_FINE = 2.5;
const FONT = "system-ui, sans-serif";
/** Distinguishable for the colour-blind, and visible on white and black. */
const COLOURS = [
  "#0284c7",
  "#d97706",
  "#16a34a",
  "#db2777",
  "#7c3aed",
  "#78716c",
];
/** Text and grid have the colour of the page's text. */
const STYLE = "<style>svg{color:#1f2328}" +
  "@media(prefers-color-scheme:dark){svg{color:#d1d7e0}}</style>";

/** The SVG of a plot; readable on a light page and on a dark one. */
export async function plotSvg(plot: Plot): Promise<string> {
  const view = new View(parse(compile(specOf(plot)).spec), {
    renderer: "none",
  });
  const svg = await view.toSVG();
  view.finalize();
  return svg.replace(/(<svg[^>]*>)/, `$1${STYLE}`) + "\n";
}

function specOf(plot: Plot): TopLevelSpec {
  const { panels, kind, rows } = plot;
  const unit = kind === "line" ? lines(plot) : bars(plot);
  const size = { width: panels ? PANEL_WIDTH : WIDE_WIDTH, height: HEIGHT };
  const common = {
    title: plot.title,
    data: { values: rows.map((row) => ({ ...row })) },
    config: THEME,
  };
  if (panels === undefined) return { ...common, ...size, ...unit };
  const facet = {
    field: panels,
    type: "nominal",
    title: null,
    sort: valuesOf(rows, panels),
  } as const;
  const isShared = plot.y.scale === "log";
  return {
    ...common,
    facet,
    columns: PANEL_COLUMNS,
    spec: { ...size, ...unit },
    resolve: { scale: { y: isShared ? "shared" : "independent" } },
  };
}

/** The distinct values of a field, in the order of the rows. */
function valuesOf(rows: readonly Row[], key: string): string[] {
  return [...new Set(rows.map((row) => String(row[key])))];
}

function lines(plot: Plot) {
  const { x, y, rows } = plot;
  return {
    mark: { type: "line", point: { size: 36 }, strokeWidth: 2 },
    encoding: { x: numbers(x, rows), y: numbers(y, rows), color: colour(plot) },
  } as const;
}

function bars(plot: Plot) {
  const { x, y, series, rows } = plot;
  return {
    mark: { type: "bar" },
    encoding: {
      x: {
        field: x.key,
        type: "nominal",
        title: x.title,
        sort: valuesOf(rows, x.key),
        axis: { labelAngle: 0 },
      },
      xOffset: {
        field: series,
        type: "nominal",
        sort: valuesOf(rows, series),
      },
      y: numbers(y, rows),
      // A logarithmic scale has no zero at which bars could begin.
      ...y.scale === "log" && { y2: { datum: ticksOf(y, rows)[0]! } },
      color: colour(plot),
    },
  } as const;
}

function colour({ series, rows }: Plot) {
  const sort = valuesOf(rows, series);
  return {
    field: series,
    type: "nominal",
    sort,
    title: null,
    scale: { range: COLOURS },
    legend: sort.length > 1 ? { orient: "top", columns: LEGEND_COLUMNS } : null,
  } as const;
}

function numbers({ key, title, scale = "linear" }: Axis, rows: readonly Row[]) {
  const encoding = { field: key, type: "quantitative", title } as const;
  if (scale === "linear") return encoding;
  const values = ticksOf({ key }, rows);
  const domain = [values[0]!, values.at(-1)!];
  const type = "log" as const;
  return { ...encoding, scale: { type, domain }, axis: { values } };
}

/** Ticks at 1, 2, 5, 10; at 1, 10, 100 if that is enough. */
function ticksOf({ key }: Pick<Axis, "key">, rows: readonly Row[]): number[] {
  const values = rows.map((row) => Number(row[key]));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const decades = Math.log10(high / low);
  const steps = decades > DECADES_FINE ? [1] : [1, 2, 5];
  const all: number[] = [];
  for (let power = Math.floor(Math.log10(low));; power++) {
    for (const step of steps) {
      all.push(step * 10 ** power);
      if (step * 10 ** power < high) continue;
      return all.slice(all.findLastIndex((tick) => tick <= low));
    }
  }
}

const INK = "currentColor";
const THEME = {
  background: "transparent",
  font: FONT,
  view: { stroke: "transparent" },
  title: { color: INK, anchor: "start", fontSize: 14 },
  header: { labelColor: INK, labelFontSize: 12, labelFontWeight: "bold" },
  legend: { labelColor: INK, labelFontSize: 12, labelLimit: 320 },
  axis: {
    labelColor: INK,
    titleColor: INK,
    titleFontWeight: "normal",
    domainColor: INK,
    tickColor: INK,
    gridColor: INK,
    gridOpacity: 0.15,
    labelFontSize: 11,
    titleFontSize: 12,
  },
} as const;
