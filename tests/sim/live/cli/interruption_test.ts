import { assertEquals, assertRejects } from "@std/assert";
import { ManualClock } from "../../../herd/net/manual_clock.ts";
import { untilInterrupted } from "../../../../sim/live/cli/interruption.ts";

/** A run that was interrupted and can't stop in good order. */
function stuck(
  clock: ManualClock,
): { ended: Promise<unknown>; state: { isOver: boolean } } {
  const interruption = new AbortController();
  const { promise } = Promise.withResolvers<void>();
  const state = { isOver: false };
  const run = untilInterrupted(
    clock,
    () => promise,
    interruption.signal,
  );
  const ended = assertRejects(() => run, Error, "interrupted")
    .then(() => state.isOver = true);
  interruption.abort(new Error("interrupted"));
  return { ended, state };
}

/** Lets go on whatever waits for no timer. */
async function settled(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

Deno.test("untilInterrupted() gives up a run that does not stop, well within a second", async () => {
  const clock = new ManualClock();
  const { ended, state } = stuck(clock);
  clock.tick(100);
  await settled();
  assertEquals(state.isOver, false, "It may stop in good order first");
  clock.tick(300);
  await settled();
  assertEquals(state.isOver, true);
  await ended;
});

Deno.test("untilInterrupted() waits no longer than the run takes to stop", async () => {
  const interruption = new AbortController();
  const { signal } = interruption;
  const run = (told: AbortSignal) =>
    new Promise((resolve) =>
      told.addEventListener("abort", () => resolve("stopped"))
    );
  const ended = untilInterrupted(new ManualClock(), run, signal);
  interruption.abort(new Error("interrupted"));
  assertEquals(await ended, "stopped");
});

Deno.test("untilInterrupted() begins nothing that was interrupted before", async () => {
  const signal = AbortSignal.abort(new Error("interrupted"));
  let hasBegun = false;
  const run = () => Promise.resolve(hasBegun = true);
  const ended = untilInterrupted(new ManualClock(), run, signal);
  await assertRejects(() => ended, Error, "interrupted");
  assertEquals(hasBegun, false);
});

Deno.test("untilInterrupted() takes no outcome of a run whose servers were lost", async () => {
  const { signal } = new AbortController();
  const lost = AbortSignal.abort(new Error("the lease is lost"));
  const outcomes = [
    () => Promise.resolve("failed"),
    () => Promise.reject(new Error("Alford is down")),
  ];
  for (const run of outcomes) {
    const ended = untilInterrupted(new ManualClock(), run, signal, lost);
    await assertRejects(() => ended, Error, "the lease is lost");
  }
});
