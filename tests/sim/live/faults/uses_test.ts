import { assert, assertEquals, assertRejects } from "@std/assert";
import { Herd } from "../../../../mod.ts";
import { runScenario } from "../../../../sim/live/drill/runner.ts";
import { faultsOf } from "../../../../sim/model/checks/faults.ts";
import { Measurement } from "../../../../sim/model/checks/metrics.ts";
import { parseScenario } from "../../../../sim/model/scenario/parse.ts";
import type { DrillResult } from "../../../../sim/model/report/result.ts";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";
import { ANY_WORLD } from "../any_world.ts";
import { EventLog } from "../event_log.ts";

const UCLA = "+34.068930-118.445127";
const LINE = generateTopology("line:3")!;

async function run(text: string): Promise<DrillResult> {
  const { scenario } = parseScenario(text, "drill.yaml", () => LINE);
  assert(scenario !== undefined);
  return await runScenario(scenario, LINE, { ...ANY_WORLD, seed: 7 });
}

Deno.test("runScenario() counts each use of a fault's name", async () => {
  const { history, records, mode, vacuous } = await run(`steps:
  - repeat:
      times: 3
      steps:
        - cut: {targets: s0-s1, id: snip}
        - iamat: {client: kiwi, position: +1+1, to: s0}
        - wait: 300ms
        - heal: snip
  - cut: {targets: s0-s1, id: snip, mode: {percent: 0}}
`);
  const uses = faultsOf(history);
  assertEquals(uses.map(({ id }) => id), [
    "snip",
    "snip#2",
    "snip#3",
    "snip#4",
  ]);
  assertEquals(new Set(uses.map(({ name }) => name)), new Set(["snip"]));
  assertEquals(vacuous, ["cut snip#4 on nothing"]);
  const measurement = new Measurement({
    topology: LINE,
    mode: mode!,
    history,
    records,
  });
  assertEquals(measurement.metrics().get("faults.cut.count"), 4);
  const during = (name: string) =>
    measurement.metrics(measurement.faultSpans(name)).get("operations");
  assertEquals([during("snip"), during("cut"), during("snip#2")], [3, 3, 1]);
});

Deno.test("Herd.cut() again under a name is no business of the first one's timer", async () => {
  const log = new EventLog();
  await using herd = await Herd.start("line:3", {
    ...ANY_WORLD,
    linkFaults: true,
    onEvent: log.onEvent,
  });
  const first = await herd.cut("s0-s1", { id: "snip", durationMs: 300 });
  await herd.heal("snip");
  await herd.cut("s0-s1", { id: "snip" });
  // Begun later and for as long, it ends when the first one's time is over.
  await herd.cut("s1-s2", { id: "clock", durationMs: 300 });
  await log.until(
    "the later timer has ended",
    () =>
      log.events.some((event) =>
        event.kind === "fault-end" && event.id === "clock"
      ),
  );
  await first.heal();
  await herd.heal(first);
  assertEquals(herd.faults.active.map(({ id }) => id), ["snip#2"]);
  const healed = await herd.heal("snip");
  assertEquals(healed.map(({ id, left }) => [id, left]), [["snip#2", []]]);
});

Deno.test("Herd.heal() tells what is healed in part, and where it is left", async () => {
  const log = new EventLog();
  await using herd = await Herd.start("line:3", {
    ...ANY_WORLD,
    linkFaults: true,
    onEvent: log.onEvent,
  });
  await herd.cut(["s0-s1", "s1-s2"], { id: "both" });
  await herd.cut("s0-s1", { id: "one" });
  const briefly = async (what: string) =>
    (await herd.heal(what)).map(({ id, left }) => `${id}: ${left.join(" ")}`);
  assertEquals(await briefly("s0>s1"), [
    "both: s1>s0 s1-s2",
    "one: s1>s0",
  ]);
  assertEquals(await briefly("s0-s1"), ["both: s1-s2", "one: "]);
  const parts = log.events.filter(({ kind }) => kind === "fault-part-end");
  assertEquals(parts.length, 3);
  assertEquals(await briefly("s0-s1"), []);
  assertEquals(await briefly("all"), ["both: "]);
});

Deno.test("runScenario() names only the part that was left standing", async () => {
  const { residual, steps } = await run(`steps:
  - partition: {groups: [[s1]], id: split}
  - heal: s0-s1
  - wait: 1ms
`);
  assertEquals(residual, ["partition split on s1-s2"]);
  assertEquals(steps[1]?.note, "split in part, left on s1-s2");
});

Deno.test("Herd.revive() of one of two servers ends a kill in part", async () => {
  await using herd = await Herd.start("line:3", ANY_WORLD);
  const kill = await herd.kill(["s0", "s2"]);
  await herd.revive("s0");
  assertEquals(herd.faults.active[0]?.left, ["s2"]);
  await kill.heal();
  assertEquals(herd.faults.active, []);
});

Deno.test("Herd takes no numbers that the platform can't keep", async () => {
  await using herd = await Herd.start("line:3", {
    ...ANY_WORLD,
    linkFaults: true,
  });
  for (const ms of [2 ** 31, Infinity, NaN, -1]) {
    await assertRejects(() => herd.cut("all", { durationMs: ms }), RangeError);
    await assertRejects(() => herd.latency("all", ms), RangeError);
    await assertRejects(() => herd.converged({ withinMs: ms }), RangeError);
    const forMs = { on: ["s0"], forMs: ms };
    const client = await herd.client("s0");
    const at = await client.iamat("kiwi", UCLA);
    await assertRejects(() => herd.absent(at, forMs), RangeError);
  }
  for (const bad of [NaN, Infinity, -1, "1" as unknown as number]) {
    const all: (() => unknown)[] = [
      () => herd.latency("all", 1, { correlation: bad }),
      () => herd.bandwidth("all", bad),
      () => herd.slicer("all", bad),
      () => herd.slicer("all", 1, { variationBytes: bad }),
      () => herd.limitData("all", bad),
      () => herd.loss("all", { percent: bad }),
      () => herd.duplicate("all", { nth: bad }),
      () => herd.cut("all", { mode: { percent: bad } }),
      () => herd.kill("all", { mode: { fixed: bad } }),
      () => herd.clockSkew("s0", { driftPpm: bad === -1 ? -2e6 : bad }),
      () => herd.clockSkew("s0", { offsetMs: bad === -1 ? -4e12 : bad }),
      () => herd.garbage({ ratePerSecond: bad }),
      () => herd.garbage({ ratePerSecond: 1, clients: bad }),
      () => herd.garbage({ ratePerSecond: 1, durationMs: bad }),
      () => herd.greedy({ sends: "garbage", durationMs: 1, clients: bad }),
      () => herd.greedy({ sends: "garbage", durationMs: bad }),
    ];
    for (const begin of all) {
      await assertRejects(async () => await begin(), RangeError, "Cannot take");
    }
  }
  assertEquals(herd.faults.active, []);
  for (
    const options of [
      { ports: NaN },
      { ports: 65_536 },
      { ports: 0.5 },
      { seed: NaN },
      { intensity: { restarts: NaN, periodMs: 1 } },
      { intensity: { restarts: 1, periodMs: Infinity } },
      { readyMs: 2 ** 31 },
      { backoff: { minMs: 1, maxMs: Infinity } },
      { backoff: { minMs: NaN, maxMs: 1 } },
    ]
  ) {
    await assertRejects(
      () => Herd.start("line:1", { ...ANY_WORLD, ...options }),
      RangeError,
    );
  }
});

Deno.test("Herd.heal() that fails on one of two servers tells where it is left", async () => {
  await using herd = await Herd.start("line:3");
  const kill = await herd.kill(["s0", "s2"]);
  {
    using _squatter = Deno.listen(herd.address("s0"));
    await assertRejects(() => kill.heal(), Error, "Cannot heal kill-1: ");
    assertEquals(herd.faults.active.map(({ left }) => left), [["s0"]]);
    await herd.serversAre({ state: "up" }, { on: ["s2"] });
    const pause = await herd.pause("s2");
    await assertRejects(() => herd.heal("all"), Error, "; healed: pause-1");
    await pause.heal();
  }
  assertEquals((await herd.heal("all")).map(({ id }) => id), ["kill-1"]);
  assertEquals(herd.faults.active, []);
});

Deno.test("Herd.restart() of one that does not come back has touched it", async () => {
  await using herd = await Herd.start("line:2", {
    ...ANY_WORLD,
    linkFaults: true,
    readyMs: 10_000,
  });
  // No handshake passes.
  await herd.limitData("all", 1);
  await assertRejects(() => herd.restart("s1"), Error, "is not linked to s0");
  const records = await herd.faults.records();
  const restart = records.find(({ fault }) => fault === "restart");
  assertEquals([restart?.touched, restart?.targets], [1, ["s1"]]);
});

Deno.test("runScenario() takes a share of none as a fault that hits nobody", async () => {
  const { residual, vacuous, steps } = await run(`steps:
  - kill: {targets: all, mode: {percent: 0}}
  - cut: {targets: all, mode: {percent: 0}}
  - loss: {targets: all, percent: 0%, id: nothing}
  - heal: all
  - kill: {targets: [s0], mode: one}
  - kill: {targets: all, mode: {fixed: 3}}
  - revive: all
`);
  assertEquals(residual, []);
  assertEquals(vacuous.slice(0, 2), [
    "kill-1 on nothing",
    "cut-1 on nothing",
  ]);
  assert(vacuous[2]?.startsWith("loss nothing on "), vacuous[2]);
  assertEquals(
    steps[5]?.failure?.actual,
    "Cannot choose 3 targets: there are 2",
  );
});

Deno.test("Herd.reset() frees a narrow link of what its connection owed", async () => {
  await using herd = await Herd.start("line:3", {
    ...ANY_WORLD,
    linkFaults: true,
  });
  const client = await herd.client("s0");
  await herd.bandwidth("s0-s1", 1_000);
  for (let i = 0; i < 400; i++) await client.iamat(`c${i % 5}`, UCLA);
  await herd.reset("s0-s1");
  // Its backlog alone would take 30 s.
  const at = await client.iamat("kiwi", UCLA);
  await herd.propagated(at, { on: ["s1"], withinMs: 15_000 });
});

Deno.test("Herd.heal() of a long latency makes the next line quick, another standing", async () => {
  await using herd = await Herd.start("line:2", {
    ...ANY_WORLD,
    linkFaults: true,
  });
  const client = await herd.client("s0");
  await herd.latency("s0>s1", 60_000, { id: "long" });
  await herd.bandwidth("s0>s1", 1e6);
  await client.iamat("kiwi", UCLA);
  await herd.heal("long");
  const first = await client.iamat("emu", UCLA);
  await herd.propagated(first, { on: ["s1"], withinMs: 5_000 });
  const line = await client.iamat("emu", UCLA);
  await herd.propagated(line, { on: ["s1"], withinMs: 5_000 });
});

Deno.test("Herd.propagated() behind 120 ms of latency fails within 90 ms", async () => {
  await using herd = await Herd.start("line:2", {
    ...ANY_WORLD,
    linkFaults: true,
  });
  const client = await herd.client("s0");
  await herd.latency("s0>s1", 120);
  const at = await client.iamat("kiwi", UCLA);
  await assertRejects(
    () => herd.propagated(at, { on: ["s1"], withinMs: 90 }),
    Error,
    "s1 lacks it",
  );
  await herd.propagated(at, { on: ["s1"], withinMs: 5_000 });
});
