import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { untilInterrupted } from "../../../../sim/live/cli/interruption.ts";

/** A run that was interrupted and can't stop in good order. */
function stuck(): { ended: Promise<unknown>; state: { isOver: boolean } } {
  const interruption = new AbortController();
  const { promise } = Promise.withResolvers<void>();
  const state = { isOver: false };
  const run = untilInterrupted(
    denoPlatform.clock,
    promise,
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
  using time = new FakeTime();
  const { ended, state } = stuck();
  time.tick(100);
  await settled();
  assertEquals(state.isOver, false, "It may stop in good order first");
  time.tick(300);
  await settled();
  assertEquals(state.isOver, true);
  await ended;
});

Deno.test("untilInterrupted() waits no longer than the run takes to stop", async () => {
  using _time = new FakeTime();
  const interruption = new AbortController();
  const { signal } = interruption;
  const run = new Promise((resolve) =>
    signal.addEventListener("abort", () => resolve("stopped"))
  );
  const ended = untilInterrupted(denoPlatform.clock, run, signal);
  interruption.abort(new Error("interrupted"));
  assertEquals(await ended, "stopped");
});
