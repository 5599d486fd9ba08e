/**
 * A worker that counts ticks: it sleeps in `Atomics.wait`, which is exact to
 * some ten microseconds, where timers are to a millisecond.
 *
 * @module
 */

import { denoPlatform } from "../../herd/net/deno_platform.ts";

export interface PacerStart {
  /** Two Int32: the number of ticks, and one to sleep on. */
  readonly memory: SharedArrayBuffer;
  /** When the first tick is due, in milliseconds since the epoch. */
  readonly startMs: number;
  readonly tickMs: number;
  readonly ticks: number;
}

const port = globalThis as unknown as {
  onmessage: ((event: MessageEvent<PacerStart>) => void) | null;
  close(): void;
};

port.onmessage = ({ data: { memory, startMs, tickMs, ticks } }) => {
  const words = new Int32Array(memory);
  for (let tick = 0; tick < ticks; tick++) {
    const leftMs = startMs + tick * tickMs - denoPlatform.clock.nowMs();
    if (leftMs > 0) Atomics.wait(words, 1, 0, leftMs);
    Atomics.add(words, 0, 1);
    Atomics.notify(words, 0);
  }
  port.close();
};
