/**
 * Draws a run, and handles the input.
 *
 * @module
 */
/// <reference lib="dom" />
import { showCharts } from "./charts.ts";
import { Diagram, type Drawn } from "./diagram.ts";
import type { Span } from "./diagram_hits.ts";
import { messageText, shownText } from "./diagram_text.ts";
import { byId, byKey, make, onClick } from "./dom.ts";
import { Fork } from "./fork.ts";
import { Overview } from "./overview.ts";
import type { Run, RunData } from "./run.ts";
import { clientOf, moment } from "./text.ts";
import { showTree } from "./tree_view.ts";
import { listenToUpdates } from "./update_tools.ts";
import { limited, panned, zoomed } from "./window.ts";

/** In a larger run, the first window has about so many messages. */
const FIRST_MESSAGES = 400;
/**
 * The most clients in the list of suggestions, which would be slow to build.
 */
const PROPOSED_MAX = 1_000;

export class View {
  readonly #run: Run;
  readonly #data: RunData;
  readonly #diagram: Diagram;
  readonly #overview: Overview;
  readonly #canvas = byId<HTMLCanvasElement>("diagram");
  readonly #tip = byId("tip");
  #window: Span;
  #isPlanned = false;
  readonly #fork: Fork | undefined;

  constructor(run: Run) {
    this.#run = run;
    this.#data = run.data;
    this.#diagram = new Diagram(run, this.#canvas);
    this.#overview = new Overview(run, (to) => this.#move(to));
    this.#window = this.#firstWindow();
    this.#followFirst();
    run.watch(() => {
      this.#overview.recount();
      showTree(run);
      this.#plan();
    });
    this.#listenToTools();
    listenToUpdates(run, () => this.#findUpdate());
    this.#listenToPointer();
    this.#listenToKeys();
    this.#listenToPage();
    this.#proposeClients();
    this.#fork = Fork.begin(run, (ms) => {
      run.heldMs = ms;
      this.#plan();
    });
    this.#draw();
    showTree(run);
    showCharts(run);
  }

  /**
   * A small run as a whole; of a large one, the part with the first failure or
   * fault.
   */
  #firstWindow(): Span {
    const { spanMs, faults, record } = this.#data;
    const { length } = this.#run.messages;
    if (length <= FIRST_MESSAGES) return { fromMs: 0, toMs: spanMs };
    const width = Math.max(1, spanMs * FIRST_MESSAGES / length);
    const failed = record.steps.find(({ ok }) => !ok);
    const atMs = failed?.startedMs ?? faults[0]?.beganMs ?? 0;
    const fromMs = Math.max(0, atMs - width / 4);
    return { fromMs, toMs: Math.min(spanMs, fromMs + width) };
  }

  /**
   * Follows the newest update of the client of a failed expectation, as of when
   * that ended; if there is none, the first update that starts in the window.
   */
  #followFirst(): void {
    const { startMs } = this.#run.spread;
    const failed = this.#data.record.steps.find(({ ok, client }) =>
      !ok && client !== undefined
    );
    const ofClient = failed === undefined
      ? -1
      : this.#data.updates.findLastIndex((text, update) =>
        clientOf(text) === failed.client &&
        startMs[update]! <= failed.startedMs + failed.tookMs
      );
    const first = ofClient >= 0
      ? ofClient
      : startMs.findIndex((ms) => ms >= this.#window.fromMs);
    if (first >= 0) this.#run.update = first;
  }

  /** Draws before the next frame, once for all changes until then. */
  #plan(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    requestAnimationFrame(() => {
      this.#isPlanned = false;
      this.#draw();
    });
  }

  #draw(): void {
    const drawn = this.#diagram.draw(this.#window);
    this.#overview.draw(this.#window, this.#diagram.places.gutter);
    this.#tell(drawn);
  }

  #tell(drawn: Drawn): void {
    const { fromMs, toMs } = this.#window;
    const width = toMs - fromMs;
    const text = shownText(this.#run, drawn);
    byId("shown").textContent = text;
    const times = `${moment(fromMs, width)} to ${moment(toMs, width)}`;
    const overview = byId("overview");
    overview.setAttribute("aria-valuemax", this.#data.spanMs.toFixed(0));
    overview.setAttribute("aria-valuenow", fromMs.toFixed(0));
    overview.setAttribute("aria-valuetext", times);
    const { length } = this.#run.servers;
    this.#canvas.ariaLabel =
      `Messages between ${length} servers, ${times}. ${text}`;
  }

  /** Moves the window, limited to the run. */
  #move(window: Span): void {
    this.#window = limited(window, this.#data.spanMs);
    this.#hideTip();
    this.#plan();
  }

  #pan(share: number): void {
    this.#move(panned(this.#window, share));
  }

  #zoom(factor: number, share = 0.5): void {
    this.#move(zoomed(this.#window, factor, share));
  }

  /** Moves the window to a time. */
  showTime(ms: number): void {
    const { fromMs, toMs } = this.#window;
    this.#moveTo(ms - (toMs - fromMs) / 4);
  }

  #listenToTools(): void {
    onClick("earlier", () => this.#pan(-0.5));
    onClick("later", () => this.#pan(0.5));
    onClick("zoom-in", () => this.#zoom(2));
    onClick("zoom-out", () => this.#zoom(0.5));
    onClick("whole", () => this.#move({ fromMs: 0, toMs: this.#data.spanMs }));
    const duplicates = byId<HTMLInputElement>("duplicates");
    duplicates.addEventListener("change", () => {
      this.#diagram.withDuplicates = duplicates.checked;
      this.#plan();
    });
    const client = byId<HTMLInputElement>("client");
    client.addEventListener("input", () => this.#run.filter(client.value));
  }

  #proposeClients(): void {
    const clients = new Set<string>();
    for (const text of this.#data.updates) {
      clients.add(clientOf(text));
      if (clients.size >= PROPOSED_MAX) break;
    }
    byId("clients").append(
      ...[...clients].map((value) => make("option", { value })),
    );
  }

  /** Moves the window to the followed update. */
  #findUpdate(): void {
    const { update, spread } = this.#run;
    if (update < 0) return;
    const startMs = spread.startMs[update]!;
    const width = Math.max(spread.tookMs[update]! * 1.5, 1);
    this.#move({ fromMs: startMs - width / 6, toMs: startMs + width * 5 / 6 });
    this.#canvas.scrollIntoView({ block: "nearest" });
  }

  #listenToPointer(): void {
    const canvas = this.#canvas;
    let drag: { x: number; window: Span; hasMoved: boolean } | undefined;
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      drag = { x: event.offsetX, window: this.#window, hasMoved: false };
    });
    canvas.addEventListener("pointermove", (event) => {
      if (drag === undefined) return this.#hover(event);
      const pixels = drag.x - event.offsetX;
      if (Math.abs(pixels) > 3) drag.hasMoved = true;
      if (!drag.hasMoved) return;
      canvas.classList.add("dragged");
      const share = pixels / this.#diagram.places.timeWidth;
      this.#move(panned(drag.window, share));
    });
    canvas.addEventListener("pointerup", (event) => {
      canvas.classList.remove("dragged");
      if (drag !== undefined && !drag.hasMoved) {
        const hit = this.#diagram.hit(event.offsetX, event.offsetY);
        if (hit?.kind === "message") this.#follow(hit.message);
        else this.#fork?.at(this.#diagram.places.timeAt(event.offsetX));
      }
      drag = undefined;
    });
    canvas.addEventListener("pointerleave", () => this.#hideTip());
    canvas.addEventListener("wheel", (event) => {
      const { gutter, timeWidth } = this.#diagram.places;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const share = (event.offsetX - gutter) / timeWidth;
        this.#zoom(
          Math.exp(-event.deltaY / 200),
          Math.min(1, Math.max(0, share)),
        );
      } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        this.#pan(event.deltaX / timeWidth);
      }
    }, { passive: false });
  }

  #follow(message: number): void {
    this.#run.follow(this.#run.messages.update[message]!);
  }

  #hover({ offsetX, offsetY }: PointerEvent): void {
    const hit = this.#diagram.hit(offsetX, offsetY);
    this.#canvas.style.cursor = hit === undefined ? "" : "pointer";
    const marked = hit?.kind === "message" ? hit.message : -1;
    if (marked !== this.#diagram.marked) {
      this.#diagram.marked = marked;
      this.#plan();
    }
    if (hit === undefined) return this.#hideTip();
    if (hit.kind === "message") {
      const text = messageText(this.#run, hit.message);
      this.#showTip(text, offsetX, offsetY);
    } else this.#showTip([hit.title, hit.text, ""], offsetX, offsetY);
  }

  #showTip(
    [title, text, mono]: readonly [string, string, string],
    x: number,
    y: number,
  ): void {
    const tip = this.#tip;
    const about = make("div.soft", text);
    about.style.whiteSpace = "pre-line";
    tip.replaceChildren(
      make("strong", title),
      about,
      ...mono === "" ? [] : [make("div.mono", mono)],
    );
    tip.hidden = false;
    const { clientWidth, clientHeight } = byId("stage");
    const left = Math.min(x + 14, clientWidth - tip.offsetWidth);
    const below = y + 16;
    const isRoom = below + tip.offsetHeight <= clientHeight;
    const top = isRoom ? below : y - tip.offsetHeight - 12;
    tip.style.left = `${Math.max(0, left)}px`;
    tip.style.top = `${top}px`;
  }

  #hideTip(): void {
    this.#tip.hidden = true;
    if (this.#diagram.marked < 0) return;
    this.#diagram.marked = -1;
    this.#plan();
  }

  #listenToKeys(): void {
    const moves: Record<string, () => void> = {
      ArrowLeft: () => this.#pan(-0.1),
      ArrowRight: () => this.#pan(0.1),
      PageUp: () => this.#pan(-0.9),
      PageDown: () => this.#pan(0.9),
      "+": () => this.#zoom(1.5),
      "=": () => this.#zoom(1.5),
      "-": () => this.#zoom(1 / 1.5),
      "0": () => this.#move({ fromMs: 0, toMs: this.#data.spanMs }),
      Home: () => this.#moveTo(0),
      End: () => this.#moveTo(this.#data.spanMs),
    };
    const steps: Record<string, () => void> = {
      n: () => this.#step(1),
      p: () => this.#step(-1),
      Enter: () => {
        if (this.#diagram.marked >= 0) this.#follow(this.#diagram.marked);
      },
      Escape: () => this.#hideTip(),
      h: () => this.#fork?.at((this.#window.fromMs + this.#window.toMs) / 2),
    };
    byId("overview").addEventListener("keydown", byKey(moves));
    this.#canvas.addEventListener("keydown", byKey({ ...moves, ...steps }));
  }

  /** Moves the window so that it begins then, if the run is long enough. */
  #moveTo(fromMs: number): void {
    const width = this.#window.toMs - this.#window.fromMs;
    this.#move({ fromMs, toMs: fromMs + width });
  }

  #step(by: 1 | -1): void {
    const message = this.#diagram.step(by);
    if (message < 0) return;
    this.#draw();
    const text = messageText(this.#run, message);
    this.#showTip(text, ...this.#diagram.middleOf(message));
    byId("spoken").textContent = text.join(". ");
  }

  #listenToPage(): void {
    const root = document.documentElement;
    root.addEventListener("recolour", () => {
      this.#plan();
      this.#fork?.redraw();
    });
    let width = innerWidth;
    addEventListener("resize", () => {
      if (innerWidth === width) return;
      width = innerWidth;
      this.#plan();
      this.#fork?.redraw();
      showCharts(this.#run);
    });
    const print = (isPrinting: boolean) => {
      root.toggleAttribute("data-printing", isPrinting);
      this.#hideTip();
      this.#draw();
      showCharts(this.#run);
    };
    addEventListener("beforeprint", () => print(true));
    addEventListener("afterprint", () => print(false));
  }
}
