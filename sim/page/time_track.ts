/**
 * The strip behind the slider of the time line: how much happened, when faults
 * were active, and when servers ended.
 *
 * @module
 */
/// <reference lib="dom" />
import { canvasOf, make, palette } from "../report_page/dom.ts";
import type { App } from "./app.ts";
import type { Recording } from "./recording.ts";

const EVERY_MS = 500;

export class TimeTrack {
  readonly element: HTMLCanvasElement = make("canvas#time-strip", {
    "aria-hidden": "true",
  });
  readonly #app: App;
  #paintedMs = -Infinity;
  #shown: Recording | undefined;

  constructor(app: App) {
    this.#app = app;
    document.documentElement.addEventListener("recolour", () => {
      this.#paintedMs = -Infinity;
    });
  }

  /** Repaints, if it is due. */
  frame(): void {
    const nowMs = performance.now();
    const { shown } = this.#app.store;
    if (nowMs - this.#paintedMs < EVERY_MS && shown === this.#shown) return;
    this.#paintedMs = nowMs;
    this.#shown = shown;
    const { clientWidth, clientHeight } = this.element.parentElement!;
    if (clientWidth === 0) return;
    const { context, width } = canvasOf(this.element, clientHeight);
    paint(context, shown, width, clientHeight);
  }
}

function paint(
  context: CanvasRenderingContext2D,
  shown: Recording,
  width: number,
  height: number,
): void {
  const colours = palette();
  const { fromMs, toMs, latest } = shown;
  const spanMs = Math.max(1, toMs - fromMs);
  const x = (ms: number) =>
    Math.min(width, Math.max(0, (ms - fromMs) / spanMs * width));
  context.fillStyle = colours.warn;
  context.globalAlpha = 0.6;
  for (const span of latest.faultSpans) {
    const left = x(span.fromMs);
    const right = x(span.toMs ?? toMs);
    context.fillRect(left, height - 4, Math.max(right - left, 2), 4);
  }
  context.globalAlpha = 1;
  const most = Math.max(1, ...latest.figures.map(({ updates }) => updates));
  context.fillStyle = colours.faint;
  const barWidth = Math.max(1, 1_000 / spanMs * width);
  for (const { atMs, updates } of latest.figures) {
    if (updates === 0 || atMs < fromMs) continue;
    const tall = Math.max(1, updates / most * (height - 11));
    context.fillRect(x(atMs - 1_000), height - 5 - tall, barWidth, tall);
  }
  context.fillStyle = colours.bad;
  for (const event of latest.events) {
    if (event.kind !== "state" || event.atMs < fromMs) continue;
    if (event.state !== "stopped" && event.state !== "crashed") continue;
    context.fillRect(x(event.atMs) - 0.75, 0, 1.5, 5);
  }
}
