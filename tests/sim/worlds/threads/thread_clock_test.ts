import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import {
  alignedOrigin,
  startAligned,
} from "../../../../sim/worlds/threads/thread_clock.ts";
import { systemClockSet } from "../../../system_clock.ts";
import type { ClockOrder } from "./workers/clock.ts";

const { clock } = denoPlatform;
const MODULE = import.meta.resolve("./workers/clock.ts");
/** Two clocks that agree differ by less; the least step that matters is 50 ms. */
const APART_MS = 1;

/** Fails if the time was not between two others, as another clock tells them. */
function assertBetween(beforeMs: number, atMs: number, afterMs: number): void {
  assert(atMs >= beforeMs - APART_MS, `${beforeMs - atMs} ms behind`);
  assert(atMs <= afterMs + APART_MS, `${atMs - afterMs} ms ahead`);
}

for (const setByMs of [0, 60_000, -60_000, 50, -50]) {
  Deno.test(`startAligned() has a worker's clock agree, the system's set by ${setByMs} ms or not`, async () => {
    using _ = systemClockSet(setByMs);
    const startMs = clock.nowMs();
    const { worker, systemAheadMs } = startAligned(
      clock,
      () => new Worker(MODULE, { type: "module" }),
    );
    const startedMs = clock.nowMs();
    const say = (what: ClockOrder | "now") => {
      const said = new Promise<number>((resolve) => {
        worker.onmessage = ({ data }) => resolve(data);
      });
      worker.postMessage(what);
      return said;
    };
    try {
      const originMs = await say({ systemAheadMs, setByMs });
      // It is read before the constructor returns, so that a step can be seen.
      assertBetween(startMs, originMs, startedMs);
      for (let i = 0; i < 20; i++) {
        const beforeMs = clock.nowMs();
        const atMs = await say("now");
        assertBetween(beforeMs, atMs, clock.nowMs());
      }
    } finally {
      worker.terminate();
    }
  });
}

/** Workers that are only counted, and the clock that is set meanwhile. */
class Starts implements Disposable {
  readonly ended: number[] = [];
  readonly #sets = new DisposableStack();
  readonly #setByMs: number[];
  #count = 0;

  /** @param setByMs By how much the clock is set, start by start. */
  constructor(...setByMs: number[]) {
    this.#setByMs = setByMs;
  }

  start(): { readonly number: number; terminate(): void } {
    const setByMs = this.#setByMs.shift();
    if (setByMs !== undefined) this.#sets.use(systemClockSet(setByMs));
    const number = ++this.#count;
    return { number, terminate: () => this.ended.push(number) };
  }

  [Symbol.dispose](): void {
    this.#sets.dispose();
  }
}

for (const setByMs of [60_000, -60_000, 50, -50]) {
  Deno.test({
    name:
      `startAligned() starts another worker if the system's clock is set by ${setByMs} ms meanwhile`,
    permissions: "none",
    fn() {
      using none = new Starts();
      const before = startAligned(clock, () => none.start());
      assertEquals(before.worker.number, 1);
      using one = new Starts(setByMs);
      const { worker, systemAheadMs } = startAligned(clock, () => one.start());
      assertEquals([worker.number, one.ended], [2, [1]]);
      const byMs = systemAheadMs - before.systemAheadMs;
      assertAlmostEquals(byMs, setByMs, APART_MS);
    },
  });
}

Deno.test({
  name:
    "startAligned() starts no more than three workers if the clock is set at each",
  permissions: "none",
  fn() {
    using all = new Starts(50, 50, 50, 50);
    const { worker } = startAligned(clock, () => all.start());
    assertEquals([worker.number, all.ended], [3, [1, 2]]);
  },
});

for (
  const [byMs, isMended] of [[0, true], [13, true], [-13, true], [
    60,
    false,
  ]] as const
) {
  Deno.test({
    name: `alignedOrigin() ${
      isMended ? "mends" : "leaves"
    } an origin that is ${byMs} ms off`,
    permissions: "none",
    fn() {
      const { timeOrigin } = performance;
      Object.defineProperty(performance, "timeOrigin", {
        value: timeOrigin + byMs,
        configurable: true,
      });
      try {
        const originMs = isMended ? timeOrigin : timeOrigin + byMs;
        assertAlmostEquals(alignedOrigin(100), originMs - 100, APART_MS);
      } finally {
        delete (performance as { timeOrigin?: number }).timeOrigin;
      }
    },
  });
}
