/**
 * Virtual time: what happens when, and what it waits for.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async";
import { VirtualTime } from "../../../../sim/worlds/virtual/virtual_time.ts";

/** Resolves when so many virtual milliseconds have passed. */
function passed(time: VirtualTime, ms: number): Promise<void> {
  return new Promise((resolve) => void time.after(ms, resolve));
}

Deno.test({
  name: "VirtualTime.after() runs in the order of time, then of asking",
  permissions: "none",
  async fn() {
    const time = new VirtualTime();
    const beganMs = time.nowMs;
    const told: [number, string][] = [];
    const tell = (what: string) => () =>
      void told.push([time.nowMs - beganMs, what]);
    time.after(3_600_000, tell("late"));
    time.after(5, tell("a"));
    time.after(1, () => {
      tell("first")();
      time.after(-1, tell("at once"));
      time.after(4, tell("b"));
    });
    time.after(2, tell("never")).cancel();
    await passed(time, 3_600_001);
    assertEquals(told, [
      [1, "first"],
      [1, "at once"],
      [5, "a"],
      [5, "b"],
      [3_600_000, "late"],
    ]);
  },
});

Deno.test({
  name: "VirtualTime waits until all that follows from an event has happened",
  permissions: "none",
  async fn() {
    const time = new VirtualTime();
    const told: string[] = [];
    const steps = async (name: string) => {
      for (let i = 0; i < 50; i++) {
        await null;
        if (i % 49 === 0) told.push(`${name}${i}`);
      }
    };
    for (const name of ["a", "b", "c"]) time.after(1, () => void steps(name));
    await passed(time, 2);
    assertEquals(told, ["a0", "a49", "b0", "b49", "c0", "c49"]);
  },
});

Deno.test({
  name: "VirtualTime.outside() stands still, and others may be outside too",
  permissions: "none",
  async fn() {
    const time = new VirtualTime();
    const [one, other] = [
      Promise.withResolvers<string>(),
      Promise.withResolvers<void>(),
    ];
    let ticks = 0;
    const tick = () => {
      ticks++;
      if (ticks < 1_000) time.after(1, tick);
    };
    time.after(1, tick);
    await passed(time, 10);
    const first = time.outside(one.promise);
    const second = time.outside(other.promise).catch(() => "failed");
    const before = ticks;
    const turns = async () => {
      for (let i = 0; i < 3; i++) await delay(0);
    };
    await turns();
    one.resolve("done");
    assertEquals(await first, "done");
    await turns();
    assertEquals(ticks, before, "One is outside still");
    other.reject(new Error());
    assertEquals(await second, "failed");
    await passed(time, 10);
    assert(ticks > before);
    await passed(time, 2_000);
    assertEquals(ticks, 1_000);
  },
});
