import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Batch, Hop, SeenFix } from "../../../../sim/model/web/batch.ts";
import { blind } from "../../worlds/blind.ts";
import { WatchedHerd } from "./watched_herd.ts";

/** The first batch of those that satisfies; all before it are passed over. */
async function batchWhere(
  batches: AsyncGenerator<Batch>,
  isIt: (batch: Batch) => boolean,
): Promise<Batch> {
  for (;;) {
    const { value } = await batches.next();
    assert(value !== undefined, "There are no more");
    if (isIt(value)) return value;
  }
}

Deno.test("HerdWatch tells followed updates link by link, and who lacks one", async () => {
  await using watched = await WatchedHerd.start("line:3", { linkFaults: true });
  const { herd } = watched;
  const batches = watched.batches({ query: "?follow=kiwi&follow=emu" });
  // Lines are heard of once it is known that they are few.
  await batchWhere(batches, ({ figures }) => figures !== undefined);
  const cut = await herd.cut("s1-s2");
  await using client = await herd.client("s0");
  await client.iamat("kiwi", "+34.0-118.4");
  await client.iamat("stray", "+1.0-1.0");
  const hops: Hop[] = [];
  let fix: SeenFix | undefined;
  await batchWhere(batches, (batch) => {
    hops.push(...batch.hops);
    fix = batch.fixes.findLast((it) => it.client === "kiwi") ?? fix;
    const isRead = hops.some(({ readMs }) => readMs !== null);
    return isRead && hops.some(({ to }) => to === "s2") &&
      fix?.behind.length === 1;
  });
  assert(hops.every((hop) => hop.client === "kiwi"));
  const first = hops.find(({ readMs }) => readMs !== null)!;
  assertEquals([first.from, first.to, first.isNew], ["s0", "s1", true]);
  assert(first.readMs! >= first.sentMs);
  assertEquals([fix?.behind, fix?.latitude], [["s2"], 34]);
  await cut.heal();
  await batchWhere(batches, ({ fixes, hops }) => {
    for (const it of fixes) if (it.client === "kiwi") fix = it;
    return hops.some(({ to }) => to === "s2") || fix?.behind.length === 0;
  });
  await batches.return(undefined);
});

Deno.test("HerdWatch tells faults with what they touch, and the weak places", async () => {
  await using watched = await WatchedHerd.start("line:3", { linkFaults: true });
  const batches = watched.batches();
  const whole = await batchWhere(batches, ({ shape }) => shape !== undefined);
  assertEquals(whole.shape!.cutServers, ["s1"]);
  assertEquals(whole.shape!.advice?.link, "s0-s2");
  const slow = await watched.herd.latency("s0-s1", 5);
  const { faults } = await batchWhere(
    batches,
    ({ faults = [] }) => faults.some(({ touched }) => touched > 0),
  );
  const { id, fault, harm, targets } = faults![0]!;
  assertEquals([id, fault, harm], ["latency-1", "latency", "slows"]);
  assertEquals(targets, ["s0-s1"]);
  await slow.heal();
  await batchWhere(batches, ({ faults }) => faults?.length === 0);
  await watched.herd.kill("s1");
  const { shape } = await batchWhere(
    batches,
    ({ shape }) => shape?.parts.length === 2,
  );
  assertEquals(shape!.parts, [["s0"], ["s2"]]);
  await batches.return(undefined);
});

Deno.test("HerdWatch tells how long clients of the workbench waited, and nothing while none asks", async () => {
  await using watched = await WatchedHerd.start("line:2");
  const batches = watched.batches();
  const figuresNow = async () =>
    (await batchWhere(batches, ({ figures }) => figures !== undefined))
      .figures!;
  assertEquals((await figuresNow()).reply, null);
  await using client = await watched.herd.client("s0");
  const startMs = performance.now();
  for (let i = 0; i < 3; i++) await client.send("WHATSAT nobody 10 5");
  const tookMs = performance.now() - startMs;
  // The answers may have come about a second's end.
  let samples = 0;
  while (samples < 3) {
    const { reply } = await figuresNow();
    if (reply === null) continue;
    samples += reply.samples;
    assert(reply.p50 > 0 && reply.p99 <= tookMs, `${reply.p99} of ${tookMs}`);
  }
  assertEquals(samples, 3);
  assertEquals((await figuresNow()).reply, null);
  await batches.return(undefined);
});

Deno.test("HerdWatch goes on where an interrupted watcher was", async () => {
  await using watched = await WatchedHerd.start("line:2");
  // Who stays keeps the batches that the other one misses.
  const staying = watched.batches();
  await staying.next();
  const first = watched.batches();
  const { value: seen } = await first.next();
  assert(seen !== undefined && seen.servers.length === 2);
  const next = await batchWhere(first, ({ id }) => id > seen.id);
  await first.return(undefined);
  await watched.herd.kill("s1");
  await batchWhere(
    staying,
    ({ events }) => events.some((it) => it.kind === "state"),
  );
  const resumed = watched.batches({ lastId: next.id });
  const { value: missed } = await resumed.next();
  assertEquals(missed?.id, next.id + 1, "The very next one");
  await resumed.return(undefined);
  const lost = watched.batches({ lastId: 1 });
  const { value: whole } = await lost.next();
  assertEquals(whole?.servers.length, 2, "All there is, if it is not known");
  await lost.return(undefined);
  await staying.return(undefined);
});

Deno.test("HerdWatch tells what can't be seen of servers, and guesses nothing", async () => {
  await using watched = await WatchedHerd.start("line:2", { world: blind() });
  const batches = watched.batches();
  const first = await batchWhere(batches, ({ links }) => links.length > 0);
  assertEquals(first.links.map(({ isUp }) => isUp), [null]);
  const told = await batchWhere(batches, ({ unseen }) => unseen !== undefined);
  assertStringIncludes(told.unseen!, "can't be seen");
  assertEquals(told.shape, undefined);
  const { hidden, mode } = await watched.get<{
    hidden: Record<string, string>;
    mode?: string;
  }>("/api/herd");
  assertEquals(
    hidden["records"],
    "blind servers do not show which fixes they hold",
  );
  assertEquals(mode, undefined, "Nobody knows it of servers of others");
  await watched.herd.kill("s1");
  const { links } = await batchWhere(batches, ({ links }) => links.length > 0);
  assertEquals(links.map(({ isUp }) => isUp), [false]);
  await batches.return(undefined);
});

Deno.test("HerdWatch tells nobody behind who has the fix from its disk", async () => {
  const dataDir = await Deno.makeTempDir();
  try {
    await using watched = await WatchedHerd.start("line:2", { dataDir });
    const { herd } = watched;
    const batches = watched.batches();
    await batchWhere(batches, ({ figures }) => figures !== undefined);
    await using client = await herd.client("s0");
    await client.iamat("kiwi", "+34.0-118.4");
    const isEverywhere = ({ fixes }: Batch) =>
      fixes.some((it) => it.client === "kiwi" && it.behind.length === 0);
    await batchWhere(batches, isEverywhere);
    await herd.kill("s1");
    await batchWhere(
      batches,
      ({ servers }) => servers.some((it) => it.state === "stopped"),
    );
    await herd.revive("s1");
    await batchWhere(
      batches,
      ({ servers }) =>
        servers.some((it) => it.name === "s1" && it.state === "up"),
    );
    // Figures come once a second: it has been asked for its records by then.
    for (let times = 0; times < 2; times++) {
      await batchWhere(batches, ({ figures }) => figures !== undefined);
    }
    // A page that is opened now is told all that is known.
    const whole = watched.batches();
    const { fixes } = await batchWhere(
      whole,
      ({ fixes }) => fixes.some(({ client }) => client === "kiwi"),
    );
    assertEquals(fixes.map(({ behind }) => behind), [[]]);
    await whole.return(undefined);
    await batches.return(undefined);
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
});
