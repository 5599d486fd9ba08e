/**
 * A worker that sets timers, and tells which have run and how many milliseconds
 * too soon the earliest was.
 *
 * @module
 */
import { DenoClock } from "../../../../../herd/net/deno_platform.ts";
import { parentPort } from "../../../../../sim/worlds/threads/port.ts";
import { ThreadTimers } from "../../../../../sim/worlds/threads/thread_timers.ts";

export interface Ran {
  readonly names: readonly string[];
  readonly soonestMs: number;
}

const port = parentPort<never, Ran>();
// As a server's worker does, it waits for messages, and does not end.
port.listen(() => {});

const real = new DenoClock();
const startMs = real.nowMs();
let isSet = false;
// It stands while timers are set: on a busy machine that may take a while.
const clock = { nowMs: () => isSet ? real.nowMs() : startMs };
const timers = new ThreadTimers(clock);
const names: string[] = [];
let soonestMs = Infinity;

function after(ms: number, name: string, then = () => {}): void {
  const dueMs = clock.nowMs() + ms;
  timers.after(ms, () => {
    names.push(name);
    soonestMs = Math.min(soonestMs, clock.nowMs() - dueMs);
    then();
  });
}

function end(): void {
  port.post({ names, soonestMs });
  // Without a stack: it would only lead here.
  throw Object.assign(new Error("of a timer"), { stack: "" });
}

after(20, "late", () => after(5, "begun by a timer", end));
timers.after(1, () => names.push("cancelled")).cancel();
after(20, "at the same time");
after(0, "at once");
after(-1, "before");
isSet = true;

// Two that are due at the same time, whenever that is looked at.
let nowMs = 0;
const together = new ThreadTimers({ nowMs: () => nowMs });
together.after(5, async () => {
  for (let steps = 0; steps < 10; steps++) await undefined;
  other.cancel();
});
const other = together.after(5, () => names.push("cancelled by one before"));
nowMs = 5;
