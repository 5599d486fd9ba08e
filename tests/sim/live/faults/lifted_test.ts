/**
 * Faults that are lifted: the first line after it is as quick as if there had
 * never been one.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { delay } from "../../../../herd/net/timing.ts";
import { Herd } from "../../../../mod.ts";
import { LINK_FAULTS } from "../../../../sim/model/steps/link_faults.ts";
import { ANY_WORLD } from "../any_world.ts";
import { EventLog } from "../event_log.ts";

const UCLA = "+34.068930-118.445127";
/**
 * Milliseconds in which a line must be there. What a fault still holds back for
 * minutes may be there too by then, on the link's next connection: so none of
 * them may go down.
 */
const SOON_MS = 10_000;
const LONG_MS = 120_000;

type Begin = (herd: Herd, targets: string, log: LinkLog) => Promise<unknown>;

/** Each fault of links, so strong that what it keeps would be told from delay. */
const FAULTS: Readonly<Record<string, Begin>> = {
  cut: (herd, on) => herd.cut(on),
  timeout: (herd, on) => herd.timeout(on, 0),
  latency: (herd, on) => herd.latency(on, LONG_MS),
  "latency by chance": (herd, on) =>
    herd.latency(on, LONG_MS, { jitterMs: 1_000, correlation: 0.5 }),
  bandwidth: (herd, on) => herd.bandwidth(on, 1),
  slicer: (herd, on) => herd.slicer(on, 1, { delayMs: LONG_MS }),
  "slicer before bandwidth": async (herd, on) => {
    await herd.slicer(on, 1, { delayMs: LONG_MS });
    await herd.bandwidth(on, 1e6, { id: "stays" });
  },
  "slow_close": (herd, on) => herd.slowClose(on, LONG_MS),
  loss: (herd, on) => herd.loss(on),
  duplicate: (herd, on) => herd.duplicate(on),
  reorder: (herd, on) => herd.reorder(on),
  corrupt: (herd, on) => herd.corrupt(on, { lines: "PING" }),
  half_open: (herd, on) => herd.faults.begin({ kind: "half_open" }, [on]),
  partition: (herd) => herd.partition([["s0"], ["s1"]]),
};

/** Those after which the link must be made anew. */
const CLOSING: typeof FAULTS = {
  reset: (herd, on, log) => log.downBy(() => herd.reset(on)),
  "cut that refuses": (herd, on, log) =>
    log.downBy(() => herd.cut(on, { dials: "refuse" })),
  "timeout that closes": (herd, on, log) =>
    log.downBy(() => herd.timeout(on, 20)),
  limit_data: (herd, on, log) =>
    log.downBy(async () => {
      await herd.limitData(on, 1);
      const client = await herd.client("s0");
      await client.iamat("moa", UCLA);
      await client.close();
    }),
};

/** Those of servers. */
const OF_SERVERS: typeof FAULTS = {
  pause: (herd) => herd.pause("s1"),
  kill: (herd) => herd.kill("s1"),
  crash: async (herd) => {
    await herd.crash("s1");
    await herd.serversAre({ state: "up" }, { on: ["s1"] });
  },
  restart: (herd) => herd.restart("s1"),
  clock_skew: (herd) => herd.clockSkew("s0", { offsetMs: 3_600_000 }),
};

/** Lifts what was begun, and nothing that is to stay. */
async function lift(herd: Herd): Promise<void> {
  for (const { id } of herd.faults.active) {
    if (id !== "stays") await herd.heal(id);
  }
}

/** The events of a herd, and what waits for one. */
class LinkLog extends EventLog {
  get downs(): number {
    return this.events.filter(({ kind }) => kind === "link-down").length;
  }

  /** Has a link go down by something. */
  async downBy(something: () => Promise<unknown>): Promise<void> {
    const before = this.downs;
    await something();
    await this.until("the link is down", () => this.downs > before);
  }
}

for (
  const [targets, faults, world] of [
    ["s0>s1", FAULTS, ANY_WORLD],
    ["s0-s1", FAULTS, ANY_WORLD],
    ["s0-s1", CLOSING, { world: "threads" }],
    ["s0-s1", OF_SERVERS, { world: "threads" }],
  ] as const
) {
  const names = Object.keys(faults);
  Deno.test(`Herd.heal() of ${names[0]} to ${names.at(-1)} on ${targets} makes the first line quick, in ${world.world}`, async () => {
    const log = new LinkLog();
    await using herd = await Herd.start("line:2", {
      ...world,
      linkFaults: true,
      onEvent: log.onEvent,
    });
    const client = await herd.client("s0");
    const assertQuick = async () => {
      const at = await client.iamat("kiwi", UCLA);
      assert(Math.abs(Number(at.difference)) < 1_800, at.line);
      await herd.propagated(at, { on: ["s1"], withinMs: SOON_MS });
    };
    for (const [name, begin] of Object.entries(faults)) {
      try {
        await begin(herd, targets, log);
        // Something is under way as it is lifted, in a chunk of its own.
        await client.iamat("emu", UCLA);
        await lift(herd);
        const before = log.downs;
        await assertQuick();
        await assertQuick();
        if (faults === FAULTS) assertEquals(log.downs, before);
      } catch (error) {
        throw new Error(`Not behind ${name}`, { cause: error });
      }
    }
  });
}

Deno.test("Herd.reset() of a link that has lived long has it back at once, each time", async () => {
  const log = new LinkLog();
  await using herd = await Herd.start("line:2", {
    // Time that is counted, not measured.
    world: "virtual",
    seed: 1,
    linkFaults: true,
    onEvent: log.onEvent,
  });
  for (let time = 1; time <= 8; time++) {
    await delay(herd.platform.clock, 10_000);
    const from = log.events.length;
    await log.downBy(() => herd.reset("s0-s1"));
    const ups = () =>
      log.events.slice(from).filter(({ kind }) => kind === "link-up");
    await log.until("the link is up", () => ups().length === 2);
    const since = log.events.slice(from);
    const tookMs = since.at(-1)!.atMs - since[0]!.atMs;
    // After dials that fail it is two seconds in the end.
    assert(tookMs < 200, `time ${time}: ${tookMs} ms`);
  }
});

Deno.test("Each fault of links is lifted here", () => {
  const lifted = { ...FAULTS, ...CLOSING };
  const not = LINK_FAULTS.filter(({ kind }) => !(kind in lifted));
  assertEquals(not, []);
});

Deno.test("Herd.kill() and revive() behind a link that is cut one way lose nothing", async () => {
  for (const way of ["s0>s1", "s1>s0"]) {
    await using herd = await Herd.start("line:3", {
      ...ANY_WORLD,
      linkFaults: true,
    });
    const s0 = await herd.client("s0");
    const cut = await herd.cut(way);
    const before = await s0.iamat("emu", UCLA);
    await herd.kill("s1");
    await herd.revive("s1");
    const linked = () =>
      herd.status().find(({ name }) => name === "s1")!.linked;
    assertEquals(linked(), ["s2"], `A new link takes both ways, ${way} is cut`);
    const during = await (await herd.client("s2")).iamat("kiwi", UCLA);
    await herd.propagated(during, { on: ["s1", "s2"], withinMs: SOON_MS });
    await assertRejects(() => herd.held(during, { on: ["s0"] }));
    await cut.heal();
    for (const at of [before, during, await s0.iamat("tui", UCLA)]) {
      await herd.propagated(at, { on: "all", withinMs: SOON_MS });
    }
    assert(linked().includes("s0"));
  }
});
