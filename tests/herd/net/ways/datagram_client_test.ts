/**
 * Clients by datagrams whose server, or whose machine, gives nothing.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { setImmediate } from "node:timers/promises";
import { bytesOf, byteString } from "../../../../herd/core/bytes/bytes.ts";
import { Client } from "../../../../herd/net/client.ts";
import type { Network } from "../../../../herd/net/platform.ts";
import { ManualClock } from "../manual_clock.ts";

const SERVER = { hostname: "127.0.0.1", port: 12_000 };

/** A machine on which only so many ports can be bound. */
class Machine {
  readonly clock = new ManualClock();
  /** Datagrams that were sent. */
  readonly sent: string[] = [];
  #hear!: (bytes: Uint8Array) => void;
  #portsLeft: number;

  constructor(ports: number) {
    this.#portsLeft = ports;
  }

  connect(): Promise<Client> {
    const network = {
      bindDatagrams: async (address, hear) => {
        // As a system, it takes a while.
        await setImmediate();
        if (this.#portsLeft-- === 0) throw new Error("too many open files");
        this.#hear = (bytes) => hear(bytes, SERVER);
        return {
          addr: address,
          send: (bytes) => this.sent.push(byteString(bytes)),
          close: () => {},
        };
      },
    } as Pick<Network, "bindDatagrams"> as Network;
    const randomBytes = (count: number) => new Uint8Array(count);
    const platform = { clock: this.clock, network, randomBytes };
    return Client.connect(SERVER, platform, () => {}, { via: "udp" });
  }

  async pass(ms: number): Promise<void> {
    await setImmediate();
    this.clock.tick(ms);
    await setImmediate();
  }

  answer(text: string): void {
    this.#hear(bytesOf(text));
  }
}

Deno.test("Client by datagrams tells that nobody has answered, and for how long", async () => {
  const machine = new Machine(1);
  await using client = await machine.connect();
  const lost = assertRejects(
    () => client.send("x"),
    Error,
    'Cannot carry out "x": connection lost: no answer within 15000 ms',
  );
  await machine.pass(20_000);
  await lost;
});

Deno.test("Client by datagrams is lost, and nothing else, where no port is left", async () => {
  const machine = new Machine(1);
  await using client = await machine.connect();
  const replies = [client.send("x"), client.send("y")];
  await machine.pass(300);
  assertEquals(machine.sent, ["x\n", "x\n"]);
  // As it was repeated, the next line is sent from another port.
  machine.answer("? x\n");
  assertEquals(await replies[0], "? x");
  await assertRejects(
    () => replies[1]!,
    Error,
    "connection lost: no port for datagrams: too many open files",
  );
});

Deno.test("Client by datagrams sends a line once, and then nothing, though its port is bound only now", async () => {
  const machine = new Machine(2);
  const client = await machine.connect();
  const first = client.send("x");
  await machine.pass(300);
  machine.answer("? x\n");
  await first;
  const second = client.send("y");
  await machine.pass(0);
  machine.answer("? y\n");
  assertEquals(await second, "? y");
  await machine.pass(20_000);
  assertEquals(machine.sent, ["x\n", "x\n", "y\n"]);
  const third = client.send("z");
  await machine.pass(0);
  machine.answer("? z\n");
  assertEquals(await third, "? z");
  await client.close();
  assertEquals(machine.clock.step(Infinity), false);
});
