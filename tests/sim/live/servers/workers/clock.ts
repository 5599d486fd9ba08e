/**
 * A worker whose clock is set by its spawner, and which then tells the time for
 * as long as somebody asks.
 *
 * @module
 */
import { nowMs, setOrigin } from "../../../../../herd/net/clock.ts";
import { alignClock } from "../../../../../sim/live/thread_clock.ts";

/** What the worker is told first. */
export interface ClockOrder {
  /** Of `clockMemory`. */
  readonly memory: SharedArrayBuffer;
  /** By so much the system's clock was set before the worker was started. */
  readonly stepMs: number;
}

let isSet = false;

self.onmessage = ({ data }: MessageEvent<ClockOrder | "now">) => {
  if (data === "now") return self.postMessage(nowMs());
  if (isSet) throw new Error("The clock is set once");
  isSet = true;
  setOrigin(performance.timeOrigin + data.stepMs);
  alignClock(
    data.memory,
    ({ kind, timeOriginMs }) =>
      self.postMessage({ kind, timeOriginMs: timeOriginMs + data.stepMs }),
  );
  self.postMessage(nowMs());
};

declare const self: Worker;
