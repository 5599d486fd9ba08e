/**
 * A worker whose clock is set by its spawner, and which then tells the time for
 * as long as somebody asks.
 *
 * @module
 */
import { DenoClock } from "../../../../../herd/net/deno_platform.ts";
import { alignedOrigin } from "../../../../../sim/worlds/threads/thread_clock.ts";

/** What the worker is told first. */
export interface ClockOrder {
  /** Of `clockMemory`. */
  readonly memory: SharedArrayBuffer;
  /** By so much the system's clock was set before the worker was started. */
  readonly stepMs: number;
}

let clock: DenoClock | undefined;

self.onmessage = ({ data }: MessageEvent<ClockOrder | "now">) => {
  if (data === "now") return self.postMessage(clock!.nowMs());
  if (clock !== undefined) throw new Error("The clock is set once");
  const originMs = alignedOrigin(
    data.memory,
    ({ kind, timeOriginMs }) =>
      self.postMessage({ kind, timeOriginMs: timeOriginMs + data.stepMs }),
  );
  clock = new DenoClock(originMs);
  self.postMessage(clock.nowMs());
};

declare const self: Worker;
