import { assertEquals } from "@std/assert";
import { Run } from "../../../../sim/live/agent/runs.ts";
import { ManualClock } from "../../../herd/net/manual_clock.ts";

async function* saying(...messages: unknown[]) {
  yield* messages;
  await new Promise(() => {});
}

Deno.test("Run.process() ends what can't be done to as its workbench wants", async () => {
  const { promise: ended, resolve } = Promise.withResolvers<string>();
  const spawned = {
    ended,
    async *said() {
      await ended;
      yield* [];
    },
    tell() {},
    closeInput() {},
    pause: () => Promise.reject(new Error("no more processes")),
    resume() {},
    kill: () => resolve("it was ended"),
  };
  const process = {
    spawned: { ...spawned, said: spawned.said() },
    settle: (message: unknown) => message,
  };
  const told: unknown[] = [];
  const channel = { tell: (it: unknown) => void told.push(it), close() {} };
  const run = new Run(new ManualClock(), "nowhere", () => {});
  await run.process(process, channel, saying({ kind: "pause" }));
  assertEquals(told, [{ kind: "ended", why: "no more processes" }]);
});
