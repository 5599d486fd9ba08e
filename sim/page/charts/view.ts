/**
 * The charts: rates, delays and queues.
 *
 * @module
 */
/// <reference lib="dom" />
import {
  button,
  byKey,
  coloursOf,
  make,
  palette,
} from "../../report_page/dom.ts";
import {
  addressOf,
  type App,
  type Mounted,
  type Site,
  type View,
} from "../app.ts";
import { whyOf, withKeys } from "../fields.ts";
import { setText } from "../keyed.ts";
import { type PlotLibrary, plotLibrary } from "../libraries.ts";
import { type PlotColours, PlotFigure, type Span } from "./plot.ts";
import { type Charts, chartsOf, told } from "./series.ts";

const SPANS_S: readonly number[] = [60, 180, 600];
const LINE_COLOURS = Array.from({ length: 8 }, (_, i) => `line-${i}`);
/** How many charts are announced at the cursor: those of the whole herd. */
const SPOKEN = 4;

const HELP = "Drag over a part to see it larger. [←] [→] move the cursor, " +
  "[0] shows the whole again.";

export const charts: View = {
  title: "Charts",
  mount: (site) => new ChartsView(site),
};

class ChartsView implements Mounted {
  readonly #app: App;
  readonly #buttons: readonly HTMLElement[];
  readonly #whole: HTMLElement;
  readonly #at = make("output.soft");
  readonly #spoken = make("p.unseen", { role: "status" });
  readonly #empty = make("p.empty");
  readonly #grid = make("div.charts-grid", {
    role: "application",
    "aria-roledescription": "charts with one axis of time",
    "aria-describedby": "charts-help",
    tabindex: 0,
  });
  readonly #figures: PlotFigure[] = [];
  #uPlot: PlotLibrary | undefined;
  #charts: Charts = { times: [], charts: [], bands: [] };
  #shown = "";
  #seconds = SPANS_S[0]!;
  /** The range dragged over; `undefined` shows the last `#seconds`. */
  #chosen: Span | undefined;
  #pointed: number | null = null;

  constructor({ root, app, params, signal }: Site) {
    this.#app = app;
    this.#buttons = SPANS_S.map((seconds) =>
      button(
        `${seconds / 60} min`,
        () => app.navigate(addressOf("charts", { span: String(seconds) })),
      )
    );
    const whole = () => this.#choose(undefined);
    this.#whole = button("Back to the whole", whole, { hidden: "" });
    root.append(this.#elements());
    this.update(params);
    this.#listen(signal);
    plotLibrary().then((library) => {
      // Another view may be open by now.
      if (signal.aborted) return;
      this.#uPlot = library;
      this.#show();
    }, (error) => setText(this.#empty, `No chart: ${whyOf(error)}`));
  }

  #elements(): HTMLElement {
    const help = make("p#charts-help.soft", ...withKeys(HELP));
    const spans = make(
      "div.row",
      { role: "group", "aria-label": "Time shown" },
      ...this.#buttons,
      this.#whole,
    );
    const bar = make("div.charts-bar", spans, this.#at, help);
    return make(
      "div.charts-view",
      bar,
      this.#empty,
      this.#grid,
      this.#spoken,
    );
  }

  update(params: URLSearchParams): void {
    const seconds = Number(params.get("span"));
    if (SPANS_S.includes(seconds)) this.#seconds = seconds;
    SPANS_S.forEach((span, i) =>
      this.#buttons[i]!.ariaPressed = String(span === this.#seconds)
    );
    this.#choose(undefined);
  }

  #listen(signal: AbortSignal): void {
    this.#app.store.subscribe(() => this.#show(), signal);
    const resized = new ResizeObserver(() => {
      for (const figure of this.#figures) figure.fit();
    });
    resized.observe(this.#grid);
    signal.addEventListener("abort", () => {
      resized.disconnect();
      for (const figure of this.#figures) figure.end();
    });
    document.documentElement.addEventListener("recolour", () => {
      const colours = plotColours();
      for (const figure of this.#figures) figure.recolour(colours);
    }, { signal });
    this.#grid.addEventListener("dblclick", () => this.#choose(undefined));
    const last = () => this.#charts.times.length - 1;
    const step = (by: number) => this.#moveTo((this.#pointed ?? last()) + by);
    const moves = byKey({
      ArrowLeft: () => step(-1),
      ArrowRight: () => step(1),
      PageUp: () => step(-10),
      PageDown: () => step(10),
      Home: () => this.#moveTo(0),
      End: () => this.#moveTo(last()),
      "0": () => this.#choose(undefined),
      Escape: () => this.#choose(undefined),
    });
    this.#grid.addEventListener("keydown", moves);
  }

  #moveTo(at: number): void {
    const { times, charts } = this.#charts;
    const { from, to } = this.#span();
    const first = Math.max(0, times.findIndex((time) => time >= from));
    const last = times.findLastIndex((time) => time <= to);
    const place = Math.min(Math.max(at, first), Math.max(first, last));
    const plot = this.#figures[0]?.plot;
    if (plot === undefined) return;
    const left = plot.valToPos(times[place]!, "x");
    plot.setCursor({ left, top: 20 }, true, true);
    this.#point(place);
    const readings = charts.slice(0, SPOKEN).map((chart) => told(chart, place));
    const time = this.#timeText(times[place]!);
    setText(this.#spoken, `${time}. ${readings.join(" ")}`);
  }

  #choose(span: Span | undefined): void {
    this.#chosen = span;
    this.#whole.hidden = span === undefined;
    this.#shown = "";
    this.#show();
  }

  #span(): Span {
    if (this.#chosen !== undefined) return this.#chosen;
    const to = this.#app.store.current.atMs / 1_000;
    return { from: to - this.#seconds, to };
  }

  #point(at: number | null): void {
    if (this.#pointed === at) return;
    this.#pointed = at;
    for (const figure of this.#figures) figure.read(at);
    this.#tellTime();
  }

  #tellTime(): void {
    const seconds = this.#charts.times[this.#pointed ?? -1];
    setText(this.#at, seconds === undefined ? "" : this.#timeText(seconds));
  }

  /** The time of day; in a run from a file, the time since its start. */
  #timeText(seconds: number): string {
    return this.#app.time.isFile
      ? `${Math.round(seconds)} s`
      : CLOCK.format(seconds * 1_000);
  }

  /** Renders again if something has changed. */
  #show(): void {
    const { current } = this.#app.store;
    const { figures, faultSpans, faults, servers } = current;
    const standing = faults.length;
    const news = [
      ...[figures.length, figures.at(-1)?.atMs, servers.size],
      ...[standing, faultSpans.length, faultSpans.at(-1)?.fromMs],
    ].join();
    if (news === this.#shown || this.#uPlot === undefined) return;
    this.#shown = news;
    this.#charts = chartsOf(current);
    const isEmpty = figures.length === 0;
    this.#empty.hidden = !isEmpty;
    this.#grid.hidden = isEmpty;
    if (isEmpty) {
      return setText(
        this.#empty,
        servers.size === 0
          ? "Nothing is known of a herd yet. Charts begin when it answers."
          : "No figures yet: a herd that runs gives the first within a " +
            "second. If time is paused before it, go on to Live.",
      );
    }
    this.#draw(this.#uPlot);
  }

  #draw(library: PlotLibrary): void {
    const { charts } = this.#charts;
    while (this.#figures.length < charts.length) {
      const axis = {
        span: () => this.#span(),
        text: (seconds: number) => this.#timeText(seconds),
        choose: (span: Span) => this.#choose(span),
        point: (at: number | null) => this.#point(at),
      };
      const isLabelled = this.#figures.length === 0;
      const figure = new PlotFigure(library, axis, plotColours(), isLabelled);
      this.#figures.push(figure);
      this.#grid.append(figure.element);
    }
    charts.forEach((chart, i) =>
      this.#figures[i]!.show(chart, this.#charts, this.#pointed)
    );
    this.#tellTime();
  }
}

const CLOCK = new Intl.DateTimeFormat("en", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

function plotColours(): PlotColours {
  const { fontFamily } = getComputedStyle(document.body);
  const lines = Object.values(coloursOf(...LINE_COLOURS));
  return { ...palette(), lines, font: `14px ${fontFamily}` };
}
