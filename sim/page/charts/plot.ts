/**
 * One chart: its title, what its lines say at the cursor, and the lines.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Band } from "../../report_page/bands.ts";
import { make } from "../../report_page/dom.ts";
import { setText, showItems } from "../keyed.ts";
import type { Plot, PlotLibrary } from "../libraries.ts";
import {
  altText,
  type Chart,
  type Charts,
  labelled,
  type Line,
  reading,
  valueText,
} from "./series.ts";

/** The part of time that is shown, in seconds. */
export interface Span {
  /** Its begin. */
  readonly from: number;
  /** Its end. */
  readonly to: number;
}

/** What all charts have in common. */
export interface Axis {
  /** The part of time that is shown. */
  span(): Span;
  /** A moment as people read it. */
  text(seconds: number): string;
  /** A person dragged over this part. */
  choose(span: Span): void;
  /** The cursor is at this place of the columns; `null`: nowhere. */
  point(at: number | null): void;
}

/** Colours of the style sheet, as a canvas takes them. */
export interface PlotColours {
  /** Lesser text. */
  readonly soft: string;
  /** Lines that stay back. */
  readonly rule: string;
  /** Times of faults. */
  readonly band: string;
  /** Text. */
  readonly ink: string;
  /** Lines of data. */
  readonly lines: readonly string[];
  /** The font of labels. */
  readonly font: string;
}

const HEIGHT = 176;
const LABEL_ROWS = 3;
const LABEL_PIXELS = 18;
/** Room above the lines for labels of bands. */
const LABELS_PIXELS = LABEL_ROWS * LABEL_PIXELS + 6;
const PADDING = 8;
/** Lines of servers differ by more than their colours. */
const DASHES: readonly (readonly number[])[] = [
  ...[[], [], []],
  ...[[8, 3], [2, 3], [], [8, 3], [2, 3]],
];

/** One chart, which can be shown other data. */
export class PlotFigure {
  /** Its element. */
  readonly element: HTMLElement;
  readonly #uPlot: PlotLibrary;
  readonly #axis: Axis;
  readonly #isLabelled: boolean;
  readonly #title = make("h2", {});
  readonly #note = make("small", {});
  readonly #readings = make("ul", { class: "readings" });
  readonly #stage = make("div", { class: "plot", role: "img" });
  #colours: PlotColours;
  #plot: Plot | undefined;
  /** The lines that the plot was made for; others need another. */
  #madeFor = "";
  #chart: Chart | undefined;
  #all: Charts | undefined;

  /** An empty chart; a labelled one says which fault a band is. */
  constructor(
    uPlot: PlotLibrary,
    axis: Axis,
    colours: PlotColours,
    isLabelled: boolean,
  ) {
    this.#uPlot = uPlot;
    this.#axis = axis;
    this.#colours = colours;
    this.#isLabelled = isLabelled;
    const head = make("figcaption", {}, this.#title, this.#note);
    head.append(this.#readings);
    this.element = make("figure", {}, head, this.#stage);
  }

  /** The plot, once there is one. */
  get plot(): Plot | undefined {
    return this.#plot;
  }

  /** Shows these data, and what they say at a place of the axis. */
  show(chart: Chart, all: Charts, at: number | null): void {
    [this.#chart, this.#all] = [chart, all];
    this.element.dataset["chart"] = chart.id;
    setText(this.#title, chart.title);
    setText(this.#note, chart.note);
    this.#stage.setAttribute("aria-label", altText(chart));
    const isKnown = chart.lines.some(({ isTheory, values }) =>
      !isTheory && values.some((value) => value !== null)
    );
    this.#stage.classList.toggle("unknown", !isKnown);
    const columns = [all.times, ...chart.lines.map(({ values }) => values)];
    const madeFor = chart.lines.map(({ name }) => name).join("\n");
    if (this.#plot !== undefined && madeFor === this.#madeFor) {
      this.#plot.setData(columns);
    } else this.#make(madeFor, columns);
    this.read(at);
  }

  /** What the lines say at a place of the axis; `null`: at its end. */
  read(at: number | null): void {
    const { lines, unit } = this.#chart!;
    const place = at ?? this.#all!.times.length - 1;
    showItems(this.#readings, lines, {
      keyOf: ({ name, colour }) => `${colour} ${name}`,
      build: (line) => this.#key(line),
      refresh: (element, line) => {
        const text = line.isTheory ? "" : reading(line, place, unit);
        setText(element.lastElementChild!, text);
      },
    });
  }

  /** Has other colours. */
  recolour(colours: PlotColours): void {
    this.#colours = colours;
    this.#madeFor = "";
    if (this.#chart) this.show(this.#chart, this.#all!, null);
  }

  /** Fits its element. */
  fit(): void {
    this.#plot?.setSize(this.#size());
  }

  /** Takes the plot away. */
  end(): void {
    this.#plot?.destroy();
  }

  #key({ name, colour, isTheory }: Line): HTMLElement {
    const { length } = dashOf(colour, isTheory);
    const swatch = make("i", { class: length > 0 ? "dashed" : "" });
    swatch.style.borderColor = this.#colours.lines[colour]!;
    return make("li", {}, swatch, `${name} `, make("strong", {}));
  }

  #size(): { width: number; height: number } {
    const labels = this.#isLabelled ? LABELS_PIXELS : 0;
    const width = Math.max(this.#stage.clientWidth, 120);
    return { width, height: HEIGHT + labels };
  }

  #make(
    madeFor: string,
    columns: readonly (readonly (number | null)[])[],
  ): void {
    this.#plot?.destroy();
    this.#madeFor = madeFor;
    showItems(this.#readings, [] as Line[], NO_KEYS);
    const options = { ...this.#size(), ...this.#options() };
    this.#plot = new this.#uPlot(options, columns, this.#stage);
  }

  #options(): object {
    const { soft, rule, font, lines } = this.#colours;
    const axis = this.#axis;
    const common = { stroke: soft, font, ticks: { show: false } };
    const unit = () => this.#chart!.unit;
    return {
      padding: [() => this.#labelsPixels(), 24, 0, 0],
      legend: { show: false },
      cursor: {
        sync: { key: "herd" },
        drag: { x: true, y: false, setScale: false },
        points: { size: 7, width: 2 },
      },
      scales: {
        x: { time: false, range: () => [axis.span().from, axis.span().to] },
        y: {
          range: (
            _: Plot,
            _min: number | null,
            max: number | null,
          ) => [0, max === null || max <= 0 ? 1 : max * 1.08],
        },
      },
      axes: [
        {
          ...common,
          size: 32,
          space: 92,
          incrs: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600],
          grid: { stroke: rule, width: 1 },
          values: (_: Plot, splits: number[]) => splits.map(axis.text),
        },
        {
          ...common,
          size: 74,
          space: 38,
          grid: { stroke: rule, width: 1 },
          values: (_: Plot, splits: number[]) =>
            splits.map((value) => tick(value, unit())),
        },
      ],
      series: [
        {},
        ...this.#chart!.lines.map(({ name, colour, isTheory }) => ({
          label: name,
          stroke: lines[colour],
          width: 1.5,
          dash: dashOf(colour, isTheory),
          points: { show: true, size: 4, fill: lines[colour], filter: alone },
        })),
      ],
      hooks: {
        drawClear: [(plot: Plot) => this.#drawBands(plot)],
        setCursor: [(plot: Plot) => axis.point(plot.cursor.idx ?? null)],
        setSelect: [(plot: Plot) => this.#choose(plot)],
      },
    };
  }

  #choose(plot: Plot): void {
    const { left, width } = plot.select;
    if (width < 4) return;
    const [from, to] = [left, left + width].map((x) => plot.posToVal(x, "x"));
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.#axis.choose({ from: from!, to: to! });
  }

  /** Room above the lines: for labels, while there is a fault in sight. */
  #labelsPixels(): number {
    return this.#isLabelled && this.#bands().length > 0
      ? LABELS_PIXELS
      : PADDING;
  }

  #bands(): readonly Band[] {
    const { from, to } = this.#axis.span();
    return this.#all!.bands.filter(({ fromMs, toMs }) =>
      toMs >= from * 1_000 && fromMs <= to * 1_000
    );
  }

  #drawBands(plot: Plot): void {
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio || 1;
    const bands = this.#bands();
    const top = bbox.top - (this.#labelsPixels() - PADDING + 2) * ratio;
    const right = bbox.left + bbox.width;
    const x = (ms: number) =>
      Math.min(
        Math.max(plot.valToPos(ms / 1_000, "x", true), bbox.left),
        right,
      );
    ctx.save();
    ctx.fillStyle = this.#colours.band;
    for (const { fromMs, toMs } of bands) {
      const width = Math.max(x(toMs) - x(fromMs), 2 * ratio);
      ctx.fillRect(x(fromMs), top, width, bbox.top + bbox.height - top);
    }
    if (this.#isLabelled) this.#drawLabels(plot, bands, { top, right, x });
    ctx.restore();
  }

  #drawLabels(
    { ctx, bbox }: Plot,
    bands: readonly Band[],
    { top, right, x }: {
      top: number;
      right: number;
      x: (ms: number) => number;
    },
  ): void {
    const { ink, font } = this.#colours;
    const { from, to } = this.#axis.span();
    const ratio = devicePixelRatio || 1;
    ctx.font = font.replace(
      /([\d.]+)px/,
      (_, size) => `${Number(size) * ratio}px`,
    );
    ctx.fillStyle = ink;
    ctx.textBaseline = "middle";
    ctx.textAlign = "left";
    const widthOf = (text: string) => ctx.measureText(text).width + 12 * ratio;
    // A label ends where the chart does, so it begins earlier there.
    const fromX = ({ fromMs, text }: Band) =>
      Math.max(bbox.left, Math.min(x(fromMs), right - widthOf(text)));
    const msPerPixel = (to - from) * 1_000 / bbox.width;
    const labels = bands.map((band) => ({
      ...band,
      fromMs: (fromX(band) - bbox.left) * msPerPixel,
      toMs: (x(band.toMs) - bbox.left) * msPerPixel,
    }));
    const length = (text: string) => widthOf(text) * msPerPixel;
    labelled(labels, length, LABEL_ROWS).forEach(({ text, row }, i) => {
      const y = top + (row + 0.6) * LABEL_PIXELS * ratio;
      if (row >= 0) ctx.fillText(text, fromX(bands[i]!) + 5 * ratio, y);
    });
  }
}

function dashOf(colour: number, isTheory = false): readonly number[] {
  return isTheory ? [4, 4] : DASHES[colour] ?? [];
}

const NO_KEYS = {
  keyOf: ({ name }: Line) => name,
  build: () => make("li"),
};

/** The places of values that no line leads to: they would not be seen. */
function alone({ data }: Plot, series: number): number[] {
  const values = data[series]!;
  const isKnown = (at: number) => typeof values[at] === "number";
  return [...values.keys()].filter((at) =>
    isKnown(at) && !isKnown(at - 1) && !isKnown(at + 1)
  );
}

/** A value at the axis: shorter than where it stands alone. */
function tick(value: number, unit: Chart["unit"]): string {
  if (value === 0) return "0";
  if (unit === "ms" && value >= 1_000) return `${value / 1_000} s`;
  if (unit === "ms") return `${value} ms`;
  return unit === "messages" ? String(value) : valueText(value, unit);
}
