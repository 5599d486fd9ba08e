/**
 * The charts: rates, delays and queues.
 *
 * @module
 */
/// <reference lib="dom" />
import { make, palette } from "../../report_page/dom.ts";
import { addressOf, type App, type Mounted, type View } from "../app.ts";
import { whyOf } from "../fields.ts";
import { setText } from "../keyed.ts";
import { type PlotLibrary, plotLibrary } from "../libraries.ts";
import { type PlotColours, PlotFigure, type Span } from "./plot.ts";
import { type Charts, chartsOf, told } from "./series.ts";

const SPANS_S: readonly number[] = [60, 180, 600];
const LINE_COLOURS = 8;
/** How many charts are announced at the cursor: those of the whole herd. */
const SPOKEN = 4;

export const charts: View = {
  title: "Charts",
  mount: (root, app, params) => new ChartsView(root, app, params),
};

class ChartsView implements Mounted {
  readonly #app: App;
  readonly #abort = new AbortController();
  readonly #buttons: readonly HTMLElement[];
  readonly #whole: HTMLElement;
  readonly #at = make("output", { class: "soft" });
  readonly #spoken = make("p", { class: "unseen", role: "status" });
  readonly #empty = make("p", { class: "empty" });
  readonly #grid = make("div", {
    class: "charts-grid",
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

  constructor(root: HTMLElement, app: App, params: URLSearchParams) {
    this.#app = app;
    this.#buttons = SPANS_S.map((seconds) =>
      make("button", {
        type: "button",
        onclick: () =>
          this.#app.navigate(addressOf("charts", { span: String(seconds) })),
      }, `${seconds / 60} min`)
    );
    this.#whole = make("button", {
      type: "button",
      hidden: "",
      onclick: () => this.#choose(undefined),
    }, "Back to the whole");
    root.append(...this.#elements());
    this.update(params);
    this.#listen();
    plotLibrary().then((library) => {
      // Another view may be open by now.
      if (this.#abort.signal.aborted) return;
      this.#uPlot = library;
      this.#show();
    }, (error) => setText(this.#empty, `No chart: ${whyOf(error)}`));
  }

  #elements(): HTMLElement[] {
    const key = (text: string) => make("kbd", {}, text);
    const help = make(
      "p",
      { id: "charts-help", class: "soft" },
      ...["Drag over a part to see it larger. ", key("←"), " ", key("→")],
      ...[" move the cursor, ", key("0"), " shows the whole again."],
    );
    const spans = make(
      "div",
      { class: "row", role: "group", "aria-label": "Time shown" },
      ...this.#buttons,
      this.#whole,
    );
    const bar = make("div", { class: "charts-bar" }, spans, this.#at, help);
    const view = make(
      "div",
      { class: "charts-view" },
      bar,
      this.#empty,
      this.#grid,
      this.#spoken,
    );
    return [make("h1", { class: "unseen" }, "Charts"), view];
  }

  update(params: URLSearchParams): void {
    const seconds = Number(params.get("span"));
    if (SPANS_S.includes(seconds)) this.#seconds = seconds;
    SPANS_S.forEach((span, i) =>
      this.#buttons[i]!.setAttribute(
        "aria-pressed",
        String(span === this.#seconds),
      )
    );
    this.#choose(undefined);
  }

  unmount(): void {
    this.#abort.abort();
    for (const figure of this.#figures) figure.end();
  }

  #listen(): void {
    const { signal } = this.#abort;
    const end = this.#app.store.subscribe(() => this.#show());
    const resized = new ResizeObserver(() => {
      for (const figure of this.#figures) figure.fit();
    });
    resized.observe(this.#grid);
    signal.addEventListener("abort", () => {
      end();
      resized.disconnect();
    });
    document.documentElement.addEventListener("recolour", () => {
      const colours = coloursOf();
      for (const figure of this.#figures) figure.recolour(colours);
    }, { signal });
    this.#grid.addEventListener("dblclick", () => this.#choose(undefined));
    this.#grid.addEventListener("keydown", (event) => this.#onKey(event));
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { length } = this.#charts.times;
    const at = this.#pointed ?? length - 1;
    const moves: Record<string, () => void> = {
      ArrowLeft: () => this.#moveTo(at - 1),
      ArrowRight: () => this.#moveTo(at + 1),
      PageUp: () => this.#moveTo(at - 10),
      PageDown: () => this.#moveTo(at + 10),
      Home: () => this.#moveTo(0),
      End: () => this.#moveTo(length - 1),
      "0": () => this.#choose(undefined),
      Escape: () => this.#choose(undefined),
    };
    const act = moves[event.key];
    if (act === undefined || length === 0) return;
    event.preventDefault();
    act();
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
      const figure = new PlotFigure(library, axis, coloursOf(), isLabelled);
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

function coloursOf(): PlotColours {
  const { soft, rule, band, ink } = palette();
  const probe = make("i", { hidden: "" });
  document.body.append(probe);
  const lines = Array.from({ length: LINE_COLOURS }, (_, i) => {
    probe.style.color = `var(--line-${i})`;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  const { fontFamily } = getComputedStyle(document.body);
  return { soft, rule, band, ink, lines, font: `14px ${fontFamily}` };
}
