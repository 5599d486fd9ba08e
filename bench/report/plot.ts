/**
 * Plots as SVG, by Vega-Lite: a plot is a description of what to draw, and Vega
 * draws it without a browser.
 *
 * @module
 */
import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Axis, Plot } from "./results.ts";

const PANEL_WIDTH = 300;
const WIDE_WIDTH = 620;
const HEIGHT = 240;
const PANEL_COLUMNS = 2;
const FONT = "system-ui, sans-serif";
/** Told apart by the colour-blind, and seen on white as on black. */
const COLOURS = [
  "#0284c7",
  "#d97706",
  "#16a34a",
  "#db2777",
  "#7c3aed",
  "#78716c",
];
/** Text and grid take the colour of the page's text. */
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
  const { x, y, series, panels, kind, rows } = plot;
  const words = [...new Set(rows.map((row) => row[series]))];
  const color = {
    field: series,
    type: "nominal",
    sort: words as string[],
    title: null,
    scale: { range: COLOURS },
    legend: { orient: "top" },
  } as const;
  const unit = kind === "line"
    ? {
      mark: { type: "line", point: { size: 36 }, strokeWidth: 2 } as const,
      encoding: { x: numbers(x), y: numbers(y), color },
    }
    : {
      mark: { type: "bar" } as const,
      encoding: {
        x: {
          field: x.key,
          type: "nominal",
          title: x.title,
          sort: null,
          axis: { labelAngle: 0 },
        },
        xOffset: { field: series, type: "nominal", sort: words as string[] },
        y: numbers(y),
        color,
      } as const,
    };
  const size = { width: panels ? PANEL_WIDTH : WIDE_WIDTH, height: HEIGHT };
  const common = {
    title: plot.title,
    data: { values: rows.map((row) => ({ ...row })) },
    config: THEME,
  };
  if (panels === undefined) return { ...common, ...size, ...unit };
  return {
    ...common,
    facet: { field: panels, type: "nominal", title: null, sort: null },
    columns: PANEL_COLUMNS,
    spec: { ...size, ...unit },
  } as TopLevelSpec;
}

function numbers({ key, title, scale = "linear" }: Axis) {
  const axis = scale === "log" ? { tickCount: 5 } : {};
  return {
    field: key,
    type: "quantitative",
    title,
    scale: { type: scale },
    axis,
  } as const;
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
