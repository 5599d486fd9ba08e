/**
 * Every fault of links against every time limit, on a connection that stands as
 * it begins and on one that is made behind it: what can come up does, what can't
 * says why.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { DEFAULT_LIMITS } from "../../../../herd/core/limits.ts";
import { Herd, type HerdEvent } from "../../../../mod.ts";
import {
  denoPlatform,
  denoPlatformBy,
} from "../../../../herd/net/deno_platform.ts";
import { delay } from "../../../../herd/net/timing.ts";
import type { Clock, Timer } from "../../../../herd/net/platform.ts";
import { HerdProxies } from "../../../../sim/live/proxies/herd_proxies.ts";
import type { Supervisor } from "../../../../sim/live/servers/supervisor.ts";
import { LINK_FAULTS } from "../../../../sim/model/steps/link_faults.ts";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";
import { ANY_WORLD } from "../any_world.ts";
import { EventLog } from "../event_log.ts";

type Begin = (herd: Herd, on: string) => Promise<unknown>;

/** One fault, and what it does to a link. */
interface Row {
  readonly begin: Begin;
  /** Why a link that stands goes down; "up" if it does not. */
  readonly standing: "up" | RegExp;
  /** Why a new one does not come up; "up" if it does. */
  readonly fresh: "up" | RegExp;
}

const SILENT = /^nothing heard$/;
const TOO_SLOW = /^no line ended in time: \d+ bytes of one came$/;
const UNCHALLENGED = /^no challenge within 5000 ms$/;

/**
 * The numbers stand on either side of the limits: 3 s without a line for a link
 * that stands, 5 s without a line and 20 s in all for a handshake.
 */
const FAULTS: Readonly<Record<string, Row>> = {
  "a cut": {
    begin: (herd, on) => herd.cut(on),
    standing: SILENT,
    fresh: UNCHALLENGED,
  },
  "a cut one way": {
    begin: (herd, on) => herd.cut(on.replace("-", ">")),
    standing: SILENT,
    fresh: UNCHALLENGED,
  },
  "half open": {
    begin: (herd, on) => herd.faults.begin({ kind: "half_open" }, [on]),
    standing: "up",
    fresh: UNCHALLENGED,
  },
  "a timeout that never closes": {
    begin: (herd, on) => herd.timeout(on, 0),
    standing: SILENT,
    fresh: UNCHALLENGED,
  },
  "a timeout of 1 s": {
    begin: (herd, on) => herd.timeout(on, 1_000),
    standing: /^connection lost$/,
    fresh: /^closed before the challenge$/,
  },
  "latency of 600 ms": {
    begin: (herd, on) => herd.latency(on, 600),
    standing: "up",
    fresh: "up",
  },
  "latency of 1.5 s": {
    begin: (herd, on) => herd.latency(on, 1_500),
    standing: "up",
    fresh: "up",
  },
  "latency of 300 ms, more or less": {
    begin: (herd, on) => herd.latency(on, 300, { jitterMs: 300 }),
    standing: "up",
    fresh: "up",
  },
  "latency of a minute": {
    begin: (herd, on) => herd.latency(on, 60_000),
    standing: SILENT,
    fresh: UNCHALLENGED,
  },
  "60 bytes a second": {
    begin: (herd, on) => herd.bandwidth(on, 60),
    standing: "up",
    fresh: "up",
  },
  "1 byte a second": {
    begin: (herd, on) => herd.bandwidth(on, 1),
    standing: SILENT,
    fresh: UNCHALLENGED,
  },
  "slices of 1 byte": {
    begin: (herd, on) => herd.slicer(on, 1),
    standing: "up",
    fresh: "up",
  },
  "slices of 1 byte each second": {
    begin: (herd, on) => herd.slicer(on, 1, { delayMs: 1_000 }),
    standing: TOO_SLOW,
    fresh: UNCHALLENGED,
  },
  "10 bytes of each connection": {
    begin: (herd, on) => herd.limitData(on, 10),
    standing: /^connection lost$/,
    fresh: /^closed before the challenge$/,
  },
  "ends that are late": {
    begin: (herd, on) => herd.slowClose(on, 1_000),
    standing: "up",
    fresh: "up",
  },
  "doubled lines": {
    begin: (herd, on) => herd.duplicate(on),
    standing: "up",
    fresh: "up",
  },
  "lines out of order": {
    begin: (herd, on) => herd.reorder(on, { percent: 20 }),
    standing: "up",
    fresh: "up",
  },
  // Faults of lines let the handshake pass: the link comes up, and goes again.
  "no lines": {
    begin: (herd, on) => herd.loss(on),
    standing: SILENT,
    fresh: "up",
  },
  "corrupt lines": {
    begin: (herd, on) => herd.corrupt(on, { lines: "PING" }),
    standing: /^[a-z-]+: |^connection lost$/,
    fresh: "up",
  },
};

/** The events of a herd, and those of one of its links. */
class LinkLog extends EventLog {
  of(link: string, kind: HerdEvent["kind"], from = 0): HerdEvent[] {
    return this.events.slice(from).filter((event) =>
      event.kind === kind && "peer" in event &&
      [event.server, event.peer].sort().join("-") === link
    );
  }

  /** Waits until one end tells such an event, and for such a reason. */
  async untilOne(
    link: string,
    kind: HerdEvent["kind"],
    from: number,
    why = /^/,
  ): Promise<void> {
    const whyOf = (event: HerdEvent) => "why" in event ? `${event.why}` : "";
    await this.until(
      `${kind} of ${link}, ${why}`,
      () => this.of(link, kind, from).some((it) => why.test(whyOf(it))),
    );
  }
}

Deno.test("Herd holds and makes links within every time limit behind each fault, or says why not", async () => {
  const log = new LinkLog();
  const { onEvent } = log;
  // Forty-five links of ten servers, two for each fault.
  await using herd = await Herd.start("full:10", {
    ...ANY_WORLD,
    linkFaults: true,
    onEvent,
  });
  const links = herd.topology.links.map((link) => link.toSorted().join("-"));
  const rows = Object.entries(FAULTS).map(([name, row]) => {
    return { name, ...row, old: links.pop()!, anew: links.pop()! };
  });
  const from = log.events.length;
  const tried = rows.map(async ({ name, begin, old, anew, ...row }) => {
    try {
      await begin(herd, old);
      await begin(herd, anew);
      await herd.reset([anew]);
      await log.untilOne(anew, "link-down", from);
      const since = log.events.length;
      const { fresh } = row;
      await (fresh === "up"
        ? log.untilOne(anew, "link-up", since)
        : log.untilOne(anew, "dial-failed", since, fresh));
      if (row.standing === "up") return;
      await log.untilOne(old, "link-down", from, row.standing);
    } catch (error) {
      throw new Error(`Behind ${name}`, { cause: error });
    }
  });
  await Promise.all(tried);
  const begun = (await herd.faults.records()).map(({ fault }) => fault);
  assertEquals(
    new Set(begun),
    new Set(["reset", ...LINK_FAULTS.map(({ kind }) => kind)]),
  );
  // By now those that go down by silence have.
  for (const { name, standing, old } of rows) {
    if (standing === "up") {
      assertEquals(log.of(old, "link-down", from), [], name);
    }
  }
  await herd.heal("all");
  await log.until(
    "all links are up",
    () =>
      herd.status().every(({ linked }) =>
        linked.length === herd.names.length - 1
      ),
  );
});

Deno.test("DEFAULT_LIMITS let a neighbour behind two seconds of latency through", () => {
  const { handshakeLineMsMax, handshakeMsMax } = DEFAULT_LIMITS;
  assert(handshakeLineMsMax > 2 * 2_000);
  assert(handshakeMsMax > 4 * 2_000);
});

/** What `restart` makes of each: who is linked then, or why it fails. */
const RESTARTS: Readonly<Record<string, [Begin, string[] | RegExp]>> = {
  "latency of 300 ms": [(herd, on) => herd.latency(on, 300), ["s0"]],
  "a cut one way": [(herd, on) => herd.cut(on.replace("-", ">")), []],
  "a timeout": [(herd, on) => herd.timeout(on, 500), []],
  "latency of 600 ms": [
    (herd, on) => herd.latency(on, 600),
    /no challenge within 1000 ms; on that link stands latency-2,/,
  ],
  "100 bytes of each connection": [
    (herd, on) => herd.limitData(on, 100),
    /closed before the (challenge|proof); on that link stands limit_data-1,/,
  ],
  "10 bytes one way": [
    (herd, on) => herd.limitData(on.replace("-", ">"), 10),
    /closed before the (challenge|proof); on that link stands limit_data-2,/,
  ],
};

Deno.test("Herd.restart() waits for links that can be, and says why one can't", async () => {
  const rows = Object.entries(RESTARTS);
  await using herd = await Herd.start(`star:${rows.length + 1}`, {
    ...ANY_WORLD,
    linkFaults: true,
    limits: { handshakeLineMsMax: 1_000, handshakeMsMax: 4_000 },
  });
  // One after the other: so faults are numbered in their order.
  for (const [i, [, [begin]]] of rows.entries()) {
    await begin(herd, `s0-s${i + 1}`);
  }
  await Promise.all(rows.map(async ([name, [, outcome]], i) => {
    const server = `s${i + 1}`;
    if (outcome instanceof RegExp) {
      const start = `Cannot restart ${server}: it listens, but is not linked ` +
        "to s0: ";
      const restart = () => herd.restart(server);
      const { message } = await assertRejects(restart, Error, start, name);
      assertMatch(message, outcome, name);
      return;
    }
    await herd.restart(server);
    const { linked } = herd.status().find((it) => it.name === server)!;
    assertEquals(linked, outcome, name);
  }));
  // They go on dialling, and are up as soon as they can be.
  await herd.heal("all");
  await herd.serversAre({ state: "up" }, { withinMs: 30_000 });
  await herd.converged({ withinMs: 30_000 });
});

/** The system's clock, but for timers of one length, which fire when told. */
class ClockByHand implements Clock {
  readonly #ms: number;
  readonly #held = new Set<() => void>();

  constructor(ms: number) {
    this.#ms = ms;
  }

  nowMs(): number {
    return denoPlatform.clock.nowMs();
  }

  wallMs(): number {
    return denoPlatform.clock.wallMs();
  }

  after(ms: number, run: () => void): Timer {
    if (ms !== this.#ms) return denoPlatform.clock.after(ms, run);
    this.#held.add(run);
    return { cancel: () => void this.#held.delete(run) };
  }

  immediate(run: () => void): void {
    denoPlatform.clock.immediate(run);
  }

  /** The time of those that were set and not cancelled is up. */
  fire(): void {
    for (const run of [...this.#held]) run();
  }
}

Deno.test("Herd.restart() ends by readyMs behind a fault too slow for a dial to fail, and names it", async () => {
  const readyMs = 29_999;
  const clock = new ClockByHand(readyMs);
  const log = new LinkLog();
  const { onEvent } = log;
  await using herd = await Herd.start("line:3", {
    linkFaults: true,
    onEvent,
    readyMs,
    platform: denoPlatformBy(clock),
    limits: { handshakeLineMsMax: 60_000, handshakeMsMax: 60_000 },
  });
  const slow = await herd.latency("s0-s1", 60_000, { id: "molasses" });
  const from = log.events.length;
  const restart = assertRejects(
    () => herd.restart("s1"),
    Error,
    "Cannot restart s1: it listens, but is not linked to s0; " +
      "on that link stands molasses, after ",
  );
  // By then it listens, and has the link that it can have.
  await log.until(
    "both ends of s1-s2 are up",
    () => log.of("s1-s2", "link-up", from).length === 2,
  );
  clock.fire();
  await restart;
  await slow.heal();
  await herd.reset(["s0-s1"]);
  await herd.serversAre({ state: "up" });
});

/** A supervisor of two servers whose link does not come up again. */
function unlinking() {
  const child = (name: string) => ({
    state: "up",
    isRunning: true,
    linked: new Set(["s0", "s1"]),
    start: { name, hostname: "127.0.0.1", port: 9 },
  });
  return {
    child,
    readdress: () => Promise.resolve(),
    ask: () => Promise.resolve(true),
    whenLinked: (_a: string, _b: string, signal: AbortSignal) =>
      new Promise((_, reject) => {
        signal.onabort = () => reject(signal.reason);
      }),
    whyUnlinked: () => "s1: 1 dials from s0 to s1 failed, refused",
  } as unknown as Supervisor;
}

Deno.test("HerdProxies.insert() ends if a link does not come up again, and says why", async () => {
  const relinkMs = 5_000;
  const clock = new ClockByHand(relinkMs);
  const topology = generateTopology("line:2")!;
  const herd = { clock, topology, seed: 1, isTraced: false };
  const proxies = new HerdProxies(herd);
  try {
    const supervisor = unlinking();
    const { promise: isWaiting, resolve } = Promise.withResolvers<void>();
    const { whenLinked } = supervisor;
    supervisor.whenLinked = (a, b, signal) => {
      resolve();
      return whenLinked(a, b, signal);
    };
    proxies.attach(supervisor);
    const inserting = assertRejects(
      () => proxies.insert(topology.links),
      Error,
      "Cannot put a proxy on the link of s0 and s1: it did not come up again " +
        "in 5000 ms; s0 is not linked to s1: 1 dials from s0 to s1 failed, " +
        "refused",
    );
    await isWaiting;
    clock.fire();
    await inserting;
  } finally {
    proxies.stop();
  }
});

Deno.test("Herd.restart() outlasts resets behind a fault that lets a link come up", async () => {
  const log = new LinkLog();
  await using herd = await Herd.start("line:2", {
    ...ANY_WORLD,
    linkFaults: true,
    onEvent: log.onEvent,
  });
  await herd.latency("s0-s1", 100);
  const from = log.events.length;
  const restarting = herd.restart("s1");
  const isOver = restarting.then(() => true);
  // Each in the midst of a handshake: a dial that fails is dialled again.
  const failed = () => log.of("s0-s1", "dial-failed", from).length;
  for (let before = failed(); before < 4; before = failed()) {
    await log.until("it listens", () => herd.status()[1]!.state !== "stopped");
    await herd.reset(["s0-s1"]);
    await delay(herd.platform.clock, 20);
  }
  assert(await isOver);
});

Deno.test("Herd.propagated() says that a link goes down by a line too long for it", async () => {
  await using herd = await Herd.start("line:2", {
    ...ANY_WORLD,
    linkFaults: true,
  });
  await herd.bandwidth("s0-s1", 60, { id: "narrow" });
  await using client = await herd.client("s0");
  const at = await client.iamat("k".repeat(1_000), "+34.07-118.44");
  const tooSlow =
    /s1 took its link to s0 down 1 time: nothing heard; .* stands narrow/;
  for (
    const asserted of [
      herd.propagated(at, { on: ["s1"], withinMs: 7_000 }),
      herd.converged({ withinMs: 7_000 }),
    ].map((it) => assertRejects(() => it, Error))
  ) assertMatch((await asserted).message, tooSlow);
});

Deno.test("Herd in mode ondemand says that a link is too slow for a query", async () => {
  await using herd = await Herd.start("line:2", {
    ...ANY_WORLD,
    linkFaults: true,
    mode: "ondemand",
    places: "none",
    limits: { queryMsMax: 600 },
  });
  const [s0, s1] = [await herd.client("s0"), await herd.client("s1")];
  const at = await s0.iamat("kiwi", "+34.07-118.44");
  const slow = await herd.latency("s0-s1", 400);
  const early = () => herd.converged({ withinMs: 0 });
  const { message } = await assertRejects(early, Error);
  assertMatch(message, /s1 answers unknown, not .*: 1 link gave no answer/);
  await assertRejects(
    () => herd.held(at, { on: ["s1"] }),
    Error,
    "it can't find kiwi, 1 link gave no answer in time",
  );
  await slow.heal();
  await herd.latency("s0-s1", 100);
  await herd.converged();
  assertEquals((await s1.whatsat("kiwi", 10, 5)).at?.client, "kiwi");
});
