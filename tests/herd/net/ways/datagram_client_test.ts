/**
 * Clients by datagrams whose server, or whose machine, gives nothing.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { setImmediate } from "node:timers/promises";
import { bytesOf } from "../../../../herd/core/bytes/bytes.ts";
import { Client } from "../../../../herd/net/client.ts";
import type { Network } from "../../../../herd/net/platform.ts";
import { ManualClock } from "../manual_clock.ts";

const SERVER = { hostname: "127.0.0.1", port: 12_000 };

/** A machine on which only so many ports can be bound. */
class Machine {
  readonly clock = new ManualClock();
  /** Datagrams that were sent. */
  sent = 0;
  #hear!: (bytes: Uint8Array) => void;
  #portsLeft: number;

  constructor(ports: number) {
    this.#portsLeft = ports;
  }

  connect(): Promise<Client> {
    const network = {
      bindDatagrams: (address, hear) => {
        if (this.#portsLeft-- === 0) {
          return Promise.reject(new Error("too many open files"));
        }
        this.#hear = (bytes) => hear(bytes, SERVER);
        return Promise.resolve({
          addr: address,
          send: () => this.sent++,
          close: () => {},
        });
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
  assertEquals(machine.sent, 2);
  // As it was repeated, the next line is sent from another port.
  machine.answer("? x\n");
  assertEquals(await replies[0], "? x");
  await assertRejects(
    () => replies[1]!,
    Error,
    "connection lost: no port for datagrams: too many open files",
  );
});
