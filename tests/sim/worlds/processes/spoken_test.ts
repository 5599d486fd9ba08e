import { assertEquals, assertRejects } from "@std/assert";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import type { Connection } from "../../../../herd/net/platform.ts";
import { Client } from "../../../../herd/net/client.ts";
import {
  type Dialect,
  SpokenConnection,
} from "../../../../sim/worlds/processes/spoken.ts";

const AT = "AT Ash +0.5 kiwi +34.0-118.0 1.5";
const PLACES = '{\n  "results": [],\n\n  "status": "OK"\n}';

/** How a server takes a command, and gives its reply. */
interface Manners {
  /** What ends a command; the end of input, where it is left out. */
  readonly lineEnd?: string;
  readonly reply: string;
  readonly closes: boolean;
}

/** A server that takes one command on each connection. */
class Server implements AsyncDisposable {
  readonly commands: string[] = [];
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #serving: Promise<void>;

  constructor(manners: Manners) {
    this.#serving = this.#serve(manners);
  }

  get address() {
    return this.#listener.addr as Deno.NetAddr;
  }

  async #serve({ lineEnd, reply, closes }: Manners): Promise<void> {
    for await (const conn of this.#listener) {
      const chunk = new Uint8Array(1_024);
      let text = "";
      let count: number | null = 0;
      while (count !== null && !(lineEnd && text.endsWith(lineEnd))) {
        text += new TextDecoder().decode(chunk.subarray(0, count));
        if (lineEnd && text.endsWith(lineEnd)) break;
        count = await conn.read(chunk);
      }
      this.commands.push(text.trim());
      await conn.write(new TextEncoder().encode(reply));
      // One that does not close waits until its client does.
      while (!closes && count !== null) {
        count = await conn.read(chunk).catch(() => null);
      }
      conn.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#serving;
  }
}

function clientOf(server: Server, dialect: Dialect): Promise<Client> {
  const { clock, network } = denoPlatform;
  const connect = () =>
    Promise.resolve(
      new SpokenConnection(server.address, {
        clock,
        network,
        dialect,
        onCommand: () => {},
      }),
    );
  return Client.connect(server.address, {
    ...denoPlatform,
    clock,
    network: { ...network, connect },
  });
}

const COMMANDS = ["IAMAT kiwi +34.0-118.0 1.5", "WHATSAT kiwi 1 1"];

for (
  const [name, manners, learned] of [
    [
      "a reply with a line feed on a connection that stays open",
      { lineEnd: "\n", reply: `${AT}\n${PLACES}\n\n`, closes: false },
      { lineEnd: "\n", isHalfClosed: false },
    ],
    [
      "a reply without a line feed, then the end",
      { lineEnd: "\n", reply: `${AT}\r\n${PLACES}`, closes: true },
      { lineEnd: "\n", isHalfClosed: false },
    ],
    [
      "a server that takes lines by CR LF",
      { lineEnd: "\r\n", reply: `${AT}\r\n${PLACES}\r\n`, closes: false },
      { lineEnd: "\r\n", isHalfClosed: false },
    ],
    [
      "a server that reads to the end of input",
      { reply: `${AT}\n${PLACES}`, closes: true },
      { lineEnd: "\n", isHalfClosed: true },
    ],
  ] as const
) {
  Deno.test(`SpokenConnection gives replies as the protocol has them: ${name}`, async () => {
    await using server = new Server(manners);
    const dialect: Dialect = {};
    await using client = await clientOf(server, dialect);
    const [iamat, whatsat] = COMMANDS as [string, string];
    const at = AT.replace("+0.5", "+0.500000000");
    assertEquals(await client.send(iamat), at);
    assertEquals(dialect, learned);
    assertEquals(
      await client.send(whatsat),
      `${at}\n${PLACES.replace("\n\n", "\n")}`,
    );
    assertEquals(server.commands, COMMANDS);
  });
}

Deno.test("SpokenConnection ends a reply without an end by silence", async () => {
  await using server = new Server({
    lineEnd: "\n",
    reply: "? nonsense",
    closes: false,
  });
  await using client = await clientOf(server, {});
  assertEquals(await client.send("nonsense"), "? nonsense");
});

Deno.test({
  name:
    "SpokenConnection leaves no connection open that was there only after it was closed",
  permissions: "none",
  async fn() {
    const coming = Promise.withResolvers<Connection>();
    const isClosed = Promise.withResolvers<void>();
    const { clock } = denoPlatform;
    const spoken = new SpokenConnection({ hostname: "127.0.0.1", port: 1 }, {
      clock,
      network: {
        ...denoPlatform.network,
        connect: () => coming.promise,
      },
      dialect: {},
      onCommand: () => {},
    });
    const refused = assertRejects(() => spoken.exchange("IAMAT"), Error);
    spoken.close();
    const close = () => isClosed.resolve();
    coming.resolve({ close } as unknown as Connection);
    await refused;
    await isClosed.promise;
  },
});

Deno.test("SpokenConnection.exchange() holds no connection that nobody waits for", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const stopping = new AbortController();
  const spoken = new SpokenConnection(listener.addr as Deno.NetAddr, {
    clock: denoPlatform.clock,
    network: denoPlatform.network,
    dialect: {},
    onCommand: () => {},
  });
  const exchanging = spoken.exchange("WHATSAT kiwi 1 1", stopping.signal);
  const hanging = await listener.accept();
  stopping.abort();
  await assertRejects(() => exchanging);
  const chunk = new Uint8Array(64);
  while (await hanging.read(chunk).catch(() => null) !== null);
  hanging.close();
});
