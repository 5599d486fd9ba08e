/**
 * Datagrams: lost, doubled, too long, too many.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { bytesOf, byteString } from "../../../../herd/core/bytes/bytes.ts";
import { Client } from "../../../../herd/net/client.ts";
import { SILENT_LOG } from "../../../../herd/net/log.ts";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import type {
  Address,
  DatagramSocket,
  Platform,
} from "../../../../herd/net/platform.ts";
import { isAnswerTo } from "../../../../herd/net/ways/datagram_client.ts";
import { datagramClients } from "../../../../herd/net/ways/datagrams.ts";
import { quick, soon, STILL, until } from "../support.ts";
import { LOCALHOST, startWithWays } from "./support.ts";

const KIWI = "IAMAT kiwi +34.068930-118.445127 1699999999.736126614";
const KIWI_AT =
  "AT Alford +0.263873386 kiwi +34.068930-118.445127 1699999999.736126614";

/** A port of datagrams, and what came to it. */
class Sender implements Disposable {
  readonly heard: string[] = [];
  readonly #socket: DatagramSocket;
  readonly #to: Address;

  private constructor(socket: DatagramSocket, to: Address) {
    this.#socket = socket;
    this.#to = to;
  }

  static async open(port: number): Promise<Sender> {
    const own = { hostname: LOCALHOST, port: 0 };
    const socket = await denoPlatform.network.bindDatagrams!(
      own,
      (bytes) => sender.heard.push(byteString(bytes)),
    );
    const sender = new Sender(socket, { hostname: LOCALHOST, port });
    return sender;
  }

  send(text: string): void {
    this.#socket.send(bytesOf(text), this.#to);
  }

  async answers(count: number): Promise<string[]> {
    await until(`${count} answers`, () => this.heard.length >= count);
    return this.heard;
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

/**
 * This machine, but for datagrams of clients: `pass` says how often each
 * arrives. They are soon sent again.
 */
function lossy(pass: (number: number) => number): Platform {
  const { network } = denoPlatform;
  let number = 0;
  return {
    ...quick(4),
    network: {
      ...network,
      async bindDatagrams(address, hear) {
        const socket = await network.bindDatagrams!(address, (bytes, from) => {
          for (let left = pass(number++); left > 0; left--) hear(bytes, from);
        });
        return {
          addr: socket.addr,
          close: () => socket.close(),
          send(bytes, to) {
            for (let left = pass(number++); left > 0; left--) {
              socket.send(bytes, to);
            }
          },
        };
      },
    },
  };
}

Deno.test("a datagram is a line, and each line has an answer of its own", async () => {
  await using running = await startWithWays();
  using sender = await Sender.open(running.ports.udp);
  sender.send(KIWI);
  sender.send(" \t");
  sender.send("");
  sender.send("WHATSAT kiwi 10 5\r\n");
  sender.send("ONE\nTWO");
  const [first, second, ...rest] = await sender.answers(4);
  assertEquals(first, `${KIWI_AT}\n`);
  assert(second!.startsWith(`${KIWI_AT}\n{`) && second!.endsWith("\n\n"));
  assertEquals(rest, ["? ONE\n", "? TWO\n"]);
});

Deno.test("a datagram that comes twice does no harm", async () => {
  await using running = await startWithWays();
  const { server } = running;
  using sender = await Sender.open(running.ports.udp);
  for (let times = 0; times < 3; times++) sender.send(KIWI);
  assertEquals(await sender.answers(3), Array(3).fill(`${KIWI_AT}\n`));
  assertEquals(server.records(), [KIWI_AT]);
});

Deno.test("an answer that is too long for a datagram tells where the client is", async () => {
  const results = Array.from(
    { length: 20 },
    () => ({ name: "x".repeat(9_000) }),
  );
  const text = JSON.stringify({ html_attributions: [], results, status: "OK" });
  const options = { hostname: LOCALHOST, port: 0, onListen() {} };
  await using places = Deno.serve(options, () => new Response(text));
  const base = `http://${LOCALHOST}:${places.addr.port}`;
  await using running = await startWithWays({ places: { base, key: "k" } });
  using sender = await Sender.open(running.ports.udp);
  sender.send(KIWI);
  sender.send("WHATSAT kiwi 10 20");
  sender.send("WHAT");
  const [, reply, next] = await sender.answers(3);
  const [line, ...body] = reply!.split("\n");
  assertEquals(line, KIWI_AT);
  assertMatch(JSON.parse(body.join("\n")).error_message, /too long/);
  assertEquals(next, "? WHAT\n");
});

Deno.test("datagrams of more clients than there is room for make room", async () => {
  const limits = { connectionsMax: 16 };
  await using running = await startWithWays({ limits });
  const senders: Sender[] = [];
  for (let at = 0; at < 12; at++) {
    const sender = await Sender.open(running.ports.udp);
    senders.push(sender);
    sender.send("WHAT");
    await sender.answers(1);
  }
  await until("room", () => running.server.stats().clients <= 2);
  // Who connects is served, however many come by datagrams.
  using wire = await running.open("tcp");
  assertEquals(await wire.ask("WHAT"), "? WHAT");
  for (const sender of senders) sender[Symbol.dispose]();
});

Deno.test("who asks by datagrams for what takes long leaves room for others", async () => {
  const answered = Promise.withResolvers<Response>();
  const options = { hostname: LOCALHOST, port: 0, onListen() {} };
  await using places = Deno.serve(options, () => answered.promise);
  const base = `http://${LOCALHOST}:${places.addr.port}`;
  const limits = { connectionsMax: 16 };
  const log = { ...SILENT_LOG, info: (event: string) => events.push(event) };
  const events: string[] = [];
  await using running = await startWithWays({
    places: { base, key: "k" },
    limits,
    log,
  });
  using first = await Sender.open(running.ports.udp);
  first.send(KIWI);
  await first.answers(1);
  const senders: Sender[] = [];
  for (let at = 0; at < 20; at++) {
    const sender = await Sender.open(running.ports.udp);
    senders.push(sender);
    sender.send("WHATSAT kiwi 10 20");
  }
  await until("a drop", () => events.includes("datagrams-full"));
  assert(running.server.stats().clients <= 4);
  using wire = await running.open("tcp");
  assertEquals(await wire.ask("WHAT"), "? WHAT");
  answered.resolve(new Response("{}"));
  await senders[0]!.answers(1);
  // Who was answered is closed, and makes room.
  await until("room", () => {
    if (first.heard.length === 1) first.send("WHAT");
    return first.heard.length > 1;
  });
  for (const sender of senders) sender[Symbol.dispose]();
});

Deno.test("who floods by datagrams keeps nobody from being served", async () => {
  await using running = await startWithWays();
  using flood = await Sender.open(running.ports.udp);
  for (let times = 0; times < 3_000; times++) flood.send("x".repeat(1_000));
  using wire = await running.open("tcp");
  assertEquals(await wire.ask(KIWI), KIWI_AT);
  using sender = await Sender.open(running.ports.udp);
  await until("an answer among the flood's", () => {
    if (sender.heard.length === 0) sender.send("WHAT");
    return sender.heard.includes("? WHAT\n");
  });
  await flood.answers(1);
  assert(flood.heard.every((it) => it === `? ${"x".repeat(1_000)}\n`));
});

Deno.test("a datagram from no port is carried out, and does no harm", async () => {
  const { network } = denoPlatform;
  const platform: Platform = {
    ...STILL,
    network: {
      ...network,
      bindDatagrams: (address, hear) =>
        network.bindDatagrams!(
          address,
          (bytes, { hostname }) => hear(bytes, { hostname, port: 0 }),
        ),
    },
  };
  await using running = await startWithWays({ platform });
  using sender = await Sender.open(running.ports.udp);
  sender.send(KIWI);
  await until("the fix", () => running.server.records().length > 0);
  using wire = await running.open("tcp");
  assertEquals(await wire.ask("WHAT"), "? WHAT");
});

Deno.test("datagrams that wait of one client take up little memory, however short", async () => {
  const from = { hostname: LOCALHOST, port: 5 };
  let drops = 0;
  let hear = (_bytes: Uint8Array, _from: Address) => {};
  const socket: DatagramSocket = { addr: from, send() {}, close() {} };
  const listener = await datagramClients(
    {
      clock: denoPlatform.clock,
      network: {
        ...denoPlatform.network,
        bindDatagrams(_address, to) {
          hear = to;
          return Promise.resolve(socket);
        },
      },
    },
    from,
    { clientsMax: 1, onDropped: () => drops++ },
  );
  const room = new Uint8Array(65_536).fill(0x61);
  for (let times = 0; times < 3_000; times++) hear(room.subarray(0, 1), from);
  assert(drops >= 2_000, `${drops} were dropped`);
  room.fill(0x62);
  const conn = await listener.accept();
  const into = new Uint8Array(100);
  assertEquals(await conn.read(into), 100);
  // It is what came, not what its room holds by now.
  assertEquals(byteString(into), "a\n".repeat(50));
  // There is room for as many as were read, though others still wait.
  const before = drops;
  for (let times = 0; times < 50; times++) hear(room.subarray(0, 1), from);
  assertEquals(drops, before);
  conn.close();
  listener.close();
});

for (
  const [what, pass] of Object.entries({
    "every third is lost": (number: number) => number % 3 === 0 ? 0 : 1,
    "each comes twice": () => 2,
    "each is lost or comes twice": (number: number) => number % 2 * 2,
  })
) {
  Deno.test(`Client carries on by datagrams though ${what}`, async () => {
    await using running = await startWithWays();
    const address = { hostname: LOCALHOST, port: running.ports.udp };
    await using client = await Client.connect(
      address,
      lossy(pass),
      undefined,
      { via: "udp" },
    );
    const times = [1, 2, 3, 4, 5];
    const replies = await soon(
      "all replies",
      Promise.all(times.flatMap((time) => [
        client.iamat("kiwi", "+0-0", String(time)).then((it) => it.time),
        client.whatsat("kiwi", 1, 1).then(({ at }) => at.client),
        client.send(`WHAT ${time}`),
      ])),
      30_000,
    );
    assertEquals(
      replies,
      times.flatMap((time) => [String(time), "kiwi", `? WHAT ${time}`]),
    );
  });
}

Deno.test({
  name: "isAnswerTo() tells an answer from one to another line",
  permissions: "none",
  fn() {
    const at = "AT Ash +0.1 kiwi +1+1 5\n";
    const cases: [line: string, answer: string, is: boolean][] = [
      ["IAMAT kiwi +1+1 5", at, true],
      [" IAMAT  kiwi\t+1+1 5\r", at, true],
      ["IAMAT kiwi +1+1 6", at, false],
      ["WHATSAT kiwi 1 1", `${at}{}\n\n`, true],
      ["WHATSAT kiwi 1 1", at, false],
      ["IAMAT kiwi +1+1 5", `${at}{}\n\n`, false],
      ["WHATSAT fig 1 1", `${at}{}\n\n`, false],
      ["WHATSAT fig 1 1", "? WHATSAT fig 1 1\n", true],
      ["HELLO", "? HELLO\n", true],
      ["HELLO", "? IAMAT\n", false],
      ["x".repeat(300), `? ${"x".repeat(256)}\n`, true],
      ["HELLO", at, false],
    ];
    for (const [line, answer, is] of cases) {
      assertEquals(isAnswerTo(line, answer), is, `${line} | ${answer}`);
    }
  },
});
