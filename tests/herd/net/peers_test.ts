/**
 * Links that go down and come up again.
 *
 * @module
 */
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { Backoff, redialDelayMs } from "../../../herd/net/redial.ts";
import { SILENT_LOG } from "../../../herd/net/log.ts";
import {
  answerAs,
  freePort,
  linkAs,
  nonce,
  soon,
  start,
  startHerd,
  until,
  Wire,
} from "./support.ts";

const DEAD = { hostname: "127.0.0.1", port: 1 };

function listen(): Deno.TcpListener {
  return Deno.listen({ hostname: "127.0.0.1", port: 0 });
}

/** Bolden, as a neighbour at a port. */
function bolden(port: number) {
  return { name: "Bolden", hostname: "127.0.0.1", port };
}

/** Nothing is wrong, and nothing changes, while clients are served. */
async function serveALot(port: number): Promise<void> {
  using wire = await Wire.open(port);
  for (let i = 0; i < 50; i++) assertEquals(await wire.ask("x"), "? x");
}

Deno.test("Peers keep one link of two that are dialled at once, and never flap", async () => {
  for (let round = 0; round < 40; round++) {
    await using herd = await startHerd(["Alford-Bolden"]);
    const { Alford, Bolden } = herd;
    await Promise.all([
      Alford!.events.when("synced"),
      Bolden!.events.when("synced"),
    ]);
    await serveALot(Alford!.server.port);
    for (const { events, server } of [Alford!, Bolden!]) {
      assertEquals(events.of("link-up").length, 1);
      assertEquals(events.of("link-down"), []);
      assertEquals(events.of("link-refused"), []);
      assertEquals(server.stats().links, 1);
    }
  }
});

Deno.test("Peers start a sync though much is yet to be hashed", async () => {
  await using running = await start({
    neighbours: [{ name: "Bolden", ...DEAD }],
  });
  const { server } = running;
  using client = await Wire.open(server.port);
  const count = 40_000;
  const ids = Array.from({ length: count }, (_, i) => `client${i}`);
  const sending = client.send(ids.map((id) => `IAMAT ${id} +0+0 1\n`).join(""));
  for (const id of ids) assertMatch(await client.line(), RegExp(` ${id} `));
  await sending;
  using bolden = await linkAs("Bolden", server);
  let sync = await bolden.line();
  // A busy machine takes so long that it says meanwhile that it is alive.
  while (sync.startsWith("PING ")) sync = await bolden.line();
  const { fingerprint } = server.digest();
  assertEquals(sync, `SYNC ${count} ${fingerprint}`);
});

Deno.test("Peers take the place of a link by the one of the lesser name", async () => {
  using listener = listen();
  const { port } = listener.addr;
  await using running = await start({
    name: "Bolden",
    neighbours: [{ name: "Alford", hostname: "127.0.0.1", port }],
  });
  const { server, events } = running;
  using dialled = await answerAs("Alford", listener);
  await events.when("link-up");
  using own = await linkAs("Alford", server);
  await dialled.rest();
  await own.send("SYNC 0 0000000000000000\n");
  await events.when("synced");
  assertEquals(events.all.map(({ kind }) => kind), ["link-up", "synced"]);
  assertEquals(server.linked(), ["Alford"]);
});

Deno.test("Peers keep their own link against one of the greater name", async () => {
  using listener = listen();
  const { port } = listener.addr;
  await using running = await start({
    neighbours: [{ name: "Bolden", hostname: "127.0.0.1", port }],
  });
  const { server, events } = running;
  using dialled = await answerAs("Bolden", listener);
  await events.when("link-up");
  using late = await Wire.open(server.port);
  await late.send(`PEER 1 Bolden Alford ${"0".repeat(32)}\n`);
  assertEquals(await late.rest(), "", "That is no fault of the neighbour's");
  await dialled.send("SYNC 0 0000000000000000\n");
  await events.when("synced");
  assertEquals(events.of("link-down"), []);
});

Deno.test("Peers are back when a neighbour has restarted, whoever dials", async () => {
  const ports = { Alford: freePort(), Bolden: freePort() };
  const address = (name: "Alford" | "Bolden") => ({
    name,
    hostname: "127.0.0.1",
    port: ports[name],
  });
  for (
    const [stays, restarts, isDialled] of [
      ["Alford", "Bolden", true],
      ["Bolden", "Alford", true],
      ["Alford", "Bolden", false],
      ["Bolden", "Alford", false],
    ] as const
  ) {
    await using running = await start({
      name: stays,
      port: ports[stays],
      neighbours: [isDialled ? address(restarts) : { name: restarts, ...DEAD }],
    });
    const options = {
      name: restarts,
      port: ports[restarts],
      neighbours: [isDialled ? { name: stays, ...DEAD } : address(stays)],
    };
    for (let count = 1; count <= 3; count++) {
      await using _other = await start(options);
      await running.events.when("link-up", count);
      await _other.server.stop();
      const { why } = await running.events.when("link-down", count);
      assertEquals(why, "connection lost");
    }
  }
});

Deno.test("Peers close a link that carries rubbish, and tell why", async () => {
  await using running = await start({
    neighbours: [{ name: "Bolden", ...DEAD }],
  });
  const { server, events } = running;
  const cases: [line: string, why: string][] = [
    ["rubbish", "unknown-command: rubbish"],
    ["IAMAT kiwi +34-118 5", "unknown-command: IAMAT kiwi +34-118 5"],
    [
      "AT Bolden +1.000000000 kiwi +34-118 5 Powell",
      "bad-sender: AT Bolden +1.000000000 kiwi +34-118 5 Powell",
    ],
    [
      "AT Bolden +1 kiwi +34-118 5 Bolden",
      "bad-difference: AT Bolden +1 kiwi +34-118 5 Bolden",
    ],
    ["HAVE -1", "bad-number: HAVE -1"],
    ["HAVE 1\nx", "field-count: x"],
    ["SYNC 1 x", "bad-tie: SYNC 1 x"],
    ["\xff".repeat(300), `unknown-command: ${"\xff".repeat(256)}`],
    ["x".repeat(200_000), "line too long"],
  ];
  for (const [number, [line, why]] of cases.entries()) {
    using wire = await linkAs("Bolden", server);
    await wire.send(`PING 1\n${line}\nAT Bolden +1.000000000 a +1-1 5 Bolden\n`)
      .catch(() => "It may be closed by then");
    await wire.rest();
    const down = await events.when("link-down", number + 1);
    assertEquals(down.why, why);
    const [word] = why.split(":");
    assertEquals(down.wrong, why.includes(":") ? word : undefined);
    assertEquals(server.records(), []);
    await serveALot(server.port);
  }
});

Deno.test("Peers dial again, but not at once, when a link went down at once", async () => {
  using listener = listen();
  const { port } = listener.addr;
  await using running = await start({
    neighbours: [{ name: "Bolden", hostname: "127.0.0.1", port }],
  });
  const { server, events } = running;
  const beganMs = performance.now();
  for (let count = 1; count <= 4; count++) {
    using wire = await answerAs("Bolden", listener);
    await wire.send("rubbish\n");
    await events.when("link-down", count);
  }
  using wire = await answerAs("Bolden", listener);
  // 50, 100, 200 and 400 ms, of which chance takes off a half at most.
  assert(performance.now() - beganMs > 370, "It must back off");
  await events.when("link-up", 5);
  await wire.send("AT Bolden +1.000000000 kiwi +34-118 5 Bolden\n");
  await server.whenHeld("AT Bolden +1.000000000 kiwi +34-118 5");
});

Deno.test("Peers find a neighbour frozen that says nothing", async () => {
  await using running = await start({
    neighbours: [{ name: "Bolden", ...DEAD }],
    tuning: { heartbeatMs: 100 },
  });
  using wire = await linkAs("Bolden", running.server);
  assertEquals(await wire.line(), "SYNC 0 0000000000000000");
  assertEquals(await wire.line(), "PING 1");
  await wire.send("PONG 1\nPING 77\n");
  assertEquals(await wire.line(), "PONG 77");
  assertEquals(await wire.rest(), "PING 2\nPING 3\nPING 4\n");
  const { why, wrong } = await running.events.when("link-down");
  assertEquals([why, wrong], ["nothing heard", "silence"]);
});

Deno.test("Peers take a line that does not end for no sign of life, and say so", async () => {
  await using running = await start({
    neighbours: [{ name: "Bolden", ...DEAD }],
    tuning: { heartbeatMs: 100 },
  });
  using wire = await linkAs("Bolden", running.server);
  await wire.send("PONG 1\n");
  for (let n = 1; n <= 3; n++) {
    while (await wire.line() !== `PING ${n}`);
    await wire.send("A");
  }
  await wire.rest();
  const { why, wrong } = await running.events.when("link-down");
  assertEquals(
    [why, wrong],
    ["no line ended in time: 3 bytes of one came", "silence"],
  );
});

Deno.test("Peers never end a dial that is under way at stop()", async () => {
  // It accepts, by its backlog, and never says a word.
  using listener = listen();
  const { port } = listener.addr;
  const { server, events } = await start({
    neighbours: [
      { name: "Bolden", hostname: "127.0.0.1", port },
      { name: "Powell", ...DEAD },
    ],
  });
  using wire = new Wire(await listener.accept());
  assertStringIncludes(await wire.line(), "PEER 1 Alford Bolden ");
  await server.stop();
  assertEquals(await wire.rest(), "");
  assertEquals(events.all, []);
});

Deno.test("Peers wait longer after each dial that failed, two seconds at most", () => {
  const delays = [1, 2, 3, 6, 7, 100].map((it) => redialDelayMs(it, 0));
  assertEquals(delays, [50, 100, 200, 1_600, 2_000, 2_000]);
  assertEquals(redialDelayMs(1, 0.5), 37.5);
  assert(redialDelayMs(2_000, 0.999) > 1_000);
});

Deno.test("Backoff.afterMs() begins anew after a link that lived long, whoever opened it", () => {
  const backoff = new Backoff();
  const after = (...tookMs: number[]) =>
    tookMs.map((ms) => backoff.afterMs(ms, 0));
  assertEquals(after(3, 3, 3, 3, 3, 3, 3), [
    50,
    100,
    200,
    400,
    800,
    1_600,
    2_000,
  ]);
  assertEquals(after(60_000, 3, 3), [0, 50, 100]);
  assertEquals(after(1_999, 2_000, 0), [200, 0, 50]);
});

Deno.test("Peers tell once, and with a count, that they are linked already", async () => {
  using listener = listen();
  const { port } = listener.addr;
  const told: unknown[] = [];
  const running = await start({
    neighbours: [{ name: "Bolden", hostname: "127.0.0.1", port }],
    log: {
      ...SILENT_LOG,
      info: (event, { why, count } = {}) =>
        event === "handshake-dropped" && told.push([why, count]),
    },
  });
  {
    await using _running = running;
    using _link = await answerAs("Bolden", listener);
    await running.events.when("link-up");
    for (let i = 0; i < 5; i++) {
      using wire = await Wire.open(running.server.port);
      await wire.send(`PEER 1 Bolden Alford ${nonce()}\n`);
      assertEquals(await wire.rest(), "");
    }
    assertEquals(told, [["linked already", 1]]);
  }
  assertEquals(told, [["linked already", 1], ["linked already", 4]]);
});

Deno.test("Peers serve clients though a neighbour takes nothing", async () => {
  await using running = await start({
    neighbours: [{ name: "Bolden", ...DEAD }],
    limits: { clientBytesMax: 65_536 },
  });
  const { server } = running;
  using _frozen = await linkAs("Bolden", server);
  await running.events.when("link-up");
  using client = await Wire.open(server.port);
  // Far more than two sockets hold.
  const id = "x".repeat(60_000);
  for (let i = 0; i < 300; i++) {
    await client.ask(`IAMAT ${id}${i} +34-118 ${i}`);
  }
  await until("updates to queue", () => server.stats().queued > 0);
  assertEquals(server.stats().records, 300);
});

Deno.test("Peers dial a neighbour at its new address, and once", async () => {
  using before = listen();
  using after = listen();
  await using running = await start({
    neighbours: [bolden(before.addr.port)],
  });
  const { server, events } = running;
  using old = await answerAs("Bolden", before);
  await events.when("link-up");
  assertEquals(await server.redial("Bolden", "moved"), false);
  server.readdress(bolden(after.addr.port));
  assertEquals(server.linked(), ["Bolden"]);
  assertEquals(await server.redial("Bolden", "moved"), true);
  assertEquals((await events.when("link-down")).why, "moved");
  await old.rest();
  using fresh = await answerAs("Bolden", after);
  await events.when("link-up", 2);
  assertEquals(await server.redial("Bolden", "moved"), false);
  await fresh.send("SYNC 0 0000000000000000\n");
  assertThrows(
    () => server.readdress({ ...bolden(1), name: "Parker" }),
    RangeError,
    "no neighbour",
  );
});

Deno.test("Peers.redial() gives up a dial whose handshake is not over, and no dial that is", async () => {
  using before = listen();
  using after = listen();
  await using running = await start({
    neighbours: [bolden(before.addr.port)],
    // What is given up does not wait for these.
    limits: { handshakeLineMsMax: 600_000, handshakeMsMax: 600_000 },
  });
  const { server, events } = running;
  using old = new Wire(await before.accept());
  assertMatch(await old.line() ?? "", /^PEER 1 Alford Bolden /);
  server.readdress(bolden(after.addr.port));
  const redialled = soon(
    "the old dial's end",
    server.redial("Bolden", "moved"),
  );
  assertEquals(await redialled, true);
  await old.rest();
  // Nor is a dial given up that has come to its end by itself.
  const fresh = await answerAs("Bolden", after);
  await events.when("link-up");
  after.close();
  fresh.close();
  await events.when("link-down");
  using _linked = await linkAs("Bolden", server);
  await events.when("link-up", 2);
  server.readdress(bolden(before.addr.port));
  assertEquals(await server.redial("Bolden", "moved"), false);
  assertEquals(server.linked(), ["Bolden"]);
});

Deno.test("Peers dial nobody whose own dial has made the link, the second time too", async () => {
  using listener = listen();
  const { port } = listener.addr;
  await using running = await start({
    // Of two dials that cross, it keeps the other one's.
    name: "Bolden",
    neighbours: [{ name: "Alford", hostname: "127.0.0.1", port }],
  });
  const { server, events } = running;
  let dials = 0;
  const accepting = (async () => {
    for await (const conn of listener) {
      dials++;
      conn.close();
    }
  })();
  for (let round = 1; round <= 2; round++) {
    await until("a dial", () => dials > 0);
    using linked = await linkAs("Alford", server);
    await events.when("link-up", round);
    await linked.send("SYNC 0 0000000000000000\n");
    // One may be on its way since before; then there is none.
    dials = 0;
    for (let i = 0; i < 20; i++) {
      // However long this takes, the link is not silent.
      await linked.send("PING 1\n");
      await serveALot(server.port);
    }
    assert(dials <= 1, `${dials} dials while linked`);
    dials = 0;
    linked.close();
    await events.when("link-down", round);
  }
  listener.close();
  await accepting;
});
