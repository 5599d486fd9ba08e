/**
 * Servers and what passes between them.
 *
 * @module
 */
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DEFAULT_LIMITS } from "../../../herd/core/limits.ts";
import { Server } from "../../../herd/net/server.ts";
import { openLog } from "../../../herd/net/log_file.ts";
import {
  Events,
  freePort,
  linkAs,
  SECRET,
  type SmallHerd,
  soon,
  start,
  startHerd,
  STILL,
  until,
  Wire,
} from "./support.ts";

const EMPTY_DIGEST = { count: 0, fingerprint: "0".repeat(16), queued: 0 };

/** Waits until all servers of a herd hold equal records, `count` of them. */
async function untilEqual(herd: SmallHerd, count: number): Promise<void> {
  const servers = Object.values(herd).map(({ server }) => server);
  const isEqual = () => {
    const digests = servers.map((server) => JSON.stringify(server.digest()));
    return new Set(digests).size === 1 && servers[0]!.digest().count === count;
  };
  await until(`${count} equal records`, isEqual);
}

/** Sends `count` fixes of clients `<prefix>0`, `<prefix>1`, … */
async function fill(server: Server, prefix: string, count: number) {
  using wire = await Wire.open(server.port);
  let lines = "";
  for (let i = 0; i < count; i++) {
    lines += `IAMAT ${prefix}${i} +34.068930-118.445127 1621464827.${i}\n`;
  }
  const sending = wire.send(lines).then(() => wire.closeWrite());
  const replies = await wire.rest();
  await sending;
  assertEquals(replies.split("\n").length - 1, count);
}

Deno.test("Server tells its neighbours first, then the client", async () => {
  await using herd = await startHerd(["Alford-Bolden"]);
  using alford = await Wire.open(herd.Alford!.server.port);
  using bolden = await Wire.open(herd.Bolden!.server.port);
  for (let i = 0; i < 1_000; i++) {
    const at = await alford.ask(`IAMAT kiwi${i} +34-118 ${i}`);
    await bolden.send(`WHATSAT kiwi${i} 10 5\n`);
    assertEquals(await bolden.line(), at, `Update ${i}`);
    await bolden.upTo("\n\n");
  }
  for (let i = 0; i < 1_000; i++) {
    const at = await bolden.ask(`IAMAT kiwi +34-118 ${i}`);
    using fresh = await Wire.open(herd.Alford!.server.port);
    await fresh.send("WHATSAT kiwi 10 5\n");
    assertEquals(await fresh.line(), at, `Update ${i}, fresh connection`);
  }
});

Deno.test("Server holds replies back until a long write to a neighbour is done", async () => {
  await using herd = await startHerd(["Alford-Bolden"]);
  const { port } = herd.Alford!.server;
  using alford = await Wire.open(port);
  using other = await Wire.open(port);
  using bolden = await Wire.open(herd.Bolden!.server.port);
  for (let i = 0; i < 30; i++) {
    // The link takes several writes for these, and replies are due meanwhile.
    let lines = "";
    for (let k = 0; k < 1_500; k++) lines += `IAMAT busy${k} +1-1 ${i}\n`;
    await other.send(lines);
    const at = await alford.ask(`IAMAT kiwi${i} +34-118 ${i}`);
    await bolden.send(`WHATSAT kiwi${i} 10 5\n`);
    assertEquals(await bolden.line(), at, `Update ${i}`);
    await bolden.upTo("\n\n");
    for (let k = 0; k < 1_500; k++) await other.line();
  }
});

Deno.test("Server passes an update on, and says who heard it", async () => {
  await using herd = await startHerd(["Alford-Bolden", "Bolden-Parker"], {
    platform: STILL,
  });
  using alford = await Wire.open(herd.Alford!.server.port);
  using parker = await Wire.open(herd.Parker!.server.port);
  const at = await alford.ask("IAMAT kiwi +34-118 1700000000");
  assertEquals(at, "AT Alford +0.000000000 kiwi +34-118 1700000000");
  await soon("the update", herd.Parker!.server.whenHeld(at));
  await parker.send("WHATSAT kiwi 10 5\n");
  assertEquals(await parker.line(), at);
  for (const { server } of Object.values(herd)) {
    assertEquals(server.records(), [at]);
  }
});

Deno.test("Server sends N - 1 updates over a tree, whoever hears", async () => {
  await using herd = await startHerd([
    "Alford-Bolden",
    "Alford-Parker",
    "Bolden-Powell",
    "Bolden-Hamilton",
  ]);
  const running = Object.values(herd);
  const sent = () =>
    running.reduce((sum, { server }) => sum + server.stats().atOut, 0);
  assertEquals(sent(), 0);
  let expected = 0;
  for (const { server } of running) {
    using wire = await Wire.open(server.port);
    const at = await wire.ask(`IAMAT ${server.name} +34-118 5`);
    for (const other of running) await other.server.whenHeld(at);
    await untilEqual(herd, (expected += 4) / 4);
    assertEquals(sent(), expected);
    // What is not newer is acknowledged, and goes no further.
    await wire.ask(`IAMAT ${server.name} +34-118 4`);
    await wire.ask("x");
    assertEquals(sent(), expected);
  }
  const { stats } = { stats: herd.Alford!.server.stats() };
  assertEquals(
    { iamat: stats.iamat, bad: stats.bad, atIn: stats.atIn },
    { iamat: 2, bad: 1, atIn: 4 },
  );
  assertEquals([stats.stored, stats.duplicates, stats.records], [5, 0, 5]);
  assertEquals([stats.links, stats.queued, stats.whatsat], [2, 0, 0]);
});

Deno.test("Server passes on the longest fix that a client may send", async () => {
  await using herd = await startHerd(["Alford-Bolden"]);
  using alford = await Wire.open(herd.Alford!.server.port);
  const head = "IAMAT kiwi +0+0 ";
  const time = "9".repeat(DEFAULT_LIMITS.lineBytesMax - head.length);
  const at = await alford.ask(head + time);
  const bolden = herd.Bolden!.server;
  await soon("the fix at Bolden", bolden.whenHeld(at));
  assertEquals(bolden.records(), [at]);
});

Deno.test("Server syncs 10,000 records both ways when a link comes up", async () => {
  const ports = [freePort(), freePort(), freePort()];
  const neighbour = (name: string, index: number) => ({
    name,
    hostname: "127.0.0.1",
    port: ports[index]!,
  });
  await using alford = await start({
    port: ports[0]!,
    neighbours: [neighbour("Bolden", 1)],
  });
  await fill(alford.server, "a", 5_000);
  await fill(alford.server, "both", 100);
  await using bolden = await start({
    name: "Bolden",
    port: ports[1]!,
    neighbours: [neighbour("Alford", 0), neighbour("Parker", 2)],
  });
  await fill(bolden.server, "b", 5_000);
  await using parker = await start({
    name: "Parker",
    port: ports[2]!,
    neighbours: [neighbour("Bolden", 1)],
  });
  const herd = Object.assign({ alford, bolden, parker }, {
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
  await untilEqual(herd, 10_100);
  assertEquals(
    parker.server.records().sort(),
    alford.server.records().sort(),
  );
  // A server that comes back empty is sent everything.
  await bolden.server.stop();
  await fill(alford.server, "c", 100);
  await using again = await start({
    name: "Bolden",
    port: ports[1]!,
    neighbours: [neighbour("Alford", 0), neighbour("Parker", 2)],
  });
  await untilEqual({ ...herd, bolden: again }, 10_200);
});

Deno.test("Server tells of a sync, of equal records too", async () => {
  await using running = await start({
    neighbours: [{ name: "Bolden", hostname: "127.0.0.1", port: 1 }],
  });
  const { server, events } = running;
  using wire = await linkAs("Bolden", server);
  await wire.send("SYNC 0 0000000000000000\n");
  assertEquals(await events.when("synced"), {
    kind: "synced",
    peer: "Bolden",
    role: "equal",
    listed: 0,
    sent: 0,
    wanted: 0,
  });
});

Deno.test("Server.whenHeld() waits for a fix, this one or a newer", async () => {
  await using running = await start({ platform: STILL });
  const { server } = running;
  using wire = await Wire.open(server.port);
  const at = "AT Alford +1699999995.000000000 kiwi +34-118 5";
  const other = "AT Alford +1699999995.000000000 lime +34-118 5";
  assertEquals(server.holds(at), false);
  const held = server.whenHeld(at);
  const stopped = assertRejects(
    () => server.whenHeld(other),
    Error,
    "Cannot wait for a fix: Alford was stopped",
  );
  await wire.ask("IAMAT kiwi +34-118 4");
  assertEquals(server.holds(at), false);
  await wire.ask("IAMAT kiwi +34-118 5.5");
  assertEquals(server.holds(at), true);
  await soon("the fix", held);
  await server.whenHeld(at);
  const abort = new AbortController();
  const given = assertRejects(
    () => server.whenHeld(other, abort.signal),
    Error,
  );
  abort.abort(new Error("given up"));
  await given;
  await assertRejects(() => server.whenHeld(other, abort.signal), Error);
  assertThrows(() => server.holds("rubbish"), TypeError, "rubbish");
  await assertRejects(() => server.whenHeld("AT x"), TypeError);
  await server.stop();
  await stopped;
  await assertRejects(() => server.whenHeld(other), Error, "was stopped");
});

Deno.test("Server.digest() is equal for equal records, whatever the order", async () => {
  await using one = await start({ platform: STILL });
  await using two = await start({ platform: STILL });
  assertEquals(one.server.digest(), EMPTY_DIGEST);
  using first = await Wire.open(one.server.port);
  using second = await Wire.open(two.server.port);
  const lines = ["IAMAT a +1-1 1", "IAMAT b +1-1 2", "IAMAT c +1-1 3"];
  for (const line of lines) await first.ask(line);
  for (const line of lines.toReversed()) await second.ask(line);
  assertEquals(one.server.digest(), two.server.digest());
  assertEquals(one.server.digest().count, 3);
  await first.ask("IAMAT a +1-1 9");
  assert(
    one.server.digest().fingerprint !== two.server.digest().fingerprint,
  );
});

Deno.test("Server.start() rejects what it cannot do, and leaves nothing open", async () => {
  await using running = await start();
  const { port } = running.server;
  await assertRejects(() => start({ port }), Deno.errors.AddrInUse);
  await assertRejects(() => start({ secret: "12" }), RangeError, "64 hex");
  for (const lineBytesMax of [-1, 1.5, 500_001]) {
    const limits = { lineBytesMax };
    await assertRejects(() => start({ limits }), RangeError, "Cannot");
  }
  const limits = { firstLineMsMax: 2 ** 31 };
  await assertRejects(() => start({ limits }), RangeError, "firstLineMsMax");
  for (const name of ["", "two words", "new\nline", "köln"]) {
    await assertRejects(() => start({ name }), RangeError, "the name");
  }
  await assertRejects(
    () => start({ places: { base: "nowhere", key: "" } }),
    TypeError,
  );
});

Deno.test("Server.stop() leaves nothing, whatever goes on", async () => {
  await using herd = await startHerd(["Alford-Bolden", "Bolden-Parker"]);
  const { server } = herd.Bolden!;
  using idle = await Wire.open(server.port);
  using half = await Wire.open(server.port);
  await half.send("x\nIAMAT half +34-118 1");
  assertEquals(await half.line(), "? x");
  using busy = await Wire.open(server.port);
  const sending = busy.send("IAMAT kiwi +34-118 5\n".repeat(50_000))
    .catch(() => "It was stopped before");
  await busy.line();
  await Promise.all([server.stop(), server.stop()]);
  await sending;
  assertEquals(await half.rest(), "");
  assertEquals(await idle.rest(), "");
  assertEquals([server.linked(), server.stats().clients], [[], 0]);
  assert(!server.records().some((at) => at.includes("half")));
  const { why } = await herd.Alford!.events.when("link-down");
  assertEquals(why, "connection lost");
  const downs = herd.Bolden!.events.of("link-down");
  assertEquals(downs.map((down) => "why" in down && down.why), [
    "stopped",
    "stopped",
  ]);
  await using again = await start({ name: "Bolden", port: server.port });
  using wire = await Wire.open(again.server.port);
  assertEquals(await wire.ask("x"), "? x");
});

Deno.test("Server.stop() right after Server.start() leaves nothing", async () => {
  for (let i = 0; i < 50; i++) {
    const { server } = await start({
      neighbours: [{ name: "Bolden", hostname: "127.0.0.1", port: 1 }],
    });
    const opening = Wire.open(server.port);
    if (i % 2 === 0) await opening;
    await server.stop();
    (await opening.catch(() => undefined))?.close();
  }
});

Deno.test("Server writes its life down", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const { clock } = denoPlatform;
    const options = { clock, server: "Alford", directory };
    const { server } = await start({
      log: openLog({ ...options, level: "INFO" }),
      neighbours: [{ name: "Bolden", hostname: "127.0.0.1", port: 1 }],
      platform: STILL,
    });
    const link = await linkAs("Bolden", server);
    await link.send("SYNC 0 0000000000000000\n");
    using wire = await Wire.open(server.port);
    await wire.ask("IAMAT kiwi +34-118 5");
    assertEquals(await link.line(), "SYNC 0 0000000000000000");
    await link.line();
    wire.close();
    await until("it to be gone", () => server.stats().clients === 0);
    link.close();
    await until("it to be down", () => server.linked().length === 0);
    await server.stop();
    const text = await Deno.readTextFile(
      `${directory}/Alford.jsonl`,
    );
    const events = text.trimEnd().split("\n").map((line) => JSON.parse(line));
    const at = "AT Alford +1699999995.000000000 kiwi +34-118 5";
    const told = events.map(({ event, line, why }) => [event, line ?? why]);
    for (
      const one of [
        ["listening", undefined],
        ["link-up", undefined],
        ["line-in", "SYNC 0 0000000000000000"],
        ["line-out", "SYNC 0 0000000000000000"],
        ["synced", undefined],
        ["client-connected", undefined],
        ["line-in", "IAMAT kiwi +34-118 5"],
        ["line-out", at],
        ["line-out", `${at} Alford`],
        ["client-dropped", undefined],
        ["link-down", "connection lost"],
        ["stopped", undefined],
      ]
    ) {
      assert(
        told.some(([event, what]) => event === one[0] && what === one[1]),
        `${one} in ${text}`,
      );
    }
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("Server writes keepalives down at level DEBUG only", async () => {
  for (const level of ["INFO", "DEBUG"] as const) {
    const directory = await Deno.makeTempDir();
    try {
      await using running = await start({
        log: openLog({
          clock: denoPlatform.clock,
          server: "Alford",
          directory,
          level,
        }),
        neighbours: [{ name: "Bolden", hostname: "127.0.0.1", port: 1 }],
      });
      const { server } = running;
      using link = await linkAs("Bolden", server);
      await link.send("PING 7\n");
      let line = "";
      while (line !== "PONG 7") line = await link.line();
      await server.stop();
      const text = await Deno.readTextFile(`${directory}/Alford.jsonl`);
      assert(text.includes("link-up"), text);
      for (const keepalive of ["PING 7", "PONG 7"]) {
        assertEquals(text.includes(keepalive), level === "DEBUG", text);
      }
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  }
});

Deno.test("Server goes on when a listener of its events throws, and tells of it", async () => {
  const { promise: told, resolve } = Promise.withResolvers<string>();
  const onError = (event: ErrorEvent) => {
    event.preventDefault();
    resolve(event.error.message);
  };
  globalThis.addEventListener("error", onError);
  try {
    const events = new Events();
    await using running = await start({
      neighbours: [{ name: "Bolden", hostname: "127.0.0.1", port: 1 }],
      onEvent(event) {
        events.add(event);
        if (event.kind === "link-up") throw new Error("a bug of the listener");
      },
    });
    using link = await linkAs("Bolden", running.server);
    assertEquals(await soon("the error", told), "a bug of the listener");
    await link.send("AT Bolden +1.000000000 kiwi +34-118 5 Bolden\n");
    await running.server.whenHeld("AT Bolden +1.000000000 kiwi +34-118 5");
    link.close();
    await events.when("link-down");
  } finally {
    globalThis.removeEventListener("error", onError);
  }
});

Deno.test("Server is an async disposable", async () => {
  const { port } = await (async () => {
    await using server = await Server.start({
      name: "Alford",
      port: 0,
      neighbours: [],
      secret: SECRET,
    });
    return { port: server.port };
  })();
  await assertRejects(() => Wire.open(port), Deno.errors.ConnectionRefused);
});

Deno.test("Server.stats() counts each link, over its connections", async () => {
  await using herd = await startHerd(["Alford-Bolden"]);
  const [alford, bolden] = [herd.Alford!.server, herd.Bolden!.server];
  using wire = await Wire.open(alford.port);
  const at = await wire.ask("IAMAT kiwi +34-118 1");
  await bolden.whenHeld(at);
  const linksOf = (server: Server) => server.stats().byLink[0]!;
  const lines = () => [linksOf(alford), linksOf(bolden)] as const;
  await until("all to be read", () => {
    const [a, b] = lines();
    return a.bytesOut === b.bytesIn && b.bytesOut === a.bytesIn;
  });
  const [a, b] = lines();
  assertEquals([a.peer, a.isUp, a.ups, a.queued, a.waitedS], [
    "Bolden",
    true,
    1,
    0,
    0,
  ]);
  assert(a.linesOut >= 2 && a.bytesOut > at.length, JSON.stringify(a));
  assertEquals([a.syncs, a.repairs, b.syncs], [1, 0, 1]);
  const agoMs = denoPlatform.clock.nowMs() - a.lastSyncMs!;
  assert(agoMs >= 0 && agoMs < 60_000, String(agoMs));
  // Each byte is one of a client's or of a link's.
  const { bytesIn } = bolden.stats();
  assert(bytesIn >= b.bytesIn, `${bytesIn} of ${b.bytesIn}`);
  const asked = alford.stats();
  await wire.ask("IAMAT kiwi +34-118 0");
  assertEquals(alford.stats().bytesIn - asked.bytesIn >= 21, true);

  await bolden.stop();
  await until("the link to be down", () => !linksOf(alford).isUp);
  const down = linksOf(alford);
  assertEquals([down.queued, down.ups, down.syncs], [0, 1, 1]);
  assert(down.linesOut >= a.linesOut && down.bytesOut >= a.bytesOut);
});

Deno.test("Server.trace() has somebody hear of lines from then on, until nobody does", async () => {
  await using herd = await startHerd(["Alford-Bolden"]);
  const [alford, bolden] = [herd.Alford!.server, herd.Bolden!.server];
  using wire = await Wire.open(alford.port);
  const ask = async (time: number) => {
    const at = await wire.ask(`IAMAT kiwi +34-118 ${time}`);
    await bolden.whenHeld(at);
  };
  const heard: string[] = [];
  const trace = {
    connection: (peer: string, _: string, isOpen: boolean) =>
      heard.push(`${peer} ${isOpen}`),
    delivered: (_: unknown, from: string | undefined, isNew: boolean) =>
      heard.push(`from ${from} ${isNew}`),
    sent: (_: unknown, to: string) => heard.push(`to ${to}`),
    wrote: () => {},
    unanswered: () => {},
  };
  await ask(1);
  alford.trace(trace);
  assertEquals(heard, ["Bolden true"]);
  await ask(2);
  const line = ["from undefined true", "to Bolden"];
  assertEquals(heard.splice(0), ["Bolden true", ...line]);
  alford.trace(undefined);
  await ask(3);
  assertEquals(heard, []);
  alford.trace(trace);
  await ask(4);
  assertEquals(heard.splice(0), ["Bolden true", ...line]);
  // A link that comes up later is heard of too.
  await bolden.stop();
  await until("the link to be down", () => alford.linked().length === 0);
  assertEquals(heard, ["Bolden false"]);
});
