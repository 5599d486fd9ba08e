/**
 * Positions in the space-time diagram: time runs to the right, each server has
 * a lane.
 *
 * @module
 */
/// <reference lib="dom" />
import { type Band, rowsOf } from "./bands.ts";
import { LOST_SHARE, type Span } from "./diagram_hits.ts";
import { isPrinting } from "./dom.ts";
import { bandsOf, type Run } from "./run.ts";

export const AXIS_HEIGHT = 26;
export const BAND_HEIGHT = 16;
const BAND_ROWS_MAX = 4;

export type Point = readonly [x: number, y: number];

/** Positions for the window that is shown. */
export class Places {
  window: Span = { fromMs: 0, toMs: 1 };
  width: number = 1;
  /** From the left edge to the start of the time axis. */
  gutter: number = 0;
  readonly bands: readonly Band[];
  /** The row of each band. */
  readonly rows: readonly number[];
  readonly top: number;
  readonly #run: Run;

  constructor(run: Run) {
    this.#run = run;
    this.bands = bandsOf(run.data);
    this.rows = rowsOf(this.bands, BAND_ROWS_MAX);
    const rows = this.rows.reduce((most, row) => Math.max(most, row + 1), 0);
    this.top = rows * BAND_HEIGHT;
  }

  /** The height of the diagram, which depends on the run alone. */
  static heightOf(run: Pick<Run, "data" | "servers">): number {
    const bands = bandsOf(run.data);
    const rows = Math.max(0, ...rowsOf(bands, BAND_ROWS_MAX).map((n) => n + 1));
    return rows * BAND_HEIGHT + AXIS_HEIGHT +
      (run.servers.length + 1) * laneGap(run.servers.length);
  }

  /** The width of the time axis. */
  get timeWidth(): number {
    return this.width - this.gutter;
  }

  x(ms: number): number {
    const { fromMs, toMs } = this.window;
    return this.gutter + (ms - fromMs) / (toMs - fromMs) * this.timeWidth;
  }

  /** The middle of a server's lane; the clients' lane is the first. */
  y(server: number): number {
    const { length } = this.#run.servers;
    const lane = server >= length ? 0 : server + 1;
    return this.top + (lane + 0.5) * laneGap(length);
  }

  /** The distance between lanes. */
  get gap(): number {
    return laneGap(this.#run.servers.length);
  }

  /** The visible part of a time range. */
  extent({ fromMs, toMs }: Span): { left: number; width: number } {
    const left = Math.max(this.x(fromMs), this.gutter);
    const right = Math.min(this.x(toMs), this.width);
    return { left, width: Math.max(right - left, 1) };
  }

  timeAt(x: number): number {
    const { fromMs, toMs } = this.window;
    return fromMs + (x - this.gutter) / this.timeWidth * (toMs - fromMs);
  }

  /** The ends of a message's line; that of a lost one stops midway. */
  endsOf(message: number): [Point, Point] {
    const { sentMs, receivedMs, from, to } = this.#run.messages;
    const received = receivedMs[message]!;
    const sent = sentMs[message]!;
    const y1 = this.y(from[message]!);
    const y2 = this.y(to[message]!);
    if (!Number.isNaN(received)) {
      return [[this.x(sent), y1], [this.x(received), y2]];
    }
    const { fromMs, toMs } = this.window;
    const stub = (toMs - fromMs) * LOST_SHARE / 2;
    return [[this.x(sent), y1], [this.x(sent + stub), y1 + (y2 - y1) * 0.4]];
  }
}

/** The distance between lanes. */
function laneGap(servers: number): number {
  const room = isPrinting() ? 420 : 560;
  return Math.max(18, Math.min(52, Math.floor(room / (servers + 1))));
}
