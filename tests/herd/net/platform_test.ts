/**
 * The seam to the machine: a whole herd on a network and a clock of this
 * program's own.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { Client } from "../../../herd/net/client.ts";
import { randomPart } from "../../../herd/net/platform.ts";
import { Server } from "../../../herd/net/server.ts";
import { FakeNetwork } from "./fake_network.ts";
import { SECRET } from "./support.ts";

const NAMES = ["a", "b", "c"];
const PORT = 12_000;
const LINKS = [["a", "b"], ["b", "c"]];

/** Three servers in a line, and all that they tell, with the time. */
class FakeHerd {
  readonly network: FakeNetwork;
  readonly told: string[] = [];
  readonly servers: Server[] = [];
  readonly #beganMs: number;

  constructor(seed: number) {
    this.network = new FakeNetwork(seed);
    this.#beganMs = this.network.clock.nowMs();
  }

  async start(): Promise<void> {
    for (const name of NAMES) {
      const neighbours = LINKS.filter((link) => link.includes(name))
        .map(([a, b]) => (a === name ? b : a)!)
        .map((peer) => ({ name: peer, hostname: peer, port: PORT }));
      this.servers.push(
        await Server.start({
          name,
          hostname: name,
          port: PORT,
          neighbours,
          secret: SECRET,
          platform: this.network.machine(name),
          onEvent: (event) =>
            this.told.push(`${this.sinceMs} ${name} ${JSON.stringify(event)}`),
        }),
      );
    }
  }

  /** Virtual milliseconds since the beginning. */
  get sinceMs(): number {
    return this.network.clock.nowMs() - this.#beganMs;
  }

  /** What a promise brings before so much virtual time has passed. */
  async within<T>(ms: number, promise: Promise<T>): Promise<T> {
    let isDone = false;
    const done = promise.finally(() => isDone = true);
    done.catch(() => {});
    await this.network.pass(ms);
    assert(isDone, `Not within ${ms} ms`);
    return await done;
  }

  linked(): string[][] {
    return this.servers.map((server) => server.linked().toSorted());
  }

  async stop(): Promise<void> {
    const stopping = this.servers.map((server) => server.stop());
    await this.within(10_000, Promise.all(stopping));
  }
}

/** A herd's life, as it is told; not a moment of it is real. */
async function live(seed: number): Promise<string[]> {
  const herd = new FakeHerd(seed);
  const { network } = herd;
  await herd.start();
  await network.pass(500);
  const all = [["b"], ["a", "c"], ["b"]];
  assertEquals(herd.linked(), all);

  const address = { hostname: "a", port: PORT };
  const connecting = Client.connect(address, network.machine("phone"));
  const phone = await herd.within(10, connecting);
  const iamat = () => phone.iamat("kiwi", "+34.068930-118.445127");
  const first = await herd.within(10, iamat());
  for (const server of herd.servers) {
    assertEquals(server.records(), [first.line]);
  }

  network.cut("a", "b");
  const cutMs = herd.sinceMs;
  const dials = () =>
    network.told.filter((line) => line.endsWith(" a>b dial")).length;
  const dialsBefore = dials();
  const second = await herd.within(10, iamat());
  await network.pass(1_990);
  assertEquals(herd.linked(), all, "Two missed heartbeats are not enough");
  await network.pass(2_000);
  assertEquals(herd.linked(), [[], ["c"], ["b"]]);
  const downs = herd.told.filter((line) => line.includes("link-down"));
  assertEquals(downs.length, 2);
  for (const down of downs) {
    assert(down.includes("nothing heard"), down);
    const afterMs = Number(down.split(" ")[0]) - cutMs;
    assert(afterMs > 2_000 && afterMs <= 4_000, down);
  }
  assert(dials() > dialsBefore, "It is dialled again");
  assertEquals(herd.servers[2]!.records(), [first.line]);

  network.heal("a", "b");
  await network.pass(2_500);
  assertEquals(herd.linked(), all);
  assertEquals(herd.servers[2]!.records(), [second.line]);
  await phone.close();
  await herd.stop();
  return [...herd.told, ...network.told];
}

Deno.test({
  name:
    "Server runs on any platform: no socket, no timer, the same order each time",
  permissions: "none",
  async fn() {
    const once = await live(1);
    assertEquals(await live(1), once);
    assert(JSON.stringify(await live(2)) !== JSON.stringify(once));
  },
});

Deno.test("randomPart() is from 0 up to but not 1", () => {
  const of = (byte: number) =>
    randomPart({ randomBytes: (count) => new Uint8Array(count).fill(byte) });
  assertEquals([of(0), of(128) > 0.5, of(255) < 1], [0, true, true]);
});
