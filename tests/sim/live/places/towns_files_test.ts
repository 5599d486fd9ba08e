import { fetchedOrGivenUp } from "../../../../sim/live/places/towns_files.ts";
import { ManualClock } from "../../../herd/net/manual_clock.ts";

Deno.test("fetchedOrGivenUp() waits for a download, but not for one that never ends or that failed", async () => {
  const clock = new ManualClock();
  await fetchedOrGivenUp(
    Promise.reject(new TypeError("nobody is there")),
    clock,
  );
  const silent = Promise.withResolvers<void>();
  const waiting = fetchedOrGivenUp(silent.promise, clock);
  clock.tick(60_000);
  await waiting;
  // Nobody hears of it any more.
  silent.reject(new TypeError("nobody is there"));
});
