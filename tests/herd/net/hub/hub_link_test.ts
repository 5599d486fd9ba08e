/**
 * A gateway, by what it makes of a hub's answers.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { bytesOf } from "../../../../herd/core/bytes/bytes.ts";
import { Client } from "../../../../herd/net/client.ts";
import type {
  HubMessage,
  HubSession,
  OpenHub,
} from "../../../../herd/net/hub/hub.ts";
import { Server } from "../../../../herd/net/server.ts";
import { FakeNetwork } from "../fake_network.ts";
import { SECRET } from "../support.ts";

const PORT = 12_000;
const TIMEOUT_MS = 5_000;

/**
 * What a hub makes of a publication: its sequence, or why it has none; its
 * acknowledgement alone is lost if it is `heard`.
 */
type Answer = (count: number) => number | "refused" | "lost" | "heard";

/** A gateway of a hub that answers so. */
class Rig {
  readonly network = new FakeNetwork(1);
  readonly ends: string[] = [];
  published = 0;
  sessions = 0;
  server!: Server;
  /** Delivers a message of the hub. */
  hear!: (message: HubMessage) => void;
  #phone!: Client;

  async start(answer: Answer): Promise<void> {
    const openHub: OpenHub = () => Promise.resolve(this.#session(answer));
    this.server = await Server.start({
      name: "Ash",
      hostname: "Ash",
      port: PORT,
      neighbours: [{ name: "Elm", hostname: "Elm", port: PORT }],
      secret: SECRET,
      platform: { ...this.network.machine("Ash"), openHub },
      hub: { servers: ["nats://hub"], herd: ["Ash", "Elm"], client: "" },
      limits: { lineBytesMax: 1_000 },
      onEvent: (event) => {
        if (event.kind === "link-down") this.ends.push(event.why);
      },
    });
    const address = { hostname: "Ash", port: PORT };
    const machine = this.network.machine("phone");
    const connecting = Client.connect(address, machine);
    await this.network.pass(10);
    this.#phone = await connecting;
  }

  #session(answer: Answer): HubSession {
    const { clock } = this.network;
    const over = Promise.withResolvers<string>();
    this.sessions++;
    return {
      length: 0,
      isEmpty: true,
      bytesMax: 1_000,
      read: (take) => {
        this.hear = (message) => void take(message);
        return over.promise;
      },
      close: () => Promise.resolve(over.resolve("closed")),
      publish: (_, bytes) => {
        const { promise, resolve, reject } = Promise.withResolvers<number>();
        const sequence = answer(++this.published);
        if (sequence === "heard") {
          const own = new Uint8Array(bytes);
          this.hear({ bytes: own, sequence: this.published, pending: 0 });
        }
        if (sequence === "lost" || sequence === "heard") {
          clock.after(TIMEOUT_MS, () => reject(new Error("timeout")));
        } else if (sequence === "refused") reject(new Error("no responders"));
        else resolve(sequence);
        return promise;
      },
    };
  }

  /** A client tells where it is. */
  async tell(client: string): Promise<void> {
    const telling = this.#phone.iamat(client, "+34.0-118.0");
    await this.network.pass(10);
    await telling;
  }

  async stop(): Promise<void> {
    const stopping = [this.#phone.close(), this.server.stop()];
    await this.network.pass(1_000);
    await Promise.all(stopping);
  }
}

Deno.test("HubLink tells a fix again that was not acknowledged, in the same session", async () => {
  const rig = new Rig();
  // As one that a leader took with it, while those after it succeed.
  await rig.start((count) => count === 1 ? "lost" : count);
  for (const client of ["kiwi", "emu"]) await rig.tell(client);
  await rig.network.pass(TIMEOUT_MS + 500);
  assertEquals([rig.published, rig.ends], [3, []]);
  await rig.stop();
});

Deno.test("HubLink ends a session in which nothing has succeeded for 5 s", async () => {
  for (const failure of ["lost", "refused"] as const) {
    const rig = new Rig();
    await rig.start((count) => count === 1 ? count : failure);
    for (const client of ["kiwi", "emu"]) await rig.tell(client);
    await rig.network.pass(failure === "lost" ? 9_000 : 4_500);
    assertEquals(rig.ends, []);
    await rig.network.pass(1_500);
    const why = failure === "lost" ? "timeout" : "no responders";
    assertEquals(rig.ends, [`it acknowledges nothing: ${why}`]);
    assertEquals(rig.sessions, 2);
    await rig.stop();
  }
});

Deno.test("HubLink forgets a failure when nothing is left to be told", async () => {
  const rig = new Rig();
  await rig.start((count) =>
    count === 1 ? "heard" : count < 5 ? "refused" : count
  );
  await rig.tell("kiwi");
  await rig.network.pass(60_000);
  await rig.tell("emu");
  await rig.network.pass(2_000);
  assertEquals([rig.published, rig.ends], [5, []]);
  await rig.stop();
});

Deno.test("HubLink leaves out what links of its herd could not carry", async () => {
  const rig = new Rig();
  await rig.start((count) => count);
  const { network } = rig;
  const ends: string[] = [];
  const elm = await Server.start({
    name: "Elm",
    hostname: "Elm",
    port: PORT,
    neighbours: [{ name: "Ash", hostname: "Ash", port: PORT }],
    secret: SECRET,
    platform: network.machine("Elm"),
    limits: { lineBytesMax: 1_000 },
    onEvent: (event) => {
      if (event.kind === "link-down") ends.push(event.why);
    },
  });
  await network.pass(3_000);
  assertEquals(elm.linked(), ["Ash"]);
  const bytesMax = 2 * 1_000 + 4_096 - " Ash\n".length;
  for (const [sequence, bytes] of [bytesMax + 1, bytesMax].entries()) {
    const [start, end] = [`AT Far +1.000000000 ${sequence}`, " +34-118 5"];
    const client = "x".repeat(bytes - start.length - end.length);
    const line = bytesOf(start + client + end);
    rig.hear({ bytes: line, sequence: sequence + 1, pending: 0 });
  }
  await network.pass(5_000);
  assertEquals(rig.server.stats().hub?.bad, 1);
  assertEquals(elm.records().map(({ length }) => length), [bytesMax]);
  assertEquals(ends, []);
  const stopping = elm.stop();
  await rig.stop();
  await stopping;
});

Deno.test("HubLink does not tell what its hub would not take, but all else", async () => {
  const rig = new Rig();
  await rig.start((count) => count);
  await rig.tell("x".repeat(960));
  await rig.tell("kiwi");
  await rig.network.pass(20_000);
  assertEquals([rig.published, rig.sessions, rig.ends], [1, 1, []]);
  await rig.stop();
});
