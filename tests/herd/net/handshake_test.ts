/**
 * Who may open a link, over a real socket.
 *
 * @module
 */
import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { DEFAULT_LIMITS } from "../../../herd/core/limits.ts";
import { checkSecret, freshSecret } from "../../../herd/net/handshake.ts";
import { type LogFields, SILENT_LOG } from "../../../herd/net/log.ts";
import type { ServerOptions } from "../../../herd/net/server_options.ts";
import {
  answerAs,
  Events,
  linkAs,
  nonce,
  proof,
  quick,
  type Running,
  soon,
  start,
  Wire,
} from "./support.ts";

/** Alford, with a neighbour Bolden that the tests play. */
function startAlford(options: Partial<ServerOptions> = {}): Promise<Running> {
  const neighbours = [{ name: "Bolden", hostname: "127.0.0.1", port: 1 }];
  return start({ neighbours, ...options });
}

/** PEER sent, CHAL received: an exchange that lacks its proof. */
async function introduce(running: Running, from = "Bolden") {
  const wire = await Wire.open(running.server.port);
  const nonceA = nonce();
  const chal = await wire.ask(`PEER 1 ${from} Alford ${nonceA}`);
  assertMatch(chal, /^CHAL 1 [0-9a-f]{32}$/);
  return {
    wire,
    exchange: { from, to: "Alford", nonceA, nonceB: chal.split(" ")[2]! },
  };
}

async function assertRefused(wire: Wire, line: string): Promise<void> {
  await wire.send(line + "\nIAMAT kiwi +34-118 5\n");
  assertEquals(await wire.rest(), `? ${line}\n`);
}

Deno.test("Server links a neighbour that proves itself, and proves itself too", async () => {
  await using running = await startAlford();
  const { server, events } = running;
  using wire = await linkAs("Bolden", server);
  assertEquals(await events.when("link-up"), {
    kind: "link-up",
    peer: "Bolden",
  });
  assertEquals(await wire.line(), "SYNC 0 0000000000000000");
  assertEquals(server.linked(), ["Bolden"]);
  assertEquals(server.stats().clients, 0);
  wire.close();
  assertEquals(await events.when("link-down"), {
    kind: "link-down",
    peer: "Bolden",
    why: "connection lost",
  });
});

Deno.test("Server logs the lines of a link with the neighbour's name", async () => {
  const logged: [string, LogFields | undefined][] = [];
  const log = {
    ...SILENT_LOG,
    lines: true,
    info: (event: string, fields?: LogFields) =>
      void logged.push([event, fields]),
  };
  await using running = await startAlford({ log });
  using wire = await linkAs("Bolden", running.server);
  assertEquals(await wire.line(), "SYNC 0 0000000000000000");
  await wire.send("SYNC 0 0000000000000000\nPING 7\n");
  while (await wire.line() !== "PONG 7");
  const line = "SYNC 0 0000000000000000";
  assertEquals(
    logged.filter(([event]) => event.startsWith("line-")).slice(-2),
    [
      ["line-out", { peer: "Bolden", line }],
      ["line-in", { peer: "Bolden", line }],
    ],
  );
});

Deno.test("Server refuses a PEER line that is none of its neighbours'", async () => {
  await using running = await startAlford();
  const lines = [
    `PEER 1 Powell Alford ${nonce()}`,
    `PEER 1 Alford Alford ${nonce()}`,
    `PEER 1 Bolden Powell ${nonce()}`,
    `PEER 1 __proto__ Alford ${nonce()}`,
    `PEER 2 Bolden Alford ${nonce()}`,
    `PEER 1 Bolden Alford ${nonce()}0`,
    `PEER 1 Bolden Alford ${"X".repeat(32)}`,
    `PEER 1 Bolden  Alford ${nonce()}`,
    `PEER 1 Bolden Alford`,
    "PEER 1",
    `PEER ${"x".repeat(60_000)}`,
  ];
  for (const line of lines) {
    using wire = await Wire.open(running.server.port);
    await assertRefused(wire, line);
  }
  assertEquals(running.events.all, []);
  assertEquals(running.server.records(), []);
});

Deno.test("Server answers '?' to PEER from a client that has spoken before", async () => {
  await using running = await startAlford();
  using wire = await Wire.open(running.server.port);
  assertEquals(await wire.ask("x"), "? x");
  const peer = `PEER 1 Bolden Alford ${nonce()}`;
  assertEquals(await wire.ask(peer), `? ${peer}`);
  assertEquals(await wire.ask("y"), "? y");
});

Deno.test("Server refuses a wrong proof", async () => {
  await using running = await startAlford();
  const { server, events } = running;
  const forgeries: [
    string,
    (exchange: Parameters<typeof proof>[1]) => string,
  ][] = [
    ["of another secret", (it) => proof("init", it, "00".repeat(32))],
    ["of the other role", (it) => proof("resp", it)],
    [
      "of the names swapped",
      (it) => proof("init", { ...it, from: it.to, to: it.from }),
    ],
    ["of other nonces", (it) => proof("init", { ...it, nonceB: nonce() })],
    [
      "of the nonces swapped",
      (it) => proof("init", { ...it, nonceA: it.nonceB, nonceB: it.nonceA }),
    ],
    ["that is shorter", (it) => proof("init", it).slice(2)],
    ["in capitals", (it) => proof("init", it).toUpperCase()],
    ["that is no hex", () => "g".repeat(64)],
    ["that is nothing", () => ""],
  ];
  for (const [, forge] of forgeries) {
    const { wire, exchange } = await introduce(running);
    await assertRefused(wire, `PROOF ${forge(exchange)}`);
    wire.close();
  }
  for (
    const line of ["SYNC 0 0000000000000000", "IAMAT kiwi +34-118 5", "", "AT"]
  ) {
    const { wire } = await introduce(running);
    await assertRefused(wire, line);
    wire.close();
  }
  assertEquals(events.all, []);
  assertEquals(server.linked(), []);
  assertEquals(server.records(), []);
});

Deno.test("Server refuses a handshake that is replayed", async () => {
  await using running = await startAlford();
  const { wire: first, exchange } = await introduce(running);
  const line = `PROOF ${proof("init", exchange)}`;
  assertEquals(await first.ask(line), `PEEROK ${proof("resp", exchange)}`);
  first.close();
  await running.events.when("link-down");
  using second = await Wire.open(running.server.port);
  await second.send(`PEER 1 Bolden Alford ${exchange.nonceA}\n`);
  await second.line();
  await assertRefused(second, line);
});

Deno.test("Server is not made to prove itself to itself", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  await using running = await start({
    name: "Powell",
    neighbours: [{ name: "Bolden", hostname: "127.0.0.1", port }],
  });
  // Powell dials; what it asks is asked of Powell itself.
  using dialled = new Wire(await listener.accept());
  const [, , , , nonceA] = (await dialled.line()).split(" ");
  using mirror = await Wire.open(running.server.port);
  const chal = await mirror.ask(`PEER 1 Bolden Powell ${nonceA}`);
  const mirrored = await dialled.ask(chal);
  assertMatch(mirrored, /^PROOF /);
  await assertRefused(mirror, mirrored);
  await dialled.send(mirrored.replace("PROOF", "PEEROK") + "\n");
  assertEquals(await dialled.rest(), "");
  const { why } = await running.events.when("link-refused");
  assertEquals(why, "wrong proof");
  assertEquals(running.server.linked(), []);
});

Deno.test("Server refuses the one it dialled if that gives no challenge or no proof", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const events = new Events();
  const warnings: [string, LogFields | undefined][] = [];
  await using _running = await start({
    neighbours: [{ name: "Bolden", hostname: "127.0.0.1", port }],
    onEvent: events.add,
    // It waits longer from dial to dial.
    platform: quick(4),
    log: {
      ...SILENT_LOG,
      warn: (event, fields) => void warnings.push([event, fields]),
    },
  });
  const answers = [
    ["HTTP/1.1 400 Bad Request"],
    ["? PEER"],
    ["CHAL 1 0"],
    [`CHAL 1 ${nonce()}`, `PEEROK ${"0".repeat(64)}`],
    [`CHAL 1 ${nonce()}`, "? PROOF"],
  ];
  const whys: string[] = [];
  for (const [number, lines] of answers.entries()) {
    using wire = new Wire(await listener.accept());
    for (const line of lines) {
      await wire.line();
      await wire.send(line + "\n");
    }
    assertEquals(await wire.rest(), "");
    const refused = await events.when("link-refused", number + 1);
    assertEquals(refused.answer, lines.at(-1));
    assertEquals(refused.failures, number + 1);
    whys.push(refused.why);
  }
  assertEquals(whys, [
    "no challenge",
    "no challenge",
    "no challenge",
    "wrong proof",
    "wrong proof",
  ]);
  assertEquals(
    warnings.map(([event, fields]) => [event, fields?.["line"]]),
    [["link-refused", "HTTP/1.1 400 Bad Request"]],
    "The others are told a minute later, as one",
  );
  using wire = await answerAs("Bolden", listener);
  assertEquals(await wire.line(), "SYNC 0 0000000000000000");
  assertEquals(events.all.at(-1), { kind: "link-up", peer: "Bolden" });
});

Deno.test("Server closes the oldest of too many handshakes, and admits a neighbour", async () => {
  await using running = await startAlford({
    limits: { handshakesMax: 3 },
    platform: quick(5),
  });
  const pending = [];
  for (let i = 0; i < 3; i++) pending.push(await introduce(running));
  const fourth = await introduce(running);
  assertEquals(await pending[0]!.wire.rest(), "", "The oldest has made room");
  const { wire, exchange } = fourth;
  assertEquals(
    await wire.ask(`PROOF ${proof("init", exchange)}`),
    `PEEROK ${proof("resp", exchange)}`,
  );
  for (const { wire } of [...pending, fourth]) wire.close();
});

Deno.test("Server keeps a place for each neighbour, whoever claims to be another", async () => {
  const at = { hostname: "127.0.0.1", port: 1 };
  await using running = await startAlford({
    limits: { handshakesMax: 2 },
    neighbours: [{ name: "Bolden", ...at }, { name: "Powell", ...at }],
  });
  const powell = await introduce(running, "Powell");
  const others = [];
  for (let i = 0; i < 5; i++) others.push(await introduce(running));
  const { wire, exchange } = powell;
  assertEquals(
    await wire.ask(`PROOF ${proof("init", exchange)}`),
    `PEEROK ${proof("resp", exchange)}`,
  );
  for (const { wire } of [...others, powell]) wire.close();
});

Deno.test("Server has a place again after many handshakes that were refused", async () => {
  await using running = await startAlford();
  for (let i = 0; i < 2 * DEFAULT_LIMITS.handshakesMax; i++) {
    const { wire } = await introduce(running);
    await assertRefused(wire, `PROOF ${"0".repeat(64)}`);
    wire.close();
  }
  // None of those is in the way, so none has to make room.
  const pending = [];
  for (let i = 0; i < DEFAULT_LIMITS.handshakesMax; i++) {
    pending.push(await introduce(running));
  }
  for (const { wire, exchange } of pending) {
    assertEquals(
      await wire.ask(`PROOF ${proof("init", exchange)}`),
      `PEEROK ${proof("resp", exchange)}`,
    );
  }
  for (const { wire } of pending) wire.close();
});

Deno.test("Server links a neighbour beside a crowd of half-open handshakes in its name", async () => {
  // Of so many neighbours each has a share of one, and these can't be dialled.
  const neighbours = [
    "Bolden",
    ...Array.from({ length: 23 }, (_, i) => `s${i}`),
  ]
    .map((name) => ({ name, hostname: "127.0.0.1", port: 1 }));
  await using running = await startAlford({ neighbours });
  const { server, events } = running;
  using crowd = new Crowd(600, server.port);
  await crowd.gathered();
  await using bolden = await start({
    name: "Bolden",
    neighbours: [{ name: "Alford", hostname: "127.0.0.1", port: server.port }],
  });
  const beganMs = performance.now();
  const linked = [bolden.events, events].map((it) => it.when("link-up"));
  await soon("a link", Promise.all(linked), 30_000);
  const tookMs = Math.round(performance.now() - beganMs);
  console.log(`Linked beside 600 half-open handshakes after ${tookMs} ms`);
  await server.stop();
  await crowd.dispersed();
});

/**
 * Connections that introduce themselves as Bolden and never prove it: one is
 * opened for each that is closed.
 */
class Crowd implements Disposable {
  readonly #all: Promise<void>[];
  readonly #gathered = Promise.withResolvers<void>();
  readonly #size: number;
  readonly #port: number;
  #opened = 0;
  #isOver = false;

  constructor(size: number, port: number) {
    this.#size = size;
    this.#port = port;
    this.#all = Array.from({ length: size }, (_, i) => this.#push(i));
  }

  async #push(number: number): Promise<void> {
    while (!this.#isOver) {
      try {
        using wire = await Wire.open(this.#port);
        await wire.send(`PEER 1 Bolden Alford ${nonce()}\n`);
        if (++this.#opened === this.#size) this.#gathered.resolve();
        if (number % 2 === 0) await wire.send("PRO");
        await wire.rest();
      } catch {
        // It was closed: so another one.
      }
    }
  }

  /** Resolves when as many have come as there is place in the crowd. */
  gathered(): Promise<void> {
    return soon("a crowd", this.#gathered.promise);
  }

  /** Resolves, once the server has been stopped, when all have gone. */
  async dispersed(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#all);
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
  }
}

Deno.test("Server closes a handshake whose next line, or whose end, does not come in time", async () => {
  const cases = [
    { handshakeLineMsMax: 50, handshakeMsMax: 60_000 },
    { handshakeLineMsMax: 60_000, handshakeMsMax: 50 },
  ];
  for (const limits of cases) {
    await using running = await startAlford({ limits });
    const { wire } = await introduce(running);
    await wire.send("PROOF ");
    assertEquals(await wire.rest(), "");
    wire.close();
    using again = await linkAs("Bolden", running.server);
    assertEquals(await again.line(), "SYNC 0 0000000000000000");
  }
});

Deno.test("Server tells which line of a handshake it waited for in vain", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const logged: [string, LogFields | undefined][] = [];
  await using running = await startAlford({
    neighbours: [{ name: "Bolden", hostname: "127.0.0.1", port }],
    limits: { handshakeLineMsMax: 100 },
    log: {
      ...SILENT_LOG,
      info: (event, fields) => void logged.push([event, fields]),
    },
  });
  const answers = [[], [`CHAL 1 ${nonce()}`]];
  for (const [number, lines] of answers.entries()) {
    using wire = new Wire(await listener.accept());
    for (const line of lines) {
      await wire.line();
      await wire.send(line + "\n");
    }
    await wire.rest();
    const { why, failures } = await running.events.when(
      "dial-failed",
      number + 1,
    );
    assertEquals([why, failures], [
      `no ${number === 0 ? "challenge" : "proof"} within 100 ms`,
      number + 1,
    ]);
  }
  using _wire = await answerAs("Bolden", listener);
  await running.events.when("link-up");
  const failed = logged.filter(([event]) => event === "dial-failed");
  assertEquals(
    failed.map(([, fields]) => fields?.["why"]),
    ["no challenge within 100 ms"],
    "The others are told a minute later, as one",
  );
});

Deno.test("checkSecret() wants 64 hex digits or more", () => {
  checkSecret(freshSecret());
  checkSecret("aA".repeat(40));
  for (
    const secret of ["", "a".repeat(63), "a".repeat(65), "x".repeat(64)]
  ) {
    assertThrows(() => checkSecret(secret), RangeError, "64 hex digits");
  }
});
