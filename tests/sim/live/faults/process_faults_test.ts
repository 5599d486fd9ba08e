import { assert, assertEquals, assertRejects } from "@std/assert";
import { type FaultRecord, Herd, WrongState } from "../../../../mod.ts";
import { GREEDY_LINES } from "../../../../sim/model/faults/greedy.ts";
import { delay } from "../../../../herd/net/timing.ts";
import { ANY_WORLD } from "../any_world.ts";
import { EventLog } from "../event_log.ts";

const UCLA = "+34.068930-118.445127";

async function recordsOf(herd: Herd): Promise<string[]> {
  return (await herd.faults.records()).map(briefly);
}

function briefly(
  { id, fault, targets, touched, endedMs }: FaultRecord,
): string {
  const end = endedMs === undefined ? "stands" : "ended";
  return `${id} ${fault} ${targets.join(",")} ${touched} ${end}`;
}

function statesOf(herd: Herd): string[] {
  return herd.status().map(({ state }) => state);
}

Deno.test("Herd.kill() is a fault that is healed by handle, target and name, each once", async () => {
  const log = new EventLog();
  await using herd = await Herd.start("line:3", {
    ...ANY_WORLD,
    onEvent: log.onEvent,
  });
  const kill = await herd.kill(["s0", "s2"]);
  assertEquals([kill.id, kill.targets], ["kill-1", ["s0", "s2"]]);
  assertEquals(statesOf(herd), ["stopped", "up", "stopped"]);
  assertEquals(await recordsOf(herd), ["kill-1 kill s0,s2 2 stands"]);
  assertEquals((await herd.heal("s0")).map(({ left }) => left), [["s2"]]);
  assertEquals(statesOf(herd), ["up", "up", "stopped"]);
  // All at the same time: it is done once.
  const [ended] = await Promise.all([
    herd.heal(kill),
    kill.heal(),
    herd.heal("all"),
  ]);
  assertEquals(ended.map(briefly), ["kill-1 kill s0,s2 2 ended"]);
  assertEquals(statesOf(herd), ["up", "up", "up"]);
  const ends = log.events.filter(({ kind }) => kind === "fault-end");
  assertEquals(ends.length, 1);
  assertEquals(log.statesOf("s2").filter((it) => it === "starting").length, 2);
});

Deno.test("Herd.pause() ends with its scope, its duration, or another's resume", async () => {
  const log = new EventLog();
  await using herd = await Herd.start("line:3", {
    ...ANY_WORLD,
    onEvent: log.onEvent,
  });
  {
    await using pause = await herd.pause("all", { mode: "one", id: "nap" });
    assertEquals(pause.targets.length, 1);
    const { state } = herd.status()
      .find(({ name }) => name === pause.targets[0])!;
    assertEquals(state, "paused");
  }
  assertEquals(statesOf(herd), ["up", "up", "up"]);
  await herd.pause("s1", { durationMs: 30 });
  await log.until(
    "the end of pause-2",
    () =>
      log.events.some((it) => it.kind === "fault-end" && it.id === "pause-2"),
  );
  const byHand = await herd.pause("s2");
  await herd.resume("s2");
  await byHand.heal();
  const killed = await herd.pause("s0");
  await herd.kill("s0");
  assertEquals(herd.faults.active.map(({ id }) => id), ["kill-1"]);
  // The pause is over; its heal does not touch the kill.
  await killed.heal();
  assertEquals(statesOf(herd), ["stopped", "up", "up"]);
  await herd.revive("s0");
  assertEquals(herd.faults.active, []);
  for (const record of await recordsOf(herd)) assert(/ 1 ended$/.test(record));
});

Deno.test("Herd.crash() ends as the supervisor brings the server back, or by a heal", async () => {
  const intensity = { restarts: 1, periodMs: 60_000 };
  await using herd = await Herd.start("line:2", { intensity });
  await herd.crash("s1");
  await herd.serversAre({ state: "up", restarts: 1 }, { on: ["s1"] });
  assertEquals(await recordsOf(herd), ["crash-1 crash s1 1 ended"]);
  const crash = await herd.crash("s1");
  await herd.serversAre({ state: "crashed", limitReached: true }, {
    on: ["s1"],
  });
  await crash.heal();
  await herd.serversAre({ state: "up", limitReached: false }, { on: ["s1"] });
  assertEquals(herd.faults.active, []);
});

Deno.test("Herd.kill() hits those that it can, and enters no fault that hit nobody", async () => {
  await using herd = await Herd.start("line:3", ANY_WORLD);
  await herd.kill("s0");
  const dead = "Cannot kill s0: it is stopped";
  await assertRejects(() => herd.kill("s0"), WrongState, dead);
  await assertRejects(() => herd.kill(["s1", "s0"]), WrongState, dead);
  await assertRejects(() => herd.kill("s9"), RangeError, 'no server "s9"');
  await assertRejects(
    () => herd.pause("s2", { id: "kill-1" }),
    RangeError,
    "Cannot begin kill-1: it stands already",
  );
  assertEquals(statesOf(herd), ["stopped", "stopped", "up"]);
  assertEquals(await recordsOf(herd), [
    "kill-1 kill s0 1 stands",
    "kill-3 kill s1 1 stands",
  ]);
  await herd.heal();
  assertEquals(statesOf(herd), ["up", "up", "up"]);
  assertEquals(
    briefly(await herd.restart("all")),
    [
      "restart-1 restart s0,s1,s2 3 ended",
    ].join(),
  );
});

Deno.test("Herd.places() counts the requests that fared so, one way at a time", async () => {
  await using herd = await Herd.start("line:2");
  const client = await herd.client("s0");
  await client.iamat("kiwi", UCLA);
  await using ill = await herd.places("over-query-limit");
  const { places } = await client.whatsat("kiwi", 10, 5);
  assertEquals(places.status, "OVER_QUERY_LIMIT");
  assertEquals(await recordsOf(herd), [
    "places-1 places the places service 1 stands",
  ]);
  await herd.places("broken-json", { durationMs: 3_600_000 });
  await ill.heal();
  assertEquals(await recordsOf(herd), [
    "places-1 places the places service 1 ended",
    "places-2 places the places service 0 stands",
  ]);
  assertEquals((await herd.heal("all")).length, 1);
  const well = await client.whatsat("kiwi", 10, 5);
  assertEquals(well.places.status, "OK");
});

Deno.test("Herd.garbage() floods until it is healed, target by target", async () => {
  await using herd = await Herd.start("line:2");
  const flood = herd.garbage({ ratePerSecond: 2_000, clients: 4 });
  assertEquals(flood.targets, ["s0", "s1"]);
  await herd.heal("s0");
  assertEquals(herd.faults.active.length, 1);
  let touched = 0;
  while (touched < 20) {
    await delay(herd.platform.clock, 1);
    touched = (await herd.faults.records())[0]!.touched;
  }
  await herd.heal("s1");
  const { sent, wrong } = await flood.over;
  assertEquals(wrong, []);
  assert(sent >= touched);
  assertEquals(await recordsOf(herd), [
    `garbage-1 garbage s0,s1 ${sent} ended`,
  ]);
  // A herd that is stopped ends the floods that still go on.
  herd.garbage({ ratePerSecond: 100, to: ["s1"] });
});

Deno.test("Herd.greedy() has each kind of line answered as it must be, until it is healed", async () => {
  await using herd = await Herd.start("line:2");
  for (const [index, sends] of GREEDY_LINES.entries()) {
    const greedy = herd.greedy({ sends, clients: 2 });
    assertEquals(greedy.targets, ["s0", "s1"]);
    await herd.heal("s0");
    assertEquals(herd.faults.active.length, 1);
    let touched = 0;
    while (touched < 2_000) {
      await delay(herd.platform.clock, 1);
      touched = (await herd.faults.records())[index]!.touched;
    }
    await greedy.heal();
    const { sent, answered, wrong } = await greedy.over;
    assert(answered > 0, `${answered} of ${sent} ${sends} answered`);
    assertEquals(wrong, 0, sends);
  }
  const kept = await herd.records("s1");
  assert(kept.every(({ client }) => client.startsWith("greedy-")));
  // A herd that is stopped ends those that still go on.
  herd.greedy({ sends: "garbage", to: ["s1"] });
});

Deno.test("Herd.greedy() floods again a server that has been away", async () => {
  await using herd = await Herd.start("line:2");
  const greedy = herd.greedy({ sends: "garbage", to: ["s1"] });
  const moreThan = async (before: number) => {
    let touched = before;
    while (touched <= before) {
      await delay(herd.platform.clock, 1);
      touched = (await herd.faults.records())[0]!.touched;
    }
    return touched;
  };
  await moreThan(0);
  await herd.kill("s1");
  const before = (await herd.faults.records())[0]!.touched;
  await herd.revive("s1");
  // What was under way when it was killed may count later.
  await moreThan(await moreThan(before));
  await greedy.heal();
});
