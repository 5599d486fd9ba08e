import { soon } from "../../../../sim/live/places/source.ts";
import { ManualClock } from "../../../herd/net/manual_clock.ts";

Deno.test("soon() waits for a download, but not for one that never ends or that failed", async () => {
  const clock = new ManualClock();
  await soon(Promise.reject(new TypeError("nobody is there")), clock);
  const silent = Promise.withResolvers<void>();
  const waiting = soon(silent.promise, clock);
  clock.tick(60_000);
  await waiting;
  // Nobody hears of it any more.
  silent.reject(new TypeError("nobody is there"));
});
