/**
 * Charts of rate and latency over time, with the faults behind them.
 *
 * @module
 */
/// <reference lib="dom" />
import { unionOf } from "./bands.ts";
import { byId, draw, make } from "./dom.ts";
import { bandsOf, type Run } from "./run.ts";
import {
  type Bin,
  binsOf,
  type Quantiles,
  roundUp,
  ticksOf,
} from "./series.ts";
import { counted, lasting, moment, rateText, tickText } from "./text.ts";

const HEIGHT = 150;
const LEFT = 56;
const BOTTOM = 20;
/** If more faults overlap, they are counted instead of named. */
const FAULTS_TOLD_MAX = 2;

interface Series {
  readonly name: string;
  readonly colour: string;
  readonly isDashed?: boolean;
  readonly valueOf: (bin: Bin) => number;
  /** For percentiles: how many values there are, and how many are needed. */
  readonly samples?: {
    readonly needed: number;
    readonly of: (bin: Bin) => number;
  };
}

interface Chart {
  readonly title: string;
  readonly series: readonly Series[];
  readonly isLogarithmic: boolean;
  readonly text: (value: number) => string;
}

const RATE: Chart = {
  title: "Per second",
  isLogarithmic: false,
  text: rateText,
  series: [
    { name: "answered", colour: "accent", valueOf: (b) => b.okPerSecond },
    {
      name: "failed or unknown",
      colour: "bad",
      valueOf: (b) => b.troublePerSecond,
    },
  ],
};

const MESSAGES: Chart = {
  title: "Messages between servers, per second",
  isLogarithmic: false,
  text: rateText,
  series: [{
    name: "sent",
    colour: "soft",
    valueOf: (b) => b.messagesPerSecond,
  }],
};

function latencySeries(
  name: string,
  colour: string,
  of: (bin: Bin) => Quantiles,
): Series[] {
  const samples = (bin: Bin) => of(bin).samples;
  return [
    {
      name: `${name}, median`,
      colour,
      valueOf: (bin) => of(bin).median,
      samples: { needed: 2, of: samples },
    },
    {
      name: `${name}, 99th percentile`,
      colour,
      isDashed: true,
      valueOf: (bin) => of(bin).p99,
      samples: { needed: 100, of: samples },
    },
  ];
}

const LATENCY: Chart = {
  title: "Latency",
  isLogarithmic: true,
  text: lasting,
  series: [
    ...latencySeries("reply", "soft", (bin) => bin.replyMs),
    ...latencySeries("to each server", "accent", (bin) => bin.deliveryMs),
  ],
};

export function showCharts(run: Run): void {
  const { data, messages, requests, spread, servers } = run;
  const bins = binsOf(data.spanMs, {
    messages,
    requests,
    spread,
    servers: servers.length,
    downTimes: data.downTimes,
  });
  byId("charts").replaceChildren(
    ...[RATE, LATENCY, MESSAGES].map((chart) => figureOf(run, chart, bins)),
  );
}

function figureOf(run: Run, chart: Chart, bins: readonly Bin[]): HTMLElement {
  const width = byId("charts").clientWidth || 900;
  const values = bins.flatMap((bin) => chart.series.map((s) => s.valueOf(bin)))
    .filter((value) => Number.isFinite(value) && value > 0);
  const high = roundUp(Math.max(...values, 1e-3));
  const low = chart.isLogarithmic
    ? 10 ** Math.floor(Math.log10(Math.min(...values, high / 10)))
    : 0;
  const { spanMs } = run.data;
  const x = (ms: number) => LEFT + ms / spanMs * (width - LEFT);
  const y = (value: number) => {
    const share = chart.isLogarithmic
      ? Math.log(Math.max(value, low) / low) / Math.log(high / low)
      : value / high;
    return (1 - share) * (HEIGHT - BOTTOM - 8) + 8;
  };
  const svg = draw("svg", {
    height: HEIGHT,
    viewBox: `0 0 ${width} ${HEIGHT}`,
    preserveAspectRatio: "none",
    role: "img",
    "aria-label": altText(chart, bins),
  });
  svg.append(...framesOf(run, chart, { width, low, high, x, y }));
  for (const series of chart.series) {
    svg.append(draw("path", {
      d: pathOf(bins, series, x, y),
      fill: "none",
      stroke: `var(--${series.colour})`,
      "stroke-width": 1.5,
      "stroke-linejoin": "round",
      ...series.isDashed && { "stroke-dasharray": "4 3" },
    }));
  }
  const caption = make("figcaption");
  const say = (bin?: Bin) =>
    caption.replaceChildren(...captionOf(run, chart, bin));
  say();
  const pointer = draw("line", {
    y1: 8,
    y2: HEIGHT - BOTTOM,
    stroke: "var(--faint)",
    visibility: "hidden",
  });
  svg.append(pointer);
  svg.addEventListener("pointermove", (event) => {
    const { left, width: shown } = svg.getBoundingClientRect();
    const at = (event.clientX - left) / shown * width;
    const ms = (at - LEFT) / (width - LEFT) * spanMs;
    const bin = bins.find(({ toMs }) => ms < toMs);
    if (bin === undefined || at < LEFT) return;
    pointer.setAttribute("x1", String(at));
    pointer.setAttribute("x2", String(at));
    pointer.setAttribute("visibility", "visible");
    say(bin);
  });
  svg.addEventListener("pointerleave", () => {
    pointer.setAttribute("visibility", "hidden");
    say();
  });
  return make("figure", caption, svg);
}

/** The faults, the grid and the axes. */
function framesOf(
  run: Run,
  chart: Chart,
  { width, low, high, x, y }: {
    width: number;
    low: number;
    high: number;
    x: (ms: number) => number;
    y: (value: number) => number;
  },
): SVGElement[] {
  const { spanMs } = run.data;
  const bands = unionOf(bandsOf(run.data)).map(({ fromMs, toMs }) =>
    draw(
      "rect",
      {
        x: x(fromMs),
        y: 8,
        width: Math.max(1, x(toMs) - x(fromMs)),
        height: HEIGHT - BOTTOM - 8,
        fill: "var(--band)",
        "fill-opacity": 0.7,
      },
    )
  );
  const levels = chart.isLogarithmic
    ? powersOf(low, high)
    : ticksOf(0, high, 3);
  const lines = levels.flatMap((value) => [
    draw("line", {
      x1: LEFT,
      x2: width,
      y1: y(value),
      y2: y(value),
      stroke: "var(--rule)",
    }),
    draw(
      "text",
      { x: LEFT - 8, y: y(value) + 4, "text-anchor": "end" },
      chart.text(value).replace(/(?:\.0+|(\.\d*?)0+)(?= )/, "$1"),
    ),
  ]);
  const ticks = ticksOf(0, spanMs, width / 130);
  const stepMs = ticks[1] ?? spanMs;
  const times = ticks.map((ms) =>
    draw("text", {
      x: x(ms),
      y: HEIGHT - 4,
      "text-anchor": ms === 0 ? "start" : x(ms) > width - 20 ? "end" : "middle",
    }, tickText(ms, stepMs))
  );
  return [...bands, ...lines, ...times];
}

function powersOf(low: number, high: number): number[] {
  const powers = [];
  for (let value = low; value <= high * 1.001; value *= 10) powers.push(value);
  return powers;
}

/** A line through the bins, with gaps where there is no value. */
function pathOf(
  bins: readonly Bin[],
  { valueOf }: Series,
  x: (ms: number) => number,
  y: (value: number) => number,
): string {
  let isDrawing = false;
  return bins.map((bin) => {
    const value = valueOf(bin);
    if (!Number.isFinite(value)) {
      isDrawing = false;
      return "";
    }
    const command = isDrawing ? "L" : "M";
    isDrawing = true;
    const from = x(bin.fromMs).toFixed(1);
    const to = x(bin.toMs).toFixed(1);
    const height = y(value).toFixed(1);
    return `${command}${from} ${height}H${to}`;
  }).join("");
}

function captionOf(
  run: Run,
  chart: Chart,
  bin: Bin | undefined,
): HTMLElement[] {
  const title = bin === undefined
    ? chart.title
    : `${moment(bin.fromMs)} to ${moment(bin.toMs)}`;
  const keys = chart.series.map((series) => {
    const { name, colour, isDashed, valueOf } = series;
    const key = make("span");
    const dash = isDashed ? 'stroke-dasharray="4 3"' : "";
    key.innerHTML =
      `<svg style="display:inline;width:18px;vertical-align:3px;margin-right:6px" width="18" height="3" aria-hidden="true"><path d="M0 1.5H18" stroke="var(--${colour})" stroke-width="2" ${dash}/></svg>`;
    key.append(
      bin === undefined
        ? name
        : `${name} ${chart.text(valueOf(bin))}${ofFew(series, [bin])}`,
    );
    return key;
  });
  const faults = bandsOf(run.data).filter(({ fromMs, toMs }) =>
    bin !== undefined && fromMs < bin.toMs && toMs > bin.fromMs
  ).map(({ text }) => text);
  const told = faults.length > FAULTS_TOLD_MAX
    ? [counted(faults.length, "fault")]
    : faults;
  return [
    make("span", title),
    ...keys,
    ...told.map((text) => make("span", text)),
  ];
}

/** How many values the percentiles are based on, if too few. */
function ofFew({ samples }: Series, bins: readonly Bin[]): string {
  if (samples === undefined) return "";
  const counts = bins.map(samples.of).filter((count) => count > 0);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  if (counts.length === 0 || fewest >= samples.needed) return "";
  return fewest === most ? ` (of ${fewest})` : ` (of ${fewest} to ${most})`;
}

/** A text alternative of a chart. */
function altText(chart: Chart, bins: readonly Bin[]): string {
  const parts = chart.series.map((series) => {
    const { name, valueOf } = series;
    const values = bins.map(valueOf).filter(Number.isFinite);
    if (values.length === 0) return `${name}: nothing`;
    return `${name}: ${chart.text(Math.min(...values))} to ${
      chart.text(Math.max(...values))
    }${ofFew(series, bins)}`;
  });
  return `${chart.title} over time. ${parts.join("; ")}.`;
}
