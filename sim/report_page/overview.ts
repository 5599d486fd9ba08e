/**
 * The strip that shows the whole run: the number of messages over time, and the
 * diagram's window, which can be dragged.
 *
 * @module
 */
/// <reference lib="dom" />
import { unionOf } from "./bands.ts";
import type { Span } from "./diagram_hits.ts";
import { byId, canvasOf, palette } from "./dom.ts";
import { bandsOf, type Run } from "./run.ts";

const HEIGHT_PX = 52;
/** Within this distance a pointer drags the window's edge. */
const EDGE_PX = 7;

/** What of the window is dragged. */
type Grip = "from" | "to" | "both";

export class Overview {
  readonly #run: Run;
  readonly #canvas = byId<HTMLCanvasElement>("overview");
  readonly #move: (window: Span) => void;
  #window: Span = { fromMs: 0, toMs: 1 };
  #gutter = 0;
  #width = 1;
  /** Messages per time bin; `undefined` until they are counted again. */
  #bins: Uint32Array | undefined;

  /** `move` is called with each window that the user drags to. */
  constructor(run: Run, move: (window: Span) => void) {
    this.#run = run;
    this.#move = move;
    this.#listen();
  }

  /** Counts the messages anew after a change of the filter. */
  recount(): void {
    this.#bins = undefined;
  }

  #x(ms: number): number {
    return this.#gutter +
      ms / this.#run.data.spanMs * (this.#width - this.#gutter);
  }

  #count(): Uint32Array {
    const { messages, isShown, data } = this.#run;
    const bins = new Uint32Array(
      Math.max(1, Math.floor((this.#width - this.#gutter) / 2)),
    );
    const perMs = bins.length / data.spanMs;
    for (let i = 0; i < messages.length; i++) {
      if (isShown[messages.update[i]!] === 0) continue;
      const bin = Math.floor(messages.sentMs[i]! * perMs);
      bins[Math.min(bins.length - 1, Math.max(0, bin))]!++;
    }
    return bins;
  }

  /** Draws the strip and the window; the time axis begins at `gutter`. */
  draw(window: Span, gutter: number): void {
    this.#window = window;
    const { context, width } = canvasOf(this.#canvas, HEIGHT_PX);
    if (width !== this.#width || gutter !== this.#gutter) this.recount();
    this.#width = width;
    this.#gutter = gutter;
    const { band, soft, accent, rule } = palette();
    context.fillStyle = band;
    context.globalAlpha = 0.7;
    for (const { fromMs, toMs } of unionOf(bandsOf(this.#run.data))) {
      const left = this.#x(fromMs);
      context.fillRect(left, 0, Math.max(1, this.#x(toMs) - left), HEIGHT_PX);
    }
    context.globalAlpha = 1;
    const bins = this.#bins ??= this.#count();
    const most = bins.reduce((max, count) => Math.max(max, count), 1);
    const binWidth = (width - gutter) / bins.length;
    context.fillStyle = soft;
    for (const [i, count] of bins.entries()) {
      if (count === 0) continue;
      const height = Math.max(1, count / most * (HEIGHT_PX - 8));
      const left = gutter + i * binWidth;
      context.fillRect(left, HEIGHT_PX - height, binWidth, height);
    }
    context.strokeStyle = rule;
    context.strokeRect(gutter + 0.5, 0.5, width - gutter - 1, HEIGHT_PX - 1);
    const left = this.#x(window.fromMs);
    const right = Math.max(this.#x(window.toMs), left + 2);
    context.fillStyle = accent;
    const isWhole = right - left >= width - gutter - 1;
    context.globalAlpha = isWhole ? 0 : 0.14;
    context.fillRect(left, 0, right - left, HEIGHT_PX);
    context.globalAlpha = 1;
    context.fillRect(left - 1, 0, 2, HEIGHT_PX);
    context.fillRect(right - 1, 0, 2, HEIGHT_PX);
  }

  #listen(): void {
    const canvas = this.#canvas;
    let drag: { grip: Grip; atMs: number; window: Span } | undefined;
    const timeOf = (event: PointerEvent) =>
      (event.offsetX - this.#gutter) / (this.#width - this.#gutter) *
      this.#run.data.spanMs;
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      const atMs = timeOf(event);
      const grip = this.#gripAt(event.offsetX);
      if (grip === undefined) {
        // Outside the window: move it here.
        const half = (this.#window.toMs - this.#window.fromMs) / 2;
        this.#move({ fromMs: atMs - half, toMs: atMs + half });
      }
      drag = { grip: grip ?? "both", atMs, window: this.#window };
    });
    canvas.addEventListener("pointermove", (event) => {
      const grip = this.#gripAt(event.offsetX);
      canvas.style.cursor = grip === "both" ? "grab" : "ew-resize";
      if (drag === undefined) return;
      const by = timeOf(event) - drag.atMs;
      const { fromMs, toMs } = drag.window;
      this.#move({
        fromMs: drag.grip === "to" ? fromMs : fromMs + by,
        toMs: drag.grip === "from" ? toMs : toMs + by,
      });
    });
    const drop = () => {
      drag = undefined;
    };
    canvas.addEventListener("pointerup", drop);
    canvas.addEventListener("pointercancel", drop);
  }

  #gripAt(x: number): Grip | undefined {
    const left = this.#x(this.#window.fromMs);
    const right = this.#x(this.#window.toMs);
    // A narrow window could not be moved if its edges took all of its width.
    const edge = Math.min(EDGE_PX, (right - left) / 4);
    if (x < left - EDGE_PX || x > right + EDGE_PX) return undefined;
    if (x < left + edge) return "from";
    return x > right - edge ? "to" : "both";
  }
}
