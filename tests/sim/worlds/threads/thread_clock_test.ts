import { assert, assertAlmostEquals } from "@std/assert";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import {
  answerClock,
  clockMemory,
  type ClockQuestion,
} from "../../../../sim/worlds/threads/thread_clock.ts";
import type { Clock } from "../../../../herd/net/platform.ts";
import type { ClockOrder } from "./workers/clock.ts";

const { clock } = denoPlatform;
const MODULE = import.meta.resolve("./workers/clock.ts");
/** Two clocks that agree differ by less; the least step that matters is 50 ms. */
const APART_MS = 1;

for (const stepMs of [0, 60_000, -60_000, 50, -50]) {
  Deno.test(`answerClock() has a worker's clock agree, the system's set by ${stepMs} ms or not`, async () => {
    const worker = new Worker(MODULE, { type: "module" });
    const heard: ((message: ClockQuestion | number) => void)[] = [];
    worker.onmessage = ({ data }) => heard.shift()?.(data);
    const say = (what: ClockOrder | "now") => {
      const said = new Promise<ClockQuestion | number>((resolve) =>
        heard.push(resolve)
      );
      worker.postMessage(what);
      return said;
    };
    try {
      const memory = clockMemory();
      const question = await say({ memory, stepMs });
      assert(typeof question === "object");
      const set = new Promise((resolve) => heard.push(resolve));
      answerClock(clock, memory, question);
      await set;
      for (let i = 0; i < 20; i++) {
        const beforeMs = clock.nowMs();
        const atMs = await say("now");
        const afterMs = clock.nowMs();
        assert(typeof atMs === "number");
        assert(atMs >= beforeMs - APART_MS, `${atMs - beforeMs} ms behind`);
        assert(atMs <= afterMs + APART_MS, `${atMs - afterMs} ms ahead`);
      }
    } finally {
      worker.terminate();
    }
  });
}

/** Milliseconds since the epoch at which the worker began to count. */
const WORKER_ORIGIN_MS = 1_700_000_000_000;
/** The first word of the memory. */
const [SPAWNERS_TURN, WORKERS_TURN] = [0, 1];

/**
 * A spawner's clock, and a worker that shares its thread: each time it is the
 * worker's turn, it reads its clock at once, and hands over later.
 */
class BusyThreads implements Pick<Clock, "nowMs"> {
  readonly #turn: Int32Array;
  readonly #reading: Float64Array;
  readonly #lateMs: number[];
  #nowMs = WORKER_ORIGIN_MS + 100;

  /** @param lateMs By how much it is late, turn by turn; then it is at once. */
  constructor(memory: SharedArrayBuffer, lateMs: readonly number[]) {
    this.#turn = new Int32Array(memory, 0, 1);
    this.#reading = new Float64Array(memory, 8, 1);
    this.#lateMs = [...lateMs];
  }

  nowMs(): number {
    if (Atomics.load(this.#turn, 0) !== WORKERS_TURN) return this.#nowMs;
    this.#reading[0] = this.#nowMs - WORKER_ORIGIN_MS;
    this.#nowMs += this.#lateMs.shift() ?? 0;
    Atomics.store(this.#turn, 0, SPAWNERS_TURN);
    return this.#nowMs;
  }
}

Deno.test({
  name:
    "answerClock() tries on while both threads have to wait for a processor",
  permissions: "none",
  fn() {
    const memory = clockMemory();
    // Twenty brackets of 30 ms say no more than that it is within 30 ms.
    const threads = new BusyThreads(memory, Array(20).fill(30));
    // The system's clock was set, so it must be found out.
    const timeOriginMs = WORKER_ORIGIN_MS - 60_000;
    const question = { kind: "clock", timeOriginMs } as const;
    answerClock(threads as unknown as Clock, memory, question);
    const [originMs] = new Float64Array(memory, 16, 1);
    assertAlmostEquals(originMs!, WORKER_ORIGIN_MS, APART_MS);
  },
});
