/**
 * One chart: its title, the values at the cursor, and the plot.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Band } from "../../report_page/bands.ts";
import { make, type Palette } from "../../report_page/dom.ts";
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

/** The time range that is shown, in seconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The time axis that all charts share. */
export interface Axis {
  span(): Span;
  /** A moment as a label. */
  text(seconds: number): string;
  /** The user dragged over this range. */
  choose(span: Span): void;
  /** The cursor is at this index of the columns; `null` if it has left. */
  point(at: number | null): void;
}

export interface PlotColours extends Palette {
  /** The lines of data. */
  readonly lines: readonly string[];
  /** A CSS font family. */
  readonly font: string;
}

const HEIGHT = 176;
const LABEL_ROWS = 3;
const LABEL_PIXELS = 18;
/** The space above the lines for the labels of bands. */
const LABELS_PIXELS = LABEL_ROWS * LABEL_PIXELS + 6;
const PADDING = 8;
/** Servers' lines differ by their dashes too, not only by colour. */
const DASHES: readonly (readonly number[])[] = [
  ...[[], [], []],
  ...[[8, 3], [2, 3], [], [8, 3], [2, 3]],
];

/** One chart, whose data can be replaced. */
export class PlotFigure {
  readonly element: HTMLElement;
  readonly #uPlot: PlotLibrary;
  readonly #axis: Axis;
  readonly #isLabelled: boolean;
  readonly #title = make("h2");
  readonly #note = make("small");
  readonly #readings = make("ul.readings");
  readonly #stage = make("div.plot", { role: "img" });
  #colours: PlotColours;
  #plot: Plot | undefined;
  /**
   * Identifies the lines that the plot was built for; other lines need a new
   * plot.
   */
  #madeFor = "";
  #chart: Chart | undefined;
  #all: Charts | undefined;

  /** Starts empty. If `isLabelled`, each band is labelled with its fault. */
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
    const head = make("figcaption", this.#title, this.#note);
    head.append(this.#readings);
    this.element = make("figure", head, this.#stage);
  }

  get plot(): Plot | undefined {
    return this.#plot;
  }

  /** Shows these data, with the values at an index of the axis. */
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

  /** Shows the values at an index of the axis; `null` is its end. */
  read(at: number | null): void {
    const { lines, unit } = this.#chart!;
    const place = at ?? this.#all!.times.length - 1;
    showItems(this.#readings, lines, {
      keyOf: ({ name, colour }) =>
        `${colour} ${this.#colours.lines[colour]} ${name}`,
      build: (line) => this.#key(line),
      refresh: (element, line) => {
        const text = line.isTheory ? "" : reading(line, place, unit);
        setText(element.lastElementChild!, text);
      },
    });
  }

  recolour(colours: PlotColours): void {
    this.#colours = colours;
    this.#madeFor = "";
    if (this.#chart) this.show(this.#chart, this.#all!, null);
  }

  fit(): void {
    this.#plot?.setSize(this.#size());
  }

  end(): void {
    this.#plot?.destroy();
  }

  #key({ name, colour, isTheory }: Line): HTMLElement {
    const { length } = dashOf(colour, isTheory);
    const swatch = make("i", { class: length > 0 ? "dashed" : "" });
    swatch.style.borderColor = this.#colours.lines[colour]!;
    return make("li", swatch, `${name} `, make("strong"));
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

  /**
   * The space above the lines: enough for labels while a fault is in the range.
   */
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
    // A label ends where the chart does, so there it begins earlier.
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

/**
 * The indexes of values without a neighbour: as lines they would be invisible.
 */
function alone({ data }: Plot, series: number): number[] {
  const values = data[series]!;
  const isKnown = (at: number) => typeof values[at] === "number";
  return [...values.keys()].filter((at) =>
    isKnown(at) && !isKnown(at - 1) && !isKnown(at + 1)
  );
}

/** The label of a value at the axis, shorter than in running text. */
function tick(value: number, unit: Chart["unit"]): string {
  if (value === 0) return "0";
  if (unit === "ms" && value >= 1_000) return `${value / 1_000} s`;
  if (unit === "ms") return `${value} ms`;
  return unit === "messages" ? String(value) : valueText(value, unit);
}
