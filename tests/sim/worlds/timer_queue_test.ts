import { assertEquals } from "@std/assert";
import { TimerQueue } from "../../../sim/worlds/timer_queue.ts";

/** Runs all timers, the first one first. */
function runAll(timers: TimerQueue): void {
  while (timers.firstMs !== undefined) timers.take()();
}

Deno.test("TimerQueue has timers in order, equal ones in that of the calls", () => {
  const timers = new TimerQueue();
  const ran: string[] = [];
  for (
    const [name, atMs] of [["c", 3], ["a", 1], ["d", 3], ["b", 2]] as const
  ) {
    timers.add(atMs, () => ran.push(name));
  }
  assertEquals(timers.firstMs, 1);
  runAll(timers);
  assertEquals(ran, ["a", "b", "c", "d"]);
  assertEquals(timers.firstMs, undefined);
});

Deno.test("TimerQueue leaves out what was cancelled, also after thousands were", () => {
  const timers = new TimerQueue();
  const ran: number[] = [];
  for (let i = 0; i < 5_000; i++) {
    const timer = timers.add(5_000 - i, () => ran.push(i));
    if (i % 1_000 !== 0) timer.cancel();
    timers.add(0, () => ran.push(-1)).cancel();
  }
  runAll(timers);
  assertEquals(ran, [4_000, 3_000, 2_000, 1_000, 0]);
});

Deno.test("TimerQueue: a timer that has run can be cancelled, and changes nothing", () => {
  const timers = new TimerQueue();
  const ran: string[] = [];
  const first = timers.add(1, () => ran.push("first"));
  timers.add(2, () => ran.push("second"));
  timers.take()();
  first.cancel();
  runAll(timers);
  assertEquals(ran, ["first", "second"]);
});
