/**
 * Moves the map: by mouse, one or two fingers, wheel and keys.
 *
 * @module
 */
/// <reference lib="dom" />
import { byKey } from "../../report_page/dom.ts";

/** The actions that gestures call. Points are in pixels of the canvas. */
export interface Gestures {
  /** Move the map by so many pixels. */
  pan(right: number, down: number): void;
  /** Zoom by a factor around a point, by default the middle. */
  zoom(factor: number, x?: number, y?: number): void;
  whole(): void;
  /** A click or tap. */
  pick(x: number, y: number): void;
  /** The middle was chosen by a key. */
  pickMiddle(): void;
  /** Go to the next client, or the previous one. */
  step(by: 1 | -1): void;
  /** The pointer's position; `null` when it has left. */
  hover(at: readonly [x: number, y: number] | null): void;
  /** Clear the marks. */
  escape(): void;
}

const KEY_PIXELS = 60;
/** A press that moves further is a drag. */
const CLICK_PIXELS_MAX = 4;

/** Listens until `signal` aborts. */
export function listen(
  canvas: HTMLCanvasElement,
  gestures: Gestures,
  signal: AbortSignal,
): void {
  listenToPointers(canvas, gestures, signal);
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const factor = Math.exp(-event.deltaY * lines / 320);
    gestures.zoom(factor, event.offsetX, event.offsetY);
  }, { passive: false, signal });
  canvas.addEventListener("keydown", byKey(keys(gestures)), { signal });
}

function keys(gestures: Gestures): Readonly<Record<string, () => void>> {
  const pan = (right: number, down: number) => () =>
    gestures.pan(right * KEY_PIXELS, down * KEY_PIXELS);
  return {
    ArrowLeft: pan(1, 0),
    ArrowRight: pan(-1, 0),
    ArrowUp: pan(0, 1),
    ArrowDown: pan(0, -1),
    "+": () => gestures.zoom(1.5),
    "=": () => gestures.zoom(1.5),
    "-": () => gestures.zoom(1 / 1.5),
    "0": () => gestures.whole(),
    n: () => gestures.step(1),
    p: () => gestures.step(-1),
    Enter: () => gestures.pickMiddle(),
    Escape: () => gestures.escape(),
  };
}

function listenToPointers(
  canvas: HTMLCanvasElement,
  gestures: Gestures,
  signal: AbortSignal,
): void {
  const down = new Map<number, { x: number; y: number }>();
  let travelled = 0;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    if (down.size === 0) travelled = 0;
    down.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
  }, { signal });
  canvas.addEventListener("pointermove", (event) => {
    const to = { x: event.offsetX, y: event.offsetY };
    const from = down.get(event.pointerId);
    if (from === undefined) return gestures.hover([to.x, to.y]);
    travelled += Math.hypot(to.x - from.x, to.y - from.y);
    if (travelled <= CLICK_PIXELS_MAX) return;
    down.set(event.pointerId, to);
    if (down.size === 1) gestures.pan(to.x - from.x, to.y - from.y);
    else pinch(event.pointerId, from, to);
  }, { signal });
  const pinch = (
    id: number,
    from: { x: number; y: number },
    to: { x: number; y: number },
  ) => {
    const other = [...down].find(([key]) => key !== id)?.[1];
    if (other === undefined) return;
    const before = Math.hypot(from.x - other.x, from.y - other.y);
    const after = Math.hypot(to.x - other.x, to.y - other.y);
    gestures.pan((to.x - from.x) / 2, (to.y - from.y) / 2);
    if (before > 0) {
      const middle = [(to.x + other.x) / 2, (to.y + other.y) / 2] as const;
      gestures.zoom(after / before, ...middle);
    }
  };
  canvas.addEventListener("pointerup", (event) => {
    const isClick = down.size === 1 && travelled <= CLICK_PIXELS_MAX &&
      down.has(event.pointerId);
    down.delete(event.pointerId);
    if (isClick) gestures.pick(event.offsetX, event.offsetY);
  }, { signal });
  canvas.addEventListener("pointercancel", (event) => {
    down.delete(event.pointerId);
  }, { signal });
  canvas.addEventListener("pointerleave", () => gestures.hover(null), {
    signal,
  });
}
