import { assertEquals } from "@std/assert";
import type { Found } from "../../../herd/core/dissemination/queries.ts";
import { Search } from "../../../herd/net/search.ts";
import { FixWaiters } from "../../../herd/net/waiters.ts";
import { fix } from "../core/pure.ts";
import { ManualClock } from "./manual_clock.ts";

const NOTHING: Found = {
  fix: undefined,
  from: undefined,
  unanswered: 0,
};

Deno.test("Search.look() asks for a client anew only when the last answer has come, each time", async () => {
  const clock = new ManualClock();
  const waiters = new FixWaiters();
  const asked: string[] = [];
  const ends: ((found: Found) => void)[] = [];
  const search = new Search({ clock, flush: () => undefined }, {
    find(client, end) {
      asked.push(client);
      ends.push(end);
    },
  }, waiters);
  const waiting = [fix("kiwi", "2"), fix("fig", "1")]
    .map((fix) => waiters.wait(fix));
  search.look();
  search.look();
  clock.tick(1_000);
  assertEquals(asked, ["kiwi", "fig"]);
  for (let round = 0; round < 3; round++) {
    asked.length = 0;
    // The one is held nowhere yet, of the other an older one.
    ends.splice(0).forEach((end, i) =>
      end(i === 0 ? { ...NOTHING, fix: fix("kiwi", "1") } : NOTHING)
    );
    clock.tick(1_000);
    assertEquals(asked, ["kiwi", "fig"], `Round ${round}`);
  }
  const [kiwi, fig] = ends.splice(0);
  kiwi!({ ...NOTHING, fix: fix("kiwi", "3") });
  fig!({ ...NOTHING, fix: fix("fig", "1") });
  await Promise.all(waiting);
  asked.length = 0;
  clock.tick(1_000);
  assertEquals(asked, [], "Nobody waits any more");
  void waiters.wait(fix("kiwi", "9")).catch(() => {});
  search.look();
  assertEquals(asked, ["kiwi"], "Who waits later is looked for too");
  search.stop();
  clock.tick(1_000);
  assertEquals(asked, ["kiwi"]);
});
