import { assert, assertEquals, assertRejects } from "@std/assert";
import { freePorts } from "../../../free_ports.ts";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { delay } from "@std/async";
import { Herd, runDrill, summary, verdictOf } from "../../../../mod.ts";
import { freshSecret } from "../../../../herd/net/handshake.ts";
import { NO_SKEW } from "../../../../sim/model/faults/skew.ts";
import { isListening } from "../../../../sim/live/servers/ports.ts";
import {
  OwnProcesses,
  type ProcessHandle,
} from "../../../../sim/worlds/processes/own_processes.ts";
import type { Spawned } from "../../../../sim/worlds/spawned.ts";
import { ServerEnded } from "../../../../sim/worlds/world.ts";
import { EventLog } from "../../live/event_log.ts";

const PLACE = "+34.068930-118.445127";

Deno.test("Herd.start() runs a herd on processes that end with it", async () => {
  await using herd = await Herd.start("line:2", { world: "processes" });
  await using kiwi = await herd.client("s0");
  await herd.propagated(await kiwi.iamat("kiwi", PLACE), { withinMs: 10_000 });
  assertEquals(herd.world.name, "servers in processes of their own");
});

Deno.test("OwnProcesses runs a herd as threads do: kill, pause, crash, stop, ask", async () => {
  await using world = new OwnProcesses();
  const log = new EventLog();
  await using herd = await Herd.start("line:3", {
    world,
    backoff: { minMs: 1, maxMs: 1 },
    onEvent: log.onEvent,
  });
  for (const { linked, neighbours } of herd.status()) {
    assertEquals(linked.toSorted(), neighbours.toSorted());
  }
  await using kiwi = await herd.client("s0");
  await herd.propagated(await kiwi.iamat("kiwi", PLACE), { withinMs: 10_000 });
  assertEquals((await herd.stats("s1")).records, 1);

  await herd.pause("s1");
  const held = await kiwi.iamat("kiwi", PLACE);
  await herd.absent(held, { on: ["s2"], forMs: 100 });
  await herd.resume("s1");
  await herd.kill("s2");
  const later = await kiwi.iamat("kiwi", PLACE);
  await herd.revive("s2");
  await herd.propagated(later, { withinMs: 10_000 });

  await herd.crash("s1");
  const isBack = { state: "up", restarts: 1 } as const;
  await herd.serversAre(isBack, { on: ["s1"], withinMs: 30_000 });
  const crash = log.events.find((it) =>
    it.kind === "state" && it.state === "crashed"
  );
  assertEquals(crash?.kind === "state" && crash.why, "crashed on purpose");
  await herd.clockSkew("s1", { offsetMs: 3_600_000 });
  await herd.converged({ withinMs: 10_000 });
});

function startAlone(world: OwnProcesses): ProcessHandle {
  const [port] = freePorts(1);
  return world.start({
    name: "s0",
    hostname: "127.0.0.1",
    port: port!,
    neighbours: [],
    secret: freshSecret(),
  }, { clock: denoPlatform.clock, onReport: () => {} });
}

Deno.test("ProcessHandle.usage() tells what one process has used, until it has ended", async () => {
  await using world = new OwnProcesses();
  const handle = startAlone(world);
  const before = await handle.usage();
  assert(before.cpuUs > 0 && before.rssBytes > 1_000_000);
  let after = before;
  while (after.cpuUs === before.cpuUs) after = await handle.usage();
  assert(after.cpuUs > before.cpuUs);
  handle.kill();
  await handle.ended;
  await assertRejects(() => handle.usage(), ServerEnded);
});

Deno.test("OwnProcesses has a server answer what it is asked before it has started", async () => {
  await using world = new OwnProcesses();
  const handle = startAlone(world);
  const asked = await handle.ask!({ ask: "skew", skew: NO_SKEW });
  assertEquals(asked, null);
});

Deno.test("OwnProcesses tells who asks that a server has ended, however it has", async () => {
  const ended = Promise.withResolvers<string>();
  const spawned: Spawned = {
    said: {
      [Symbol.asyncIterator]: () => ({
        next: () => ended.promise.then((value) => ({ done: true, value })),
      }),
    },
    ended: ended.promise,
    tell: () => {},
    closeInput: () => {},
    pause: () => Promise.resolve(),
    resume: () => {},
    kill: () => {},
  };
  const world = new OwnProcesses({
    name: "servers of nothing",
    start: () => spawned,
    wipe: () => Promise.resolve(),
  });
  const asked = startAlone(world).ask!({ ask: "held", at: "AT" });
  ended.resolve("it was ended by SIGKILL");
  await assertRejects(
    () => asked,
    ServerEnded,
    "s0 has failed: it was ended by SIGKILL",
  );
});

Deno.test("runDrill() runs a drill on processes, and skips what only shared memory tells", async () => {
  await using world = new OwnProcesses();
  const result = await runDrill({
    name: "own-processes",
    folder: ".",
    text: `
topology: line:3
steps:
  - iamat: {client: kiwi, to: s0, position: ${PLACE}}
  - expect: {client: kiwi, on: all, within: 10s}
  - cut: {targets: s0-s1, id: snip}
  - iamat: {client: kiwi, to: s0, position: +1+1}
  - expect: {client: kiwi, never: [s2], for: 100ms}
  - heal: snip
  - expect: {converged: all, within: 20s}
checks:
  - lost == 0
  - links.lost >= 0
  - hop.p50 < 1s
`,
  }, { world });
  assertEquals(verdictOf(result), "passed", summary(result));
  const outcomes = result.assessment.checks.map(({ outcome }) => outcome);
  assertEquals(outcomes, ["ok", "ok", "skipped"], summary(result));
});

Deno.test("runDrill() on processes can't tell of a lost fix whether it died with its server", async () => {
  const result = await runDrill({
    name: "died",
    folder: ".",
    text: `
topology: line:2
steps:
  - iamat: {client: kiwi, to: s0, position: ${PLACE}}
  - kill: s1
  - iamat: {client: kiwi, to: s0, position: +1+1}
  - kill: s0
  - revive: all
  - expect: {converged: all, within: 100ms, unless_killed_within: 10s}
`,
  }, { world: "processes" });
  assertEquals(verdictOf(result), "unknown", summary(result));
  assertEquals(result.steps.at(-1)?.isSkipped, true, summary(result));
});

Deno.test("OwnProcesses leaves no process behind, not even a paused one, though its own is killed", async () => {
  const script = `
import { Herd } from "${import.meta.resolve("../../../../mod.ts")}";
import { OwnProcesses } from "${
    import.meta.resolve(
      "../../../../sim/worlds/processes/own_processes.ts",
    )
  }";
const herd = await Herd.start("line:2", { world: new OwnProcesses() });
await herd.pause("s1");
console.log(JSON.stringify(herd.names.map((name) => herd.address(name))));
`;
  const config = new URL("../../../../deno.json", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "--allow-all",
      "--config",
      config,
      `data:application/typescript,${encodeURIComponent(script)}`,
    ],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  const addresses = JSON.parse(new TextDecoder().decode(value));
  for (const address of addresses) {
    assert(await isListening(denoPlatform, address));
  }
  child.kill("SIGKILL");
  await child.status;
  await reader.cancel();
  for (const address of addresses) {
    while (await isListening(denoPlatform, address)) await delay(20);
  }
});
