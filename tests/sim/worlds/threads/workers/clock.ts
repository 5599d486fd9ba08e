/**
 * A worker whose clock is set by its starter, and which tells the time for as
 * long as somebody asks.
 *
 * @module
 */
import { DenoClock } from "../../../../../herd/net/deno_platform.ts";
import { alignedOrigin } from "../../../../../sim/worlds/threads/thread_clock.ts";

/** What the worker is told first. */
export interface ClockOrder {
  readonly systemAheadMs: number;
  /** By so much the system's clock was set before the worker was started. */
  readonly setByMs: number;
}

let clock: DenoClock | undefined;

self.onmessage = ({ data }: MessageEvent<ClockOrder | "now">) => {
  if (data === "now") return self.postMessage(clock!.nowMs());
  if (clock !== undefined) throw new Error("The clock is set once");
  // Here the system's clock was not really set: its origin would be later.
  const { systemAheadMs, setByMs } = data;
  clock = new DenoClock(alignedOrigin(systemAheadMs) + setByMs);
  self.postMessage(clock.originMs);
};

declare const self: Worker;
