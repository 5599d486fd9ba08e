/**
 * The limits of a server, and replies that must wait for places.
 *
 * @module
 */
import { denoPlatformBy } from "../../../herd/net/deno_platform.ts";
import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  freePort,
  linkAs,
  nonce,
  SetClock,
  soon,
  start,
  STILL,
  until,
  Wire,
} from "./support.ts";

const EMPTY = '{"html_attributions":[],"results":[],"status":"ZERO_RESULTS"}';

/** A places service that answers when it is told to. */
class Places implements AsyncDisposable {
  readonly #gates = new Map<string, PromiseWithResolvers<void>>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #stopping = Promise.withResolvers<void>();
  readonly asked: string[] = [];

  constructor() {
    const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
    this.#server = Deno.serve(options, async (request) => {
      const radius = new URL(request.url).searchParams.get("radius")!;
      this.asked.push(radius);
      await Promise.race([this.#gate(radius).promise, this.#stopping.promise]);
      return new Response(EMPTY.replace("[]", `["${radius}"]`));
    });
  }

  get options() {
    return { base: `http://127.0.0.1:${this.#server.addr.port}`, key: "k" };
  }

  #gate(radius: string) {
    const gate = this.#gates.get(radius) ?? Promise.withResolvers<void>();
    this.#gates.set(radius, gate);
    return gate;
  }

  /** Answers those who ask, or will ask, for this radius. */
  answer(radiusKm: number): void {
    this.#gate(String(radiusKm * 1_000)).resolve();
  }

  async [Symbol.asyncDispose]() {
    this.#stopping.resolve();
    await this.#server.shutdown();
  }
}

const KIWI = "IAMAT kiwi +34-118 1699999999";
const KIWI_AT = "AT Alford +1.000000000 kiwi +34-118 1699999999";

function reply(radiusKm: number): string {
  return `${KIWI_AT}\n${EMPTY.replace("[]", `["${radiusKm * 1_000}"]`)}\n\n`;
}

Deno.test("Server keeps the order of replies when a WHATSAT waits", async () => {
  await using places = new Places();
  await using running = await start({
    places: places.options,
    platform: STILL,
  });
  using wire = await Wire.open(running.server.port);
  using other = await Wire.open(running.server.port);
  await wire.send(
    `${KIWI}\nWHATSAT kiwi 1 5\nBAD\nWHATSAT kiwi 2 5\n${KIWI}\n`,
  );
  assertEquals(await wire.line(), KIWI_AT);
  places.answer(2);
  await until("both to be asked", () => places.asked.length === 2);
  assertEquals(await other.ask("x"), "? x");
  assertEquals(running.server.stats().whatsat, 2);
  places.answer(1);
  await wire.closeWrite();
  assertEquals(
    await wire.rest(),
    `${reply(1)}? BAD\n${reply(2)}${KIWI_AT}\n`,
  );
});

Deno.test("Server sends nothing past a WHATSAT that waits", async () => {
  await using places = new Places();
  await using running = await start({
    places: places.options,
    platform: STILL,
  });
  using wire = await Wire.open(running.server.port);
  using other = await Wire.open(running.server.port);
  assertEquals(await wire.ask(KIWI), KIWI_AT);
  await wire.send("WHATSAT kiwi 1 5\nBAD\n");
  await until("it to be asked", () => places.asked.length === 1);
  let first: string | undefined;
  const reading = wire.chunk().then((chunk) => first = chunk);
  for (let i = 0; i < 100; i++) assertEquals(await other.ask("x"), "? x");
  assertEquals(first, undefined);
  places.answer(1);
  await reading;
  assertEquals(first, `${reply(1)}? BAD\n`, "All of it in one write");
});

Deno.test("Server reads no further at lookupsPerConnectionMax", async () => {
  await using places = new Places();
  await using running = await start({
    places: places.options,
    platform: STILL,
    // A lookup is no stall of the client.
    limits: { lookupsPerConnectionMax: 2, unsentStallMsMax: 1 },
  });
  const { server } = running;
  using wire = await Wire.open(server.port);
  using other = await Wire.open(server.port);
  await wire.send(KIWI + "\n");
  for (let km = 1; km <= 5; km++) await wire.send(`WHATSAT kiwi ${km} 5\n`);
  await wire.send("BAD\n");
  await until("two to be asked", () => places.asked.length === 2);
  for (let i = 0; i < 20; i++) assertEquals(await other.ask("x"), "? x");
  assertEquals(server.stats().whatsat, 2);
  assertEquals(await wire.line(), KIWI_AT, "What is ready is sent meanwhile");
  places.answer(2);
  for (let i = 0; i < 20; i++) assertEquals(await other.ask("x"), "? x");
  await until("the next to be asked", () => places.asked.length === 3);
  for (const km of [1, 3, 4, 5]) places.answer(km);
  await wire.closeWrite();
  assertEquals(
    await wire.rest(),
    [1, 2, 3, 4, 5].map(reply).join("") + "? BAD\n",
  );
});

Deno.test("Server tells the time anew after a command has waited", async () => {
  await using places = new Places();
  const clock = new SetClock();
  await using running = await start({
    places: places.options,
    platform: denoPlatformBy(clock),
    limits: { lookupsPerConnectionMax: 1 },
  });
  using wire = await Wire.open(running.server.port);
  await wire.send(`${KIWI}\nWHATSAT kiwi 1 5\n${KIWI}\n`);
  await until("it to be asked", () => places.asked.length === 1);
  clock.ms += 4_000;
  places.answer(1);
  assertEquals(await wire.line(), KIWI_AT);
  assertEquals(await wire.upTo("\n\n"), reply(1));
  assertEquals(await wire.line(), KIWI_AT.replace("+1.", "+5."));
});

Deno.test("Server starts no lookups for a client that has gone", async () => {
  await using places = new Places();
  await using running = await start({
    places: places.options,
    limits: { lookupsPerConnectionMax: 2 },
  });
  const { server } = running;
  const wire = await Wire.open(server.port);
  await wire.ask(KIWI);
  let lines = "";
  for (let km = 1; km <= 40; km++) lines += `WHATSAT kiwi ${km} 5\n`;
  await wire.send(lines);
  await until("two to be asked", () => places.asked.length === 2);
  wire.close();
  await server.stop();
  assertEquals(server.stats().whatsat, 2);
});

Deno.test("Server serves connectionsMax clients, and closes a further one as soon as it speaks", async () => {
  await using running = await start({ limits: { connectionsMax: 2 } });
  const { port } = running.server;
  const first = await Wire.open(port);
  assertEquals(await first.ask("x"), "? x");
  using second = await Wire.open(port);
  assertEquals(await second.ask("x"), "? x");
  using third = await Wire.open(port);
  await third.send("x\n");
  assertEquals(await third.rest(), "");
  first.close();
  assertEquals(await second.ask("x"), "? x");
  await until("a free place", () => running.server.stats().clients === 1);
  using fourth = await Wire.open(port);
  assertEquals(await fourth.ask("x"), "? x");
});

Deno.test("Server that is full gives a connection that says nothing a handshake's time", async () => {
  const limits = { connectionsMax: 1, handshakeLineMsMax: 50 };
  await using running = await start({ limits });
  const { port } = running.server;
  using client = await Wire.open(port);
  assertEquals(await client.ask("x"), "? x");
  using silent = await Wire.open(port);
  assertEquals(await silent.rest(), "");
  assertEquals(await client.ask("x"), "? x");
});

Deno.test("Server closes the oldest connection that says nothing, for one that comes", async () => {
  const limits = { connectionsMax: 1, handshakesMax: 2 };
  await using running = await start({ limits });
  const { port } = running.server;
  const silent: Wire[] = [];
  for (let i = 0; i < 3; i++) silent.push(await Wire.open(port));
  for (let i = 0; i < 2; i++) {
    const wire = await Wire.open(port);
    assertEquals(await wire.ask("x"), "? x");
    using oldest = silent.shift()!;
    assertEquals(await oldest.rest(), "");
    wire.close();
    await until("it to be gone", () => running.server.stats().clients === 0);
    silent.push(await Wire.open(port));
  }
  for (const wire of silent) wire.close();
});

Deno.test("Server has a place again for each client that has gone", async () => {
  const limits = { connectionsMax: 1, handshakesMax: 1 };
  await using running = await start({ limits });
  const { server } = running;
  for (let time = 1; time <= 6; time++) {
    using client = await Wire.open(server.port);
    assertEquals(await client.ask("x"), "? x", `client ${time}`);
    client.close();
    await until("it to be gone", () => server.stats().clients === 0);
  }
});

Deno.test("Server closes the oldest of half-open handshakes, for one that comes", async () => {
  const limits = { connectionsMax: 2, handshakesMax: 2 };
  const neighbours = [{ name: "Bolden", hostname: "127.0.0.1", port: 1 }];
  await using running = await start({ limits, neighbours });
  const { server } = running;
  using link = await linkAs("Bolden", server);
  const halfOpen: Wire[] = [];
  for (let i = 0; i < 4; i++) {
    const wire = await Wire.open(server.port);
    await wire.ask(`PEER 1 Bolden Alford ${nonce()}`);
    halfOpen.push(wire);
  }
  using client = await Wire.open(server.port);
  assertEquals(await client.ask("x"), "? x");
  assertEquals(await halfOpen[0]!.rest(), "");
  // Who has proved itself makes no room.
  assertEquals(await link.line(), "SYNC 0 0000000000000000");
  for (const wire of halfOpen) wire.close();
});

Deno.test("Server never closes a client that has spoken, for one that comes", async () => {
  const limits = { connectionsMax: 1, handshakesMax: 1 };
  await using running = await start({ limits });
  const { port } = running.server;
  using client = await Wire.open(port);
  assertEquals(await client.ask("x"), "? x");
  let oldest = await Wire.open(port);
  for (let i = 0; i < 3; i++) {
    const next = await Wire.open(port);
    assertEquals(await oldest.rest(), "");
    assertEquals(await client.ask("x"), "? x");
    oldest.close();
    oldest = next;
  }
  oldest.close();
});

Deno.test("Server waits firstLineMsMax for a first line, and longer for others", async () => {
  await using running = await start({ limits: { firstLineMsMax: 50 } });
  const { port } = running.server;
  using patient = await Wire.open(port);
  assertEquals(await patient.ask("x"), "? x");
  using silent = await Wire.open(port);
  using slow = await Wire.open(port);
  await slow.send("IAMAT");
  assertEquals(await silent.rest(), "");
  assertEquals(await slow.rest(), "");
  assertEquals(await patient.ask("x"), "? x");
});

const NO_SERVICE = `{
   "error_message" : "The places service is not set: there is none to ask.",
   "html_attributions" : [],
   "results" : [],
   "status" : "UNKNOWN_ERROR"
}`;

Deno.test("Server gives the location, in one write with all else, where no places are to be had", async () => {
  for (const mode of ["flood", "ondemand"] as const) {
    await using running = await start({ platform: STILL, mode });
    using wire = await Wire.open(running.server.port);
    await wire.send(`${KIWI}\nWHATSAT kiwi 50 20\nWHATSAT x 1 1\n${KIWI}\n`);
    assertEquals(
      await wire.chunk(),
      `${KIWI_AT}\n${KIWI_AT}\n${NO_SERVICE}\n\n` +
        `? WHATSAT x 1 1\n${KIWI_AT}\n`,
    );
  }
});

Deno.test("Server answers no more questions than fit unsentBytesMax", async () => {
  await using running = await start({ platform: STILL });
  const { server } = running;
  using wire = await Wire.open(server.port);
  using other = await Wire.open(server.port);
  // A record a thousand times as long as the question.
  const long = `kiwi +34-118 1699999999.${"0".repeat(30_000)}`;
  assertEquals(
    await wire.ask(`IAMAT ${long}`),
    `AT Alford +1.000000000 ${long}`,
  );
  const questions = 2_000;
  await wire.send("WHATSAT kiwi 1 5\n".repeat(questions));
  for (let i = 0; i < 20; i++) assertEquals(await other.ask("x"), "? x");
  const answered = server.stats().whatsat;
  assert(answered > 0 && answered < questions / 2, `${answered} were answered`);
  await wire.closeWrite();
  const replies = (await wire.rest()).split("\n\n");
  assertEquals(replies.length, questions + 1);
  const reply = `AT Alford +1.000000000 ${long}\n${NO_SERVICE}`;
  assert(replies.slice(0, -1).every((it) => it === reply));
});

Deno.test("Server refuses a client's ID over clientBytesMax", async () => {
  await using running = await start({ limits: { clientBytesMax: 8 } });
  using wire = await Wire.open(running.server.port);
  const line = "IAMAT ninebytes +1-1 1";
  assertEquals(await wire.ask(line), `? ${line}`);
  assertMatch(await wire.ask("IAMAT 8__bytes +1-1 1"), /^AT /);
  assertEquals(running.server.stats().records, 1);
});

Deno.test("Server takes no new client from a client at clientsMax or recordBytesMax, but known ones", async () => {
  for (const limits of [{ clientsMax: 1 }, { recordBytesMax: 1 }]) {
    await using running = await start({ limits });
    using wire = await Wire.open(running.server.port);
    assertMatch(await wire.ask("IAMAT first +1-1 1"), /^AT /);
    const line = "IAMAT second +1-1 1";
    assertEquals(await wire.ask(line), `? ${line}`);
    assertMatch(await wire.ask("IAMAT first +1-1 2"), /^AT /);
    assertEquals(running.server.stats().stored, 2);
  }
});

Deno.test("Server takes new clients from a neighbour, whatever the limits", async () => {
  await using running = await start({
    neighbours: [{ name: "Bolden", hostname: "127.0.0.1", port: freePort() }],
    limits: { clientsMax: 0, recordBytesMax: 0, clientBytesMax: 1 },
  });
  const { server } = running;
  using wire = await Wire.open(server.port);
  assertEquals(await wire.ask("IAMAT a +1-1 1"), "? IAMAT a +1-1 1");
  using bolden = await linkAs("Bolden", server);
  const at = "AT Bolden +1.000000000 kiwi +34-118 1699999999";
  await bolden.send(`${at} Bolden\n`);
  await soon("the update", server.whenHeld(at));
});

Deno.test("Server reads those no further that have most unsent, at unsentTotalBytesMax", async () => {
  await using running = await start({
    platform: STILL,
    limits: { unsentTotalBytesMax: 65_536 },
  });
  const { server } = running;
  using greedy = await Wire.open(server.port);
  using other = await Wire.open(server.port);
  const long = `kiwi +34-118 1699999999.${"0".repeat(30_000)}`;
  await greedy.ask(`IAMAT ${long}`);
  const questions = 2_000;
  await greedy.send("WHATSAT kiwi 1 5\n".repeat(questions));
  for (let i = 0; i < 20; i++) assertEquals(await other.ask("x"), "? x");
  const answered = server.stats().whatsat;
  assert(answered > 0 && answered < questions / 2, `${answered} were answered`);
  await greedy.closeWrite();
  assertEquals((await greedy.rest()).split("\n\n").length, questions + 1);
});
