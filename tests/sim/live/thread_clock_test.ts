import { assert } from "@std/assert";
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import {
  answerClock,
  clockMemory,
  type ClockQuestion,
} from "../../../sim/live/thread_clock.ts";
import type { ClockOrder } from "./servers/workers/clock.ts";

const { clock } = denoPlatform;
const MODULE = import.meta.resolve("./servers/workers/clock.ts");
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
