import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { abortable } from "@std/async";
import { openTempFolder } from "../../../../sim/worlds/processes/temp_folder.ts";
import type { Programs } from "../../../../sim/worlds/processes/programs.ts";
import { Run, Runs } from "../../../../sim/live/agent/runs.ts";
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

Deno.test("Runs.lease() gives signs of life while it copies what is brought", async () => {
  await using folder = await openTempFolder();
  const clock = new ManualClock();
  const begun = Promise.withResolvers<void>();
  const copied = Promise.withResolvers<void>();
  const runs = new Runs(clock, folder.path, async () => {
    begun.resolve();
    await copied.promise;
    throw new RangeError("it is too large");
  });
  const told: unknown[] = [];
  const leased = { kind: "leased", workbench: "127.0.0.1" } as const;
  const tell = (it: unknown) => void told.push(it);
  const leasing = runs.lease("a", saying(), leased, tell);
  await begun.promise;
  clock.tick(3_000);
  // Without what it brings it would start others.
  assertThrows(() => runs.at("a"), RangeError, "there never was one");
  const beat = { kind: "beat" };
  assertEquals(told, [beat, beat, beat]);
  copied.resolve();
  await assertRejects(() => leasing, RangeError, "it is too large");
  clock.tick(3_000);
  assertEquals(told.length, 3);
});

Deno.test("Runs.lease() gives up copying for a workbench that is gone", async () => {
  await using folder = await openTempFolder();
  const begun = Promise.withResolvers<void>();
  const runs = new Runs(new ManualClock(), folder.path, async (_, signal) => {
    begun.resolve();
    await abortable(new Promise<never>(() => {}), signal);
    throw new Error("it goes on");
  });
  const gone = Promise.withResolvers<void>();
  async function* said() {
    await gone.promise;
    yield* [];
  }
  const leased = { kind: "leased", workbench: "127.0.0.1" } as const;
  const leasing = runs.lease("a", said(), leased, () => {});
  await begun.promise;
  gone.resolve();
  await assertRejects(() => leasing, RangeError, "its workbench is gone");
  await assertRejects(
    () => Deno.stat(`${folder.path}/a`),
    Deno.errors.NotFound,
  );
});

Deno.test("Runs.end() takes away what was still being copied", async () => {
  await using folder = await openTempFolder();
  const begun = Promise.withResolvers<void>();
  const copied = Promise.withResolvers<void>();
  let isDisposed = false;
  const runs = new Runs(new ManualClock(), folder.path, async (into) => {
    begun.resolve();
    await copied.promise;
    await Deno.writeTextFile(`${into}/late`, "");
    return {
      programs: {} as Programs,
      misbehave: () => Promise.resolve(0),
      [Symbol.asyncDispose]: () => Promise.resolve(void (isDisposed = true)),
    };
  });
  const leased = { kind: "leased", workbench: "127.0.0.1" } as const;
  const leasing = runs.lease("a", saying(), leased, () => {});
  await begun.promise;
  const ending = runs.end();
  copied.resolve();
  await ending;
  assert(isDisposed);
  await assertRejects(
    () => Deno.stat(`${folder.path}/a`),
    Deno.errors.NotFound,
  );
  await leasing;
});
