import { assertEquals } from "@std/assert";
import { ManualClock } from "../../../herd/net/manual_clock.ts";
import { onSignals } from "../../../../sim/live/cli/signals.ts";

const SIGNAL = "SIGUSR2";

/** Sends this process a signal; resolves when it has come. */
async function send(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  // Who waits for a signal alone is not waited for.
  const alive = setInterval(() => {}, 1_000);
  Deno.addSignalListener(SIGNAL, resolve);
  Deno.kill(Deno.pid, SIGNAL);
  await promise;
  Deno.removeSignalListener(SIGNAL, resolve);
  clearInterval(alive);
}

Deno.test("onSignals() takes a Ctrl-C that comes twice for one", async () => {
  const clock = new ManualClock();
  let times = 0;
  {
    using _signals = onSignals([SIGNAL], () => times++, clock);
    await send();
    await send();
    assertEquals(times, 1);
    clock.tick(501);
    await send();
    assertEquals(times, 2);
  }
  clock.tick(501);
  await send();
  assertEquals(times, 2);
});
