import { assert, assertEquals, assertRejects } from "@std/assert";
import { freePorts } from "../../../free_ports.ts";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import {
  Herd,
  type HerdOptions,
  PortInUse,
  WrongState,
} from "../../../../mod.ts";
import { isListening } from "../../../../sim/live/servers/ports.ts";
import { Supervisor } from "../../../../sim/live/servers/supervisor.ts";
import type { SupervisorOptions } from "../../../../sim/live/servers/settings.ts";
import type { ServerStart, World } from "../../../../sim/worlds/world.ts";
import { threads } from "../../../../sim/worlds/threads/threads.ts";
import { delay } from "../../../../herd/net/timing.ts";
import { quick } from "../../../herd/net/support.ts";
import { ANY_WORLD } from "../any_world.ts";
import { troubleOf } from "../../../../sim/model/steps/disk_faults.ts";
import { EventLog } from "../event_log.ts";

/** A herd of three in a row, with its events. */
async function startLine(options: HerdOptions = {}) {
  const log = new EventLog();
  const herd = await Herd.start("line:3", { ...options, onEvent: log.onEvent });
  return { herd, log };
}

/**
 * A supervisor of one server that runs another module than a server's. Its time
 * is quick, for it waits for what does not come.
 */
function superviseModule(
  module: string,
  options: SupervisorOptions = {},
  start: Partial<ServerStart> = {},
) {
  const log = new EventLog();
  const supervisor = new Supervisor([{
    name: "Ash",
    hostname: "127.0.0.1",
    port: freePorts(1)[0]!,
    neighbours: [],
    secret: "00".repeat(32),
    ...start,
  }], {
    platform: quick(5),
    ...options,
    world: threads(new URL(`./workers/${module}.ts`, import.meta.url)),
    onIncident: (incident, atMs) => log.onEvent({ atMs, ...incident }),
  });
  return { supervisor, log };
}

Deno.test("Supervisor.start() resolves when all listen and all are linked", async () => {
  const { herd, log } = await startLine();
  await using _ = herd;
  const status = herd.status();
  assertEquals(status.map(({ name }) => name), ["s0", "s1", "s2"]);
  for (const { name, state, linked, neighbours, restarts } of status) {
    assertEquals(linked.toSorted(), neighbours.toSorted());
    assertEquals([state, restarts], ["up", 0]);
    assertEquals(log.statesOf(name), ["starting", "up"]);
  }
});

Deno.test("Supervisor.start() names server and port if the port is in use", async () => {
  const hostname = "127.0.0.1";
  const [port] = freePorts(1) as [number];
  using _listener = Deno.listen({ hostname, port });
  const error = await assertRejects(
    () => Herd.start("line:1", { ports: port }),
    PortInUse,
    `Cannot start s0: port ${port} on 127.0.0.1 is in use`,
  );
  assertEquals([error.server, error.port], ["s0", port]);
});

Deno.test("Supervisor.start() leaves nothing behind if one server fails", async () => {
  const hostname = "127.0.0.1";
  const [port] = freePorts(3) as [number];
  using _listener = Deno.listen({ hostname, port: port + 2 });
  await assertRejects(() => Herd.start("line:3", { ports: port }), PortInUse);
  assertEquals(await isListening(denoPlatform, { hostname, port }), false);
  assertEquals(
    await isListening(denoPlatform, { hostname, port: port + 1 }),
    false,
  );
});

Deno.test("Supervisor gives a worker loopback, its places and its log folder", async () => {
  const { supervisor } = superviseModule("nosy", {}, {
    log: { directory: "/herd-log", level: "INFO" },
  });
  const error = await assertRejects(() => supervisor.start(), Error);
  assertEquals(
    error.message,
    "Cannot start Ash: net 127.0.0.1, net 127.0.0.1:80, write /herd-log",
  );
});

Deno.test("Supervisor.kill() closes the port; revive() opens the same one", async () => {
  const { herd, log } = await startLine();
  await using _ = herd;
  const { hostname, port } = herd.address("s1");
  await herd.kill("s1");
  assertEquals(await isListening(denoPlatform, { hostname, port }), false);
  await log.untilLink("link-down", "s0", "s1");
  await log.untilLink("link-down", "s2", "s1");
  await herd.revive("s1");
  assertEquals(herd.address("s1"), { hostname, port });
  assertEquals(await isListening(denoPlatform, { hostname, port }), true);
  const { state, linked } = herd.status()[1]!;
  assertEquals([state, linked.toSorted()], ["up", ["s0", "s2"]]);
  assertEquals(log.statesOf("s1"), [
    "starting",
    "up",
    "stopped",
    "starting",
    "up",
  ]);
});

Deno.test("Supervisor.revive() does not wait for a neighbour that is down", async () => {
  const { herd } = await startLine(ANY_WORLD);
  await using _ = herd;
  await herd.kill("s0");
  await herd.kill("s1");
  await herd.revive("s1");
  assertEquals(herd.status()[1]!.linked, ["s2"]);
});

Deno.test("Supervisor.revive() fails by name if its port was taken meanwhile", async () => {
  const { herd } = await startLine();
  await using _ = herd;
  await herd.kill("s1");
  const listener = Deno.listen(herd.address("s1"));
  await assertRejects(() => herd.revive("s1"), PortInUse, "Cannot start s1:");
  assertEquals(herd.status()[1]!.state, "crashed");
  listener.close();
  await herd.revive("s1");
});

Deno.test("Supervisor.restart() brings a server back under a new worker", async () => {
  const { herd, log } = await startLine(ANY_WORLD);
  await using _ = herd;
  await herd.restart("s0");
  assertEquals(log.statesOf("s0"), [
    "starting",
    "up",
    "stopped",
    "starting",
    "up",
  ]);
  assertEquals(herd.status()[0]!.restarts, 0);
});

Deno.test("Supervisor.kill() reaches a paused server", async () => {
  const { herd } = await startLine();
  await using _ = herd;
  const { hostname, port } = herd.address("s1");
  await herd.pause("s1");
  assertEquals(herd.status()[1]!.state, "paused");
  await herd.kill("s1");
  assertEquals(await isListening(denoPlatform, { hostname, port }), false);
  await herd.revive("s1");
});

Deno.test("Supervisor.pause() freezes a server until resume()", async () => {
  const { herd } = await startLine();
  await using _ = herd;
  const client = await herd.client("s1");
  await herd.pause("s1");
  const order: string[] = [];
  const reply = client.iamat("kiwi", "+0-0", "2");
  const replied = reply.finally(() => order.push("reply"));
  await herd.absent("AT s1 +1.000000000 kiwi +0-0 1", {
    on: ["s0", "s2"],
    forMs: 100,
  });
  order.push("resume");
  await herd.resume("s1");
  await herd.propagated(await replied);
  assertEquals(order, ["resume", "reply"]);
});

Deno.test("Supervisor refuses what a server's state does not allow, by name", async () => {
  const { herd } = await startLine(ANY_WORLD);
  await using _ = herd;
  const cases: [() => Promise<unknown>, string][] = [
    [() => herd.revive("s1"), "Cannot revive s1: it is up"],
    [() => herd.resume("s1"), "Cannot resume s1: it is up"],
  ];
  await herd.kill("s0");
  cases.push(
    [() => herd.kill("s0"), "Cannot kill s0: it is stopped"],
    [() => herd.restart("s0"), "Cannot restart s0: it is stopped"],
    [() => herd.pause("s0"), "Cannot pause s0: it is stopped"],
    [() => herd.crash("s0"), "Cannot crash s0: it is stopped"],
  );
  await herd.pause("s2");
  cases.push(
    [() => herd.pause("s2"), "Cannot pause s2: it is paused"],
    [() => herd.crash("s2"), "Cannot crash s2: it is paused"],
  );
  for (const [wish, message] of cases) {
    await assertRejects(wish, WrongState, message);
  }
});

Deno.test("Supervisor names the server that was likely meant", async () => {
  await using herd = await Herd.start("2014", ANY_WORLD);
  await assertRejects(
    () => herd.kill("Powel"),
    RangeError,
    'no server "Powel", did you mean Powell?',
  );
});

Deno.test("Supervisor restarts a crashed server, and says why it crashed", async () => {
  const { herd, log } = await startLine();
  await using _ = herd;
  await herd.crash("s1");
  await log.untilState("s1", "up", 2);
  assertEquals(herd.status()[1]!.restarts, 1);
  const crashed = log.events.find((event) =>
    event.kind === "state" && event.state === "crashed"
  );
  assert(crashed?.kind === "state");
  assert(crashed.why?.includes("crashed on purpose"), crashed.why);
  assert(Math.abs(crashed.atMs - denoPlatform.clock.nowMs()) < 60_000);
});

Deno.test("Supervisor leaves a crashed server down if it is temporary", async () => {
  const { herd, log } = await startLine({ ...ANY_WORLD, restart: "temporary" });
  await using _ = herd;
  await herd.crash("s1");
  await log.untilLink("link-down", "s0", "s1");
  assertEquals(log.statesOf("s1"), ["starting", "up", "crashed"]);
  await herd.revive("s1");
});

Deno.test("Supervisor restarts even a killed server if it is permanent", async () => {
  const { herd, log } = await startLine({ ...ANY_WORLD, restart: "permanent" });
  await using _ = herd;
  await herd.kill("s1");
  await log.untilState("s1", "up", 2);
  assertEquals(herd.status()[1]!.restarts, 1);
});

Deno.test("Supervisor gives a server up that crashes too often", async () => {
  const intensity = { restarts: 2, periodMs: 60_000 };
  const { herd, log } = await startLine({ ...ANY_WORLD, intensity });
  await using _ = herd;
  for (let crash = 1; crash <= 3; crash++) {
    await log.untilState("s1", "up", crash);
    await herd.crash("s1");
  }
  await log.until(
    "restart-limit",
    () => log.events.some(({ kind }) => kind === "restart-limit"),
  );
  assertEquals(log.statesOf("s1"), [
    ...["starting", "up", "crashed"],
    ...["starting", "up", "crashed"],
    ...["starting", "up", "crashed"],
  ]);
  const { kind, atMs: _atMs, ...limit } = log.events.at(-1)!;
  assertEquals([kind, limit], ["restart-limit", {
    server: "s1",
    ...intensity,
    isAsked: true,
  }]);
  assertEquals(herd.status()[1]!.limitReached, true);
  await herd.revive("s1");
  assertEquals(herd.status()[1]!.limitReached, false);
  // Who is started by hand begins anew.
  await herd.crash("s1");
  await herd.serversAre({ state: "up", restarts: 3 }, { on: ["s1"] });
});

Deno.test("Supervisor puts restarts off, each twice as long as the one before", async () => {
  const { herd, log } = await startLine({
    ...ANY_WORLD,
    backoff: { minMs: 40, maxMs: 100 },
    intensity: { restarts: 9, periodMs: 60_000 },
  });
  await using _ = herd;
  for (let crash = 1; crash <= 3; crash++) {
    await herd.crash("s1");
    await herd.serversAre({ state: "up", restarts: crash }, { on: ["s1"] });
  }
  const delays = log.events.flatMap((event) =>
    event.kind === "backoff" ? [event.delayMs] : []
  );
  assertEquals(delays, [40, 80, 100]);
  const waits = log.events.flatMap((event) =>
    event.kind === "restart" ? [event.backoffMs] : []
  );
  assertEquals(waits.length, 3);
  for (const [i, waited] of waits.entries()) {
    assert(waited >= delays[i]!, `${waited} ms`);
  }
});

Deno.test("Supervisor takes a restart that the system has no room for as a crash", async () => {
  const log = new EventLog();
  let starts = 0;
  let crash: () => void;
  const world: World = {
    name: "servers of nothing",
    sees: new Set(),
    takesOrders: false,
    start: (_, { onReport }) => {
      if (++starts % 2 === 0) throw new Error("Resource unavailable");
      queueMicrotask(() => onReport({ kind: "listening" }));
      crash = () => onReport({ kind: "crashed", why: "by a test" });
      const nothing = () => {};
      const [kill, resume, stop] = [nothing, nothing, nothing];
      const pause = () => Promise.resolve();
      return { heartbeat: () => 0, kill, pause, resume, stop, crash };
    },
  };
  for (const minMs of [0, 1]) {
    const [port] = freePorts(1);
    const start = {
      name: "Ash",
      hostname: "127.0.0.1",
      port: port!,
      secret: "",
    };
    const supervisor = new Supervisor([{ ...start, neighbours: [] }], {
      world,
      backoff: { minMs, maxMs: 1 },
      onIncident: (incident, atMs) => log.onEvent({ atMs, ...incident }),
    });
    await supervisor.start();
    log.events.length = 0;
    crash!();
    await log.untilState("Ash", "up");
    assertEquals(
      log.events.flatMap((it) =>
        it.kind === "state" ? [it.why ?? it.state] : []
      ),
      ["by a test", "starting", "Resource unavailable", "starting", "up"],
    );
    await supervisor.kill("Ash");
    await assertRejects(
      () => supervisor.revive("Ash"),
      Error,
      "Cannot start Ash: Resource unavailable",
    );
    await supervisor.stop();
  }
});

Deno.test("Supervisor forgets a restart that is put off once somebody revives", async () => {
  const { herd, log } = await startLine({
    ...ANY_WORLD,
    backoff: { minMs: 3_600_000, maxMs: 3_600_000 },
  });
  await using _ = herd;
  await herd.crash("s1");
  await log.until(
    "backoff",
    () => log.events.some(({ kind }) => kind === "backoff"),
  );
  await herd.revive("s1");
  assertEquals(herd.status()[1]!.restarts, 0);
  await herd.crash("s1");
});

Deno.test("Supervisor leaves a revived server alone when its restart would be due", async () => {
  const backoffMs = 400;
  const { herd, log } = await startLine({
    ...ANY_WORLD,
    backoff: { minMs: backoffMs, maxMs: 60_000 },
  });
  await using _ = herd;
  await herd.crash("s1");
  await log.until(
    "backoff",
    () => log.events.some(({ kind }) => kind === "backoff"),
  );
  // A timer that is set later, for longer, ends later: by then it was due.
  const due = delay(herd.platform.clock, backoffMs + 100);
  await herd.revive("s1");
  await due;
  assertEquals(herd.status()[1]!.restarts, 0);
  // Who is started by hand begins anew: its back-off does too.
  await herd.crash("s1");
  await herd.serversAre({ state: "up", restarts: 1 }, { on: ["s1"] });
  const delays = log.events.flatMap((event) =>
    event.kind === "backoff" ? [event.delayMs] : []
  );
  assertEquals(delays, [backoffMs, backoffMs]);
});

Deno.test("Supervisor tells a crash that was asked for from one that was not", async () => {
  const { herd, log } = await startLine({ restart: "temporary" });
  await using _ = herd;
  await herd.crash("s1");
  const asked = log.events.find((event) =>
    event.kind === "state" && event.state === "crashed"
  );
  assert(asked?.kind === "state");
  assertEquals(asked.isAsked, true);
  const { supervisor, log: unasked } = superviseModule("silent", {
    silenceMs: 500,
  });
  await supervisor.start();
  // It hears of that no more than of anything else, and ends by its silence.
  await supervisor.crash("Ash");
  await unasked.untilState("Ash", "crashed", 2);
  const crashes = unasked.events.flatMap((event) =>
    event.kind === "state" && event.state === "crashed" ? [event.isAsked] : []
  );
  assertEquals(crashes.slice(0, 2), [true, undefined]);
  await supervisor.stop();
});

Deno.test("Supervisor takes no crash for asked that a failing disk has no part in", async () => {
  const { supervisor, log } = superviseModule("fatal", {
    restart: "temporary",
  });
  await supervisor.start();
  // It ends by an error of its own, while its syncs are made to fail.
  const trouble = troubleOf([{ kind: "fsync_error" }], 1);
  await supervisor.set("Ash", { trouble });
  await log.untilState("Ash", "crashed");
  const crash = log.events.find((event) =>
    event.kind === "state" && event.state === "crashed"
  );
  assertEquals(crash?.kind === "state" && crash.isAsked, undefined);
  await supervisor.stop();
});

Deno.test("Supervisor finds a server that ended without a word", async () => {
  const { supervisor, log } = superviseModule("silent", {
    silenceMs: 500,
    intensity: { restarts: 1, periodMs: 60_000 },
  });
  await supervisor.start();
  await log.until(
    "restart-limit",
    () => log.events.some(({ kind }) => kind === "restart-limit"),
  );
  assertEquals(log.statesOf("Ash"), [
    ...["starting", "up", "crashed"],
    ...["starting", "up", "crashed"],
  ]);
  await supervisor.stop();
});

Deno.test("Supervisor.set() has done its work though the server ends by it before it answers", async () => {
  const { supervisor, log } = superviseModule("fatal", {
    restart: "temporary",
  });
  await supervisor.start();
  await supervisor.set("Ash", { trouble: troubleOf([], 1) });
  await log.untilState("Ash", "crashed");
  await supervisor.stop();
});

Deno.test("Supervisor reports a deaf server as wedged until it lets go", async () => {
  const { supervisor, log } = superviseModule("deaf", {
    silenceMs: 500,
    releaseMs: 500,
    restart: "temporary",
  });
  await supervisor.start();
  await log.untilState("Ash", "wedged");
  assertEquals(supervisor.wedged(), ["Ash"]);
  await assertRejects(
    () => supervisor.revive("Ash"),
    WrongState,
    "Cannot revive Ash: it is wedged",
  );
  await log.untilState("Ash", "crashed", 2);
  assertEquals(supervisor.wedged(), []);
  assertEquals(log.statesOf("Ash"), [
    "starting",
    "up",
    "crashed",
    "wedged",
    "crashed",
  ]);
  await supervisor.stop();
});

Deno.test("Supervisor.stop() stops all, a paused server too, and closes all ports", async () => {
  const { herd, log } = await startLine();
  await herd.pause("s1");
  const addresses = herd.names.map((name) => herd.address(name));
  await herd.stop();
  for (const { hostname, port } of addresses) {
    assertEquals(await isListening(denoPlatform, { hostname, port }), false);
  }
  for (const name of herd.names) {
    assertEquals(log.statesOf(name).slice(-2), ["stopping", "stopped"]);
  }
});

Deno.test("Supervisor.stop() ends a revive that is under way", async () => {
  const { herd } = await startLine();
  await herd.kill("s1");
  const revived = assertRejects(
    () => herd.revive("s1"),
    Error,
    "s1 was stopped before it was ready",
  );
  await herd.stop();
  await revived;
});

Deno.test("Supervisor.stop() has a restart end that waits for the port", async () => {
  const { herd } = await startLine(ANY_WORLD);
  const restarted = assertRejects(
    () => herd.restart("s1"),
    Error,
    "Cannot restart s1: the herd has stopped",
  );
  await herd.stop();
  await restarted;
  await assertRejects(() => herd.revive("s1"), Error, "the herd has stopped");
  assertEquals(herd.status().map(({ state }) => state), [
    "stopped",
    "stopped",
    "stopped",
  ]);
});

Deno.test("Supervisor.stop() right after a crash waits until the port was looked at", async () => {
  const { supervisor, log } = superviseModule("deaf", {
    silenceMs: 500,
    releaseMs: 500,
    restart: "temporary",
  });
  await supervisor.start();
  await log.untilState("Ash", "crashed");
  assertEquals(supervisor.wedged(), []);
  await supervisor.stop();
  // A look that was left behind would find it wedged later.
  assertEquals(supervisor.wedged(), ["Ash"]);
  const { hostname, port } = supervisor.child("Ash").start;
  while (await isListening(denoPlatform, { hostname, port }));
});

Deno.test("Supervisor.whenLinked() waits for no link of a server that is not up", async () => {
  const { supervisor } = superviseModule("silent");
  const [name] = supervisor.status().map((it) => it.name);
  const isOver = AbortSignal.abort(new Error("It waits"));
  await supervisor.whenLinked(name!, name!, isOver);
});
