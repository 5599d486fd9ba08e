import { assert, assertEquals } from "@std/assert";
import { DenoClock, denoPlatform } from "../../../herd/net/deno_platform.ts";
import { NO_LINUX, unless } from "../../skipped.ts";
import { systemClockSet } from "../../system_clock.ts";

const clock = new DenoClock();

/** Passes when the clock has been looked at again. */
async function nextLook(): Promise<void> {
  const untilMs = performance.now() + 2;
  while (performance.now() < untilMs) await Promise.resolve();
}

/**
 * How far the system's clock is ahead of the steady one, by readings between which
 * this thread was not held up.
 */
async function aheadMs(): Promise<number> {
  for (;;) {
    await nextLook();
    const beganMs = clock.nowMs();
    const wallMs = clock.wallMs();
    if (clock.nowMs() - beganMs < 1) return wallMs - beganMs;
  }
}

/** The system's clock is set, for as long as `during` takes. */
async function withClockSetBy(
  stepMs: number,
  during: () => Promise<void>,
): Promise<void> {
  {
    using _ = systemClockSet(stepMs);
    await during();
  }
  await nextLook();
  clock.wallMs();
}

Deno.test({
  name: "DenoClock.wallMs() follows the system's clock, and nowMs() does not",
  permissions: "none",
  async fn() {
    for (const stepMs of [60_000, -60_000, 50, -50]) {
      const apartMs = await aheadMs();
      await withClockSetBy(stepMs, async () => {
        const byMs = await aheadMs() - apartMs;
        // Until a step is seen, it may differ by 5 ms from the system's clock.
        assert(Math.abs(byMs - stepMs) < 10, `${byMs}, not ${stepMs}`);
      });
    }
  },
});

Deno.test({
  name:
    "DenoClock.wallMs() has a fraction, and only goes on while nobody sets the clock",
  permissions: "none",
  fn() {
    const times = Array.from({ length: 100 }, () => clock.wallMs());
    assertEquals(times, times.toSorted((a, b) => a - b));
    assert(times.some((ms) => !Number.isInteger(ms)));
    assert(Math.abs(clock.wallMs() - Date.now()) < 1_000);
  },
});

/** More than the runtime has the system keep by default. */
const CROWD = 700;

Deno.test({
  // Elsewhere the system's own limit is lower.
  ...unless(
    NO_LINUX,
    "denoPlatform.network.listen() has a crowd connect that nobody accepts yet",
  ),
  async fn() {
    const { network } = denoPlatform;
    const listener = network.listen({ hostname: "127.0.0.1", port: 0 });
    // Those that find no room try again for two minutes, and give up in the end.
    const signal = AbortSignal.timeout(40_000);
    const dials = await Promise.allSettled(
      Array.from(
        { length: CROWD },
        () => network.connect(listener.addr, signal),
      ),
    );
    let connected = 0;
    for (const dial of dials) {
      if (dial.status === "rejected") continue;
      dial.value.close();
      connected++;
    }
    listener.close();
    assertEquals(connected, CROWD);
  },
});
