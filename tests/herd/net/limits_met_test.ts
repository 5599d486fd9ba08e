/**
 * Every limit as a client or a neighbour meets it, and what the log tells then.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { LIMIT_KEYS, LIMITS, type Limits } from "../../../herd/core/limits.ts";
import { type LogFields, SILENT_LOG } from "../../../herd/net/log.ts";
import type { ServerOptions } from "../../../herd/net/server_options.ts";
import {
  freePort,
  linkAs,
  nonce,
  quick,
  type Running,
  start,
  STILL,
  until,
  Wire,
} from "./support.ts";

/** How a limit is met. */
interface Meeting {
  readonly limits: Partial<Limits>;
  readonly options?: Partial<ServerOptions>;
  /** Meets it; what it gives is closed at the end. */
  readonly meet: (running: Running) => Promise<Wire[]>;
}

const NEIGHBOUR: Partial<ServerOptions> = {
  neighbours: [{ name: "Bolden", hostname: "127.0.0.1", port: freePort() }],
};

/** Sends a text and reads no reply. */
function sending(
  ...texts: string[]
): (running: Running) => Promise<Wire[]> {
  return async ({ server }) => {
    const wires: Wire[] = [];
    for (const text of texts) {
      const wire = await Wire.open(server.port);
      wires.push(wire);
      await wire.send(text);
    }
    return wires;
  };
}

/** Sends lines without end, as long as they are taken, and reads nothing. */
async function flooding({ server }: Running): Promise<Wire[]> {
  const wire = await Wire.open(server.port);
  wire.send("x\n".repeat(8_000_000)).catch(() => "It is closed at last");
  return await Promise.resolve([wire]);
}

const PEER = () => `PEER 1 Bolden Alford ${nonce()}\n`;

/** Has the herd asked while a neighbour does not answer. */
async function querying(running: Running): Promise<Wire[]> {
  const bolden = await linkAs("Bolden", running.server);
  await until("the link", () => running.server.linked().length === 1);
  const [client] = await sending("WHATSAT a 1 1\nWHATSAT b 1 1\n")(running);
  return [bolden, client!];
}

/** A places service that never answers. */
const SILENT_PLACES: Partial<ServerOptions> = {
  places: { base: `http://127.0.0.1:${freePort()}`, key: "k" },
};

const MEETINGS: Readonly<Record<keyof Limits, Meeting>> = {
  lineBytesMax: {
    limits: { lineBytesMax: 256 },
    meet: sending("x".repeat(300)),
  },
  clientBytesMax: {
    limits: { clientBytesMax: 1 },
    meet: sending("IAMAT two +1-1 1\n"),
  },
  clientsMax: {
    limits: { clientsMax: 0 },
    meet: sending("IAMAT a +1-1 1\n"),
  },
  recordBytesMax: {
    limits: { recordBytesMax: 0 },
    meet: sending("IAMAT a +1-1 1\n"),
  },
  futureMsMax: {
    limits: { futureMsMax: 1_000 },
    meet: sending("IAMAT a +1-1 1700000001.000000001\n"),
  },
  connectionsMax: {
    limits: { connectionsMax: 1 },
    meet: sending("x\n", "x\n"),
  },
  firstLineMsMax: { limits: { firstLineMsMax: 30 }, meet: sending("IAMAT") },
  idleMsMax: { limits: { idleMsMax: 30 }, meet: sending("x\nIAMAT") },
  inputTotalBytesMax: {
    limits: { inputTotalBytesMax: 1 },
    meet: sending("x".repeat(20_000)),
  },
  unsentBytesMax: { limits: { unsentBytesMax: 1 }, meet: flooding },
  unsentTotalBytesMax: { limits: { unsentTotalBytesMax: 1 }, meet: flooding },
  unsentStallMsMax: {
    limits: { unsentBytesMax: 1, unsentStallMsMax: 30 },
    meet: flooding,
  },
  lookupsPerConnectionMax: {
    limits: { lookupsPerConnectionMax: 1 },
    options: SILENT_PLACES,
    meet: sending("IAMAT a +1-1 1\nWHATSAT a 1 1\nWHATSAT a 2 2\n"),
  },
  turnMsMax: { limits: { turnMsMax: 1 }, meet: flooding },
  handshakesMax: {
    limits: { handshakesMax: 1 },
    // Who came first has a second.
    options: { ...NEIGHBOUR, platform: quick(10) },
    meet: sending(PEER(), PEER()),
  },
  handshakeLineMsMax: {
    limits: { handshakeLineMsMax: 30 },
    options: NEIGHBOUR,
    meet: sending(PEER()),
  },
  handshakeMsMax: {
    limits: { handshakeMsMax: 30 },
    options: NEIGHBOUR,
    meet: sending(PEER()),
  },
  durableMsMax: {
    limits: { durableMsMax: 30 },
    options: { ...NEIGHBOUR, durable: "peer" },
    meet: sending("IAMAT kiwi +34.07-118.44 1\n"),
  },
  queryMsMax: {
    limits: { queryMsMax: 30 },
    options: { ...NEIGHBOUR, mode: "ondemand" },
    meet: querying,
  },
  queriesMax: {
    limits: { queriesMax: 1 },
    options: { ...NEIGHBOUR, mode: "ondemand" },
    meet: querying,
  },
};

for (const key of LIMIT_KEYS) {
  const { event } = LIMITS[key];
  Deno.test(`Server tells in its log that ${key} is met: ${event}`, async () => {
    const { limits, options, meet } = MEETINGS[key];
    const told: [event: string, fields: LogFields][] = [];
    const tell = (event: string, fields: LogFields = {}) =>
      void told.push([event, fields]);
    await using running = await start({
      platform: STILL,
      limits,
      ...options,
      log: { ...SILENT_LOG, info: tell, warn: tell, error: tell },
    });
    const wires = await meet(running);
    const its = () => told.filter(([name]) => name === event);
    try {
      await until(`${event} in the log`, () => its().length > 0);
    } finally {
      for (const wire of wires) wire.close();
    }
    // Whatever else is met of the same kind is told later, with a count.
    assertEquals(its().map(([, { count }]) => count), [1]);
  });
}

Deno.test("Server closes a client that has sent no line for idleMsMax, and no other", async () => {
  await using running = await start({ limits: { idleMsMax: 1_000 } });
  const { port } = running.server;
  using busy = await Wire.open(port);
  using idle = await Wire.open(port);
  assertEquals(await idle.ask("x"), "? x");
  using drip = await Wire.open(port);
  assertEquals(await drip.ask("x"), "? x");
  let isOver = false;
  const rest = idle.rest().finally(() => isOver = true);
  while (!isOver) {
    assertEquals(await busy.ask("x"), "? x");
    // Bytes that are no line do not count.
    await drip.send("y").catch(() => "It is closed by now");
  }
  assertEquals(await rest, "");
  assertEquals(await drip.rest(), "");
  assertEquals(await busy.ask("x"), "? x");
});

Deno.test("Server takes a time up to futureMsMax ahead, and tells of one a day ahead that it takes", async () => {
  const platform = STILL;
  await using strict = await start({
    platform,
    limits: { futureMsMax: 60_000 },
  });
  using wire = await Wire.open(strict.server.port);
  const at = (time: string) => `IAMAT kiwi +1-1 ${time}`;
  for (const time of ["1700000060.000001", "1700000061", "9".repeat(40)]) {
    assertEquals(await wire.ask(at(time)), `? ${at(time)}`);
  }
  for (const time of ["1700000060", "-5", "1"]) {
    assertStringIncludes(await wire.ask(at(time)), "AT Alford ");
  }
  assertEquals(strict.events.of("time-ahead"), []);

  await using usual = await start({ platform });
  using other = await Wire.open(usual.server.port);
  for (const time of ["1700086400", "1700259200", "9".repeat(40)]) {
    assertStringIncludes(await other.ask(at(time)), "AT Alford ");
  }
  // The first is a day ahead and no more; the third is told later, with a count.
  assertEquals(usual.events.of("time-ahead"), [
    { kind: "time-ahead", client: "kiwi", aheadMs: 3 * 86_400_000 },
  ]);
});

Deno.test("Server takes any time from a neighbour", async () => {
  await using running = await start({
    ...NEIGHBOUR,
    platform: STILL,
    limits: { futureMsMax: 0 },
  });
  const { server } = running;
  using bolden = await linkAs("Bolden", server);
  const at = "AT Bolden -9.000000000 kiwi +34-118 9999999999";
  await bolden.send(`${at} Bolden\n`);
  await server.whenHeld(at);
  assertEquals(running.events.of("time-ahead"), []);
});
