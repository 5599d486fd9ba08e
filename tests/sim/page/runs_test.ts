import { assertEquals } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import type { Api } from "../../../sim/page/api.ts";
import { type Run, Runs } from "../../../sim/page/drills/runs.ts";

const RUN: Run = {
  id: "1",
  name: "partition",
  state: "running",
  seed: 7,
  startedMs: 0,
  steps: [],
};

Deno.test({
  name: "Runs.load() shows no answer that comes later than that to a newer one",
  permissions: "none",
  async fn() {
    const asked: PromiseWithResolvers<readonly Run[]>[] = [];
    let streams = 0;
    const api = {
      get() {
        const answer = Promise.withResolvers<readonly Run[]>();
        asked.push(answer);
        return answer.promise;
      },
      events() {
        streams++;
        return new Promise(() => {});
      },
    } as unknown as Api;
    const over = new AbortController();
    const runs = new Runs(api, () => {}, over.signal);
    const loads = [runs.load(), runs.load()];
    asked[1]!.resolve([RUN]);
    await loads[1];
    asked[0]!.resolve([]);
    await loads[0];
    assertEquals([runs.running, streams], [RUN, 1]);

    // Nor any that comes after the end.
    const late = runs.load();
    over.abort();
    asked[2]!.resolve([{ ...RUN, id: "2" }]);
    await late;
    assertEquals([runs.all, streams], [[RUN], 1]);
  },
});

/** Lets go on whatever waits for no timer. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

Deno.test({
  name: "Runs opens a lost stream again, but none after its end",
  permissions: "none",
  async fn() {
    using time = new FakeTime();
    let streams = 0;
    const api = {
      get: () => Promise.resolve([RUN]),
      events() {
        streams++;
        return Promise.resolve();
      },
    } as unknown as Api;
    const over = new AbortController();
    const runs = new Runs(api, () => {}, over.signal);
    await runs.load();
    await settled();
    time.tick(1_000);
    await settled();
    assertEquals(streams, 2);
    over.abort();
    time.tick(10_000);
    await settled();
    assertEquals(streams, 2);
  },
});
