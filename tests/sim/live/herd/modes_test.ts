/**
 * What the modes do over real links; what they cost, counted by the servers.
 *
 * @module
 */
import {
  assert,
  assertEquals,
  AssertionError,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { Herd } from "../../../../mod.ts";
import type { ServerStats } from "../../../../herd/net/account.ts";
import { Undecided } from "../../../../sim/live/herd/undecided.ts";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";
import { ANY_WORLD } from "../any_world.ts";

const POSITION = "+34.07-118.44";

async function total(
  herd: Herd,
  count: (stats: ServerStats) => number,
): Promise<number> {
  const stats = await Promise.all(herd.names.map((name) => herd.stats(name)));
  return stats.reduce((sum, its) => sum + count(its), 0);
}

/** Each server hears an update in turn; gives what one of them cost. */
async function round(herd: Herd): Promise<number> {
  const sent = () => total(herd, ({ atOut }) => atOut);
  const before = await sent();
  for (const name of herd.names) {
    await using client = await herd.client(name);
    const at = await client.iamat("kiwi", POSITION);
    await herd.propagated(at, { withinMs: 10_000 });
  }
  await herd.converged({ withinMs: 10_000 });
  return (await sent() - before) / herd.names.length;
}

/** Rounds until an update costs `atMost` lines. */
async function grow(herd: Herd, atMost: number): Promise<void> {
  const costs: number[] = [];
  for (const endMs = performance.now() + 30_000; performance.now() < endMs;) {
    costs.push(await round(herd));
    if (costs.at(-1)! <= atMost) return;
  }
  throw new Error(`The trees have not grown: ${costs}`);
}

const TREES = [
  ["full:5", { world: "threads" }],
  ["ring:5", ANY_WORLD],
  ["full:5", ANY_WORLD],
  ["grid:9", ANY_WORLD],
] as const;

for (const [topology, world] of TREES) {
  Deno.test(`Herd in mode tree comes to send an update over ${topology} N-1 times, in ${world.world}`, async () => {
    await using herd = await Herd.start(topology, {
      ...world,
      mode: "tree",
      places: "none",
    });
    const least = herd.names.length - 1;
    await grow(herd, least * 1.05);
    assert(await round(herd) >= least);
  });
}

Deno.test("Herd in mode tree gets past any server that is killed", async () => {
  await using herd = await Herd.start("full:6", {
    ...ANY_WORLD,
    mode: "tree",
    places: "none",
  });
  await grow(herd, 5 * 1.05);
  for (const dead of herd.names) {
    await herd.kill(dead);
    for (const name of herd.names.filter((name) => name !== dead)) {
      await using client = await herd.client(name);
      const at = await client.iamat(`of-${name}`, POSITION);
      await herd.propagated(at, { withinMs: 10_000 });
    }
    await herd.revive(dead);
    await herd.converged();
  }
});

Deno.test("Herd in mode ondemand sends nothing, and finds what it is asked for", async () => {
  await using herd = await Herd.start("ring:8", {
    mode: "ondemand",
    places: "none",
  });
  await using teller = await herd.client("s0");
  await using asker = await herd.client("s4");
  const { line } = await teller.iamat("kiwi", POSITION);
  assertEquals(await total(herd, ({ atOut, syncOut }) => atOut + syncOut), 0);
  const { at } = await asker.whatsat("kiwi", 10, 5);
  assertEquals(at.line, line);
  // A query and an answer, or two queries, on each link.
  assertEquals(await total(herd, ({ controlOut }) => controlOut), 16);
  await assertRejects(() => asker.whatsat("moa", 10, 5), Error, "? WHATSAT");
  await herd.propagated(at, { on: "all" });
  await herd.converged();
  assertEquals(await herd.records("s2"), [], "To look is to leave no trace");
  assertEquals((await herd.records("s4")).length, 1, "To ask is to know");
});

Deno.test("Herd in mode ondemand tells that somebody gave no answer", async () => {
  await using herd = await Herd.start("line:3", {
    ...ANY_WORLD,
    mode: "ondemand",
    places: "none",
  });
  await using teller = await herd.client("s2");
  await using asker = await herd.client("s0");
  const { line } = await teller.iamat("kiwi", POSITION);
  await herd.pause("s1");
  await assertRejects(() => asker.whatsat("kiwi", 10, 5), Error, "? WHATSAT");
  assertEquals((await herd.stats("s0")).queriesPartial, 1);
  await herd.resume("s1");
  await herd.propagated(line, { on: "all", withinMs: 10_000 });
  assertEquals((await asker.whatsat("kiwi", 10, 5)).at.line, line);
});

Deno.test("Herd.absent() in mode ondemand can't tell while somebody gives no answer", async () => {
  await using herd = await Herd.start("line:2", {
    ...ANY_WORLD,
    mode: "ondemand",
    places: "none",
    linkFaults: true,
    limits: { queryMsMax: 300 },
  });
  await using teller = await herd.client("s1");
  const { line } = await teller.iamat("kiwi", POSITION, "5");
  await using asker = await herd.client("s0");
  const older = await asker.iamat("moa", POSITION, "5");
  const newer = older.line.replace(/5$/, "6");
  const slow = await herd.latency("s0-s1", 400);
  const on = ["s0"];
  const why = "1 link gave no answer in time";
  for (const [fix, what] of [[line, "can't find"], [newer, "holds AT"]]) {
    const { message } = await assertRejects(
      () => herd.absent(fix!, { on, forMs: 10 }),
      Undecided,
      `not known of s0: it ${what}`,
    );
    assertStringIncludes(message, why);
    const lacking = await assertRejects(
      () => herd.propagated(fix!, { on, withinMs: 10 }),
      AssertionError,
      `s0 lacks it: it ${what}`,
    );
    assert(!(lacking instanceof Undecided));
    assertStringIncludes(lacking.message, why);
  }
  await slow.heal();
  await herd.propagated(line, { on, withinMs: 10_000 });
  await herd.absent(newer, { on, forMs: 10 });
});

Deno.test("Herd goes by the mode it is told, before that of its topology", async () => {
  const topology = { ...generateTopology("line:2")!, mode: "tree" } as const;
  await using tree = await Herd.start(topology, {
    ...ANY_WORLD,
    places: "none",
  });
  assertEquals(tree.mode, "tree");
  await using other = await Herd.start(topology, {
    ...ANY_WORLD,
    mode: "ondemand",
    places: "none",
  });
  assertEquals(other.mode, "ondemand");
  await using flood = await Herd.start("line:2", {
    ...ANY_WORLD,
    places: "none",
  });
  assertEquals(flood.mode, "flood");
});
