import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { expectConverged } from "../../../../sim/live/drill/expect_converged.ts";
import {
  expectAlways,
  expectFix,
} from "../../../../sim/live/drill/expectations.ts";
import { delay } from "../../../../herd/net/timing.ts";
import { lackIn } from "../../../../sim/live/drill/throughout.ts";
import { IN_MEMORY } from "../../../../sim/model/durability.ts";
import { Fixes } from "../../../../sim/model/checks/evidence.ts";
import type { HistoryEvent } from "../../../../sim/model/history.ts";
import { Undecided } from "../../../../sim/live/herd/undecided.ts";
import { Recorder } from "../../../../sim/live/drill/recorder.ts";
import { Stage } from "../../../../sim/live/drill/stage.ts";
import { loadTopology } from "../../../../sim/live/herd/load.ts";
import { parseScenario } from "../../../../sim/model/scenario/parse.ts";
import type { Herd } from "../../../../sim/live/herd/herd.ts";
import { threads } from "../../../../sim/worlds/threads/threads.ts";
import { Unmet } from "../../../../sim/live/herd/unmet.ts";

function at(time: number, client = "kiwi", position = "+1-1") {
  const line = `AT Ash +0.500000000 ${client} ${position} ${time}`;
  return { client, server: "Ash", line };
}

type Answers = Map<string, ReturnType<typeof at>[]>;

function answers(ash: number[], elm: number[]): Answers {
  const fixes = (times: number[]) => times.map((time) => at(time));
  return new Map([["Ash", fixes(ash)], ["Elm", fixes(elm)]]);
}

/** A stage whose two servers agree, and answer as is said. */
function stageOf(
  ask: (stage: Stage, question: number) => Answers,
  more: Partial<Herd> = {},
): Stage {
  let questions = 0;
  const herd = {
    mode: "flood",
    world: threads(),
    status: () => ["Ash", "Elm"].map((name) => ({ name, state: "up" })),
    converged: () => Promise.resolve(),
    propagated: () => Promise.resolve(),
    answers: () => Promise.resolve(ask(stage, ++questions)),
    trace: () => [],
    keeping: IN_MEMORY,
    ...more,
  };
  const { signal } = new AbortController();
  const stage: Stage = new Stage(
    herd as unknown as Herd,
    new Recorder(denoPlatform.clock),
    0,
    signal,
    [],
  );
  return stage;
}

const CONVERGED = {
  kind: "expect-converged",
  servers: ["all"],
  withinMs: 30_000,
  lost: 0,
  killedWithinMs: 0,
} as const;

const FIX = {
  kind: "expect-fix",
  client: "kiwi",
  on: ["all"],
  withinMs: 50,
  never: [],
  forMs: 50,
} as const;

Deno.test("expectConverged() judges what was acknowledged before it asked", async () => {
  const stage = stageOf((stage) => {
    const held = answers([1], [1]);
    stage.ledger.acknowledge(at(2), 20);
    stage.ledger.acknowledge(at(1, "moa"), 20);
    return held;
  });
  stage.ledger.acknowledge(at(1), 10);
  const { failure, verdict } = await expectConverged(CONVERGED, stage);
  assertEquals(failure, undefined);
  assertEquals([verdict?.clients, verdict?.acknowledged], [1, 1]);
});

Deno.test("expectConverged() asks again for what is on its way", async () => {
  const stage = stageOf((stage, question) => {
    // A load goes on: each time one fix is behind, and never the same.
    stage.ledger.acknowledge(at(question + 1), 20);
    return answers([question], [question - 1]);
  });
  stage.ledger.acknowledge(at(1), 10);
  assertEquals((await expectConverged(CONVERGED, stage)).failure, undefined);
});

Deno.test("expectConverged() fails in the end of what is lost", async () => {
  let questions = 0;
  const stage = stageOf((_, question) => {
    questions = question;
    return answers([1], []);
  });
  stage.ledger.acknowledge(at(1), 10);
  const step = { ...CONVERGED, withinMs: 500 };
  const { failure } = await expectConverged(step, stage);
  assertMatch(failure!.actual, /^1 client of 1 lost or stale\nkiwi: .* Elm$/);
  assert(questions > 1, "it is asked again");
});

Deno.test("expectConverged() takes no silence for agreement", async () => {
  const stage = stageOf(() => new Map([["Ash", [at(1)]]]));
  stage.ledger.acknowledge(at(1), 10);
  const step = { ...CONVERGED, withinMs: 50 };
  const { failure } = await expectConverged(step, stage);
  assertEquals(failure!.actual, "no answer from Elm");
});

Deno.test("expectConverged() tells which load was still running", async () => {
  const stage = stageOf(() => answers([1], []));
  stage.ledger.acknowledge(at(1), 10);
  const { scenario } = parseScenario(
    "steps: [load: {rate: 5/s, for: 1s, clients: 2}, wait: 1s]\n",
    "drill.yaml",
    () => loadTopology("line:2"),
  );
  const running = Promise.withResolvers<void>();
  const ended = scenario!.steps.map((step) =>
    stage.running(step, running.promise)
  );
  const step = { ...CONVERGED, withinMs: 1 };
  const told = "\nstill running: load of 5/s for 1s by 2 clients to all";
  const during = await expectConverged(step, stage);
  assert(during.failure!.actual.endsWith(told), during.failure!.actual);
  assert(!during.failure!.actual.includes("wait"));
  running.resolve();
  await Promise.all(ended);
  const after = await expectConverged(step, stage);
  assert(!after.failure!.actual.includes("still running"));
});

Deno.test("expectFix() takes a newer fix for this one, unless it must be exact", async () => {
  const trace = (...taken: [string, number, boolean][]) =>
    taken.map(([server, time, isNew]) => ({
      kind: "delivery",
      server,
      line: at(time).line,
      isNew,
    }));
  const table: [ReturnType<typeof trace>, string | undefined][] = [
    [trace(["Ash", 2, true], ["Elm", 2, true], ["Elm", 3, true]), undefined],
    [trace(["Ash", 2, true], ["Elm", 3, true], ["Elm", 2, false]), "Elm"],
    [[], "Ash, Elm"],
  ];
  for (const [records, lacking] of table) {
    const stage = stageOf(() => new Map(), { trace: () => records as never });
    stage.ledger.acknowledge(at(2), 10);
    assertEquals(await expectFix(FIX, stage), {});
    const { failure } = await expectFix({ ...FIX, isExact: true }, stage);
    const why = lacking && `a newer one in its place on ${lacking}`;
    assertEquals(failure?.actual, why);
  }
});

Deno.test("expectFix() is unknown where nobody can tell, and fails where one can", async () => {
  const step = { ...FIX, never: ["others"], on: ["Ash"] } as const;
  const outcome = async (propagated: Promise<void>) => {
    const stage = stageOf(() => new Map(), {
      propagated: () => propagated,
      absent: () => Promise.reject(new Undecided("Cannot tell", "Elm is late")),
    });
    stage.ledger.acknowledge(at(2), 10);
    return await expectFix(step, stage);
  };
  assertEquals(await outcome(Promise.resolve()), {
    note: "Elm is late",
    isUnknown: true,
    isUndecided: true,
  });
  const failing = Promise.reject(new Unmet("Not propagated"));
  const { failure, isUnknown } = await outcome(failing);
  assertEquals([failure?.actual, isUnknown], ["Not propagated", undefined]);
});

Deno.test("expectAlways() asks for a fix or a newer one, or for this very one", async () => {
  const asked: unknown[] = [];
  const stage = stageOf(() => new Map(), {
    trace: () =>
      ["Ash", "Elm"].map((server) => ({
        kind: "delivery",
        server,
        line: at(2).line,
        isNew: true,
        atMs: 0,
      })) as never,
    held: (_, { isExact } = {}) => {
      asked.push(isExact);
      if (!isExact) return Promise.resolve();
      const error = new Unmet("Not held: …", "a newer one");
      return Promise.reject(error);
    },
  });
  stage.ledger.acknowledge(at(2), 10);
  const always = {
    kind: "expect-always",
    client: "kiwi",
    on: ["all"],
    forMs: 60_000,
  } as const;
  assertEquals(await expectAlways({ ...always, forMs: 0 }, stage), {});
  const { failure } = await expectAlways({ ...always, isExact: true }, stage);
  assertEquals(failure?.expected, `${at(2).line}\non Ash, Elm for 1m`);
  assertMatch(failure!.actual, /^after .* a newer one$/);
  assertEquals(asked.slice(-2), [false, true]);
});

/** A stage whose servers answer only when the time is up, by what they hold then. */
function answersLate(
  isHeld: boolean,
  stored: [server: string, sinceStartMs: number, time: number][],
  mode: "flood" | "ondemand" = "flood",
  keeping: Herd["keeping"] = IN_MEMORY,
): Stage {
  const { clock } = denoPlatform;
  const stage: Stage = stageOf(() => new Map(), {
    mode,
    keeping,
    records: () => Promise.resolve([at(2)] as never),
    held: async () => {
      await delay(clock, 30);
      if (!isHeld) throw new Unmet("Not held", "nothing");
    },
    trace: () =>
      stored.map(([server, sinceMs, time]) => ({
        kind: "delivery",
        server,
        line: at(time).line,
        isNew: true,
        atMs: stage.recorder.startMs + sinceMs,
      })) as never,
  });
  stage.ledger.acknowledge(at(2), 10);
  return stage;
}

Deno.test("expectAlways() goes by the history where answers are late", async () => {
  const always = {
    kind: "expect-always",
    client: "kiwi",
    on: ["all"],
    forMs: 1,
  } as const;
  const ash = ["Ash", 0, 2] as [string, number, number];
  // Held all along, and lost when the time was up.
  const all = answersLate(false, [ash, ["Elm", 0, 2]]);
  assertEquals(await expectAlways(always, all), {});
  const newer = answersLate(false, [ash, ["Elm", 0, 2], ["Elm", 9_999, 3]]);
  assertEquals(await expectAlways({ ...always, isExact: true }, newer), {});
  // Held only when the time was up.
  const later = answersLate(true, [ash, ["Elm", 9_999, 2]]);
  assertEquals(
    (await expectAlways(always, later)).failure?.actual,
    "after 0ms Elm lacks it: it has never heard of kiwi",
  );
  const onDisk = { ...IN_MEMORY, hasDisks: true };
  for (
    const stage of [
      answersLate(true, [], "ondemand"),
      // It may have had it from its disk.
      answersLate(true, [ash], "flood", onDisk),
    ]
  ) assertEquals((await expectAlways(always, stage)).isUndecided, true);
});

Deno.test("lackIn() finds the first instant in which a fix was not held", () => {
  const state = (atMs: number, state: string) =>
    ({ kind: "state", server: "Elm", state, atMs }) as HistoryEvent;
  const took = (atMs: number, time: number) =>
    ({
      kind: "delivery",
      server: "Elm",
      line: at(time).line,
      isNew: true,
      from: null,
      atMs,
    }) as HistoryEvent;
  const table: [HistoryEvent[], boolean, number | undefined][] = [
    [[], false, 10],
    [[took(5, 2)], true, undefined],
    [[took(12, 2)], true, 10],
    [[took(5, 1), took(10, 2)], true, undefined],
    [[took(5, 2), took(15, 3)], false, undefined],
    [[took(5, 2), took(15, 3)], true, 15],
    [[took(5, 2), took(21, 3)], true, undefined],
    [[took(5, 2), state(12, "stopped")], false, 12],
    [[took(5, 2), state(12, "stopped"), state(13, "up")], false, 12],
    [[took(5, 2), state(21, "stopped")], false, undefined],
    [[took(4, 2), state(5, "paused"), state(9, "up")], false, undefined],
    [[took(4, 2), state(5, "stopped"), state(9, "up")], false, 10],
    [[took(4, 2), state(15, "paused"), state(16, "up")], false, 15],
  ];
  for (const [history, isExact, expected] of table) {
    const { line } = at(2);
    const wanted = { server: "Elm", line, isExact, fromMs: 10, toMs: 20 };
    const lack = lackIn(history, wanted, new Fixes());
    assertEquals(lack?.atMs, expected, JSON.stringify(history));
  }
});

Deno.test("expectFix() asks on demand whether servers answer by this very fix", async () => {
  const stage = (isHeld: boolean) =>
    stageOf(() => new Map(), {
      mode: "ondemand",
      held: () =>
        isHeld ? Promise.resolve() : Promise.reject(new Unmet("Not held")),
    });
  const failures = await Promise.all([true, false].map(async (isHeld) => {
    const one = stage(isHeld);
    one.ledger.acknowledge(at(2), 10);
    const { failure } = await expectFix({ ...FIX, isExact: true }, one);
    return failure?.actual;
  }));
  assertEquals(failures, [undefined, "Not held"]);
});

Deno.test("expectFix() takes no fix for dead that a newer one has replaced", async () => {
  const outcome = async (held: ReturnType<typeof at>[]) => {
    const stage = stageOf(() => new Map(), {
      mode: "ondemand",
      records: () => Promise.resolve(held as never),
    });
    stage.ledger.acknowledge(at(2), 10);
    stage.ledger.state("Ash", "stopped", 20);
    return await expectFix(FIX, stage);
  };
  assertEquals(await outcome([at(3)]), {});
  const { note, isSkipped } = await outcome([at(1)]);
  assertMatch(note!, / died with Ash$/);
  assertEquals(isSkipped, true, "Or it would count as passed");
});
