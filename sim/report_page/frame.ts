/**
 * Draws the diagram's background and foreground: faults, lanes, failed steps,
 * axis.
 *
 * @module
 */
/// <reference lib="dom" />
import { unionOf } from "./bands.ts";
import { type Palette, pathAt } from "./dom.ts";
import { AXIS_HEIGHT, BAND_HEIGHT, type Places, type Point } from "./places.ts";
import type { Run } from "./run.ts";
import { ticksOf } from "./series.ts";
import { tickText } from "./text.ts";

/** The dash pattern of a failed step, in pixels. */
export const FAILURE_DASH = [4, 3];
/** The dash pattern of a message that may have arrived. */
export const UNKNOWN_DASH = [3, 3];

/** The faults: a row of bars, and bands behind everything. */
export function drawBands(
  places: Places,
  context: CanvasRenderingContext2D,
  { band, ink, paper }: Palette,
  height: number,
): void {
  const { fromMs, toMs } = places.window;
  context.fillStyle = band;
  context.globalAlpha = 0.45;
  for (const span of unionOf(places.bands)) {
    const { left, width } = places.extent(span);
    if (span.toMs < fromMs || span.fromMs > toMs) continue;
    context.fillRect(left, places.top, width, height - AXIS_HEIGHT);
  }
  context.globalAlpha = 1;
  for (const [index, { text, ...span }] of places.bands.entries()) {
    if (span.toMs < fromMs || span.fromMs > toMs) continue;
    const { left, width } = places.extent(span);
    const top = places.rows[index]! * BAND_HEIGHT;
    context.fillStyle = paper;
    context.fillRect(left, top, width, BAND_HEIGHT);
    context.fillStyle = band;
    context.fillRect(left, top, width, BAND_HEIGHT - 2);
    if (width < 24) continue;
    context.save();
    context.beginPath();
    context.rect(left, top, width - 4, BAND_HEIGHT);
    context.clip();
    context.fillStyle = ink;
    context.font = context.font.replace(/[\d.]+px/, "11px");
    context.fillText(text, left + 5, top + BAND_HEIGHT / 2 - 0.5);
    context.restore();
  }
  context.clearRect(0, height - AXIS_HEIGHT, places.width, AXIS_HEIGHT);
}

/** The lanes, with the times in which their servers were not up. */
export function drawLanes(
  run: Run,
  places: Places,
  context: CanvasRenderingContext2D,
  { rule, down, soft, faint, ink }: Palette,
  names: readonly string[],
): void {
  const { downTimes } = run.data;
  const { fromMs, toMs } = places.window;
  const { gap } = places;
  for (const [server, name] of names.entries()) {
    const y = Math.round(places.y(server)) + 0.5;
    const isClients = server === run.servers.length;
    line(context, rule, [[places.gutter, y], [places.width, y]]);
    const isDown = downTimes.some((time) =>
      time.server === server && time.fromMs <= fromMs && time.toMs >= toMs
    );
    context.fillStyle = isDown || isClients ? soft : ink;
    context.fillText(name, 0, y, places.gutter - 10);
  }
  for (const { server, state, ...span } of downTimes) {
    if (span.toMs < fromMs || span.fromMs > toMs) continue;
    const y = places.y(server);
    const { left, width } = places.extent(span);
    context.fillStyle = down;
    context.fillRect(left, y - gap * 0.3, width, gap * 0.6);
    // A paused server is not dead: its sockets are open.
    if (state === "paused") {
      context.strokeStyle = faint;
      context.strokeRect(left + 0.5, y - gap * 0.3 + 0.5, width, gap * 0.6);
    }
  }
}

/** The start times of failed steps. */
export function drawFailures(
  run: Run,
  places: Places,
  context: CanvasRenderingContext2D,
  { bad }: Palette,
  height: number,
): void {
  for (const { ok, startedMs } of run.data.record.steps) {
    if (ok) continue;
    const x = Math.round(places.x(startedMs)) + 0.5;
    context.setLineDash(FAILURE_DASH);
    line(context, bad, [[x, places.top], [x, height - AXIS_HEIGHT]]);
    context.setLineDash([]);
  }
}

/** The moment chosen under “What if”. */
export function drawHeld(
  { heldMs }: Run,
  places: Places,
  context: CanvasRenderingContext2D,
  { accent }: Palette,
  height: number,
): void {
  if (heldMs === undefined) return;
  const { fromMs, toMs } = places.window;
  if (heldMs < fromMs || heldMs > toMs) return;
  const x = Math.round(places.x(heldMs)) + 0.5;
  const bottom = height - AXIS_HEIGHT;
  context.lineWidth = 2;
  line(context, accent, [[x, places.top], [x, bottom]]);
  context.lineWidth = 1;
  context.fillStyle = accent;
  context.fill(pathAt("M-6 8H6L0 0", [x, bottom]));
}

export function drawAxis(
  places: Places,
  context: CanvasRenderingContext2D,
  { rule, soft }: Palette,
  height: number,
): void {
  const { fromMs, toMs } = places.window;
  const ticks = ticksOf(fromMs, toMs, places.timeWidth / 110);
  const stepMs = (ticks[1] ?? toMs) - (ticks[0] ?? fromMs);
  const y = height - AXIS_HEIGHT + 0.5;
  line(context, rule, [[places.gutter, y], [places.width, y]]);
  context.fillStyle = soft;
  for (const tick of ticks) {
    const x = Math.round(places.x(tick)) + 0.5;
    line(context, rule, [[x, y], [x, y + 5]]);
    const text = tickText(tick, stepMs);
    const width = context.measureText(text).width;
    const left = Math.min(x - width / 2, places.width - width);
    context.fillText(text, Math.max(left, places.gutter - 6), y + 15);
  }
}

export function line(
  context: CanvasRenderingContext2D,
  colour: string,
  [[x1, y1], [x2, y2]]: readonly [Point, Point],
): void {
  context.strokeStyle = colour;
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}
