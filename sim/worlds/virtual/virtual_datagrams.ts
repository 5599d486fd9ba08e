/**
 * The datagrams of a virtual world: each has its own delay, so that one may
 * overtake another, and some are lost or duplicated.
 *
 * @module
 */
import type { Address, DatagramSocket } from "../../../herd/net/platform.ts";
import type { Random } from "../../model/random.ts";
import { delayMs } from "./delays.ts";
import { systemError } from "./virtual_connection.ts";
import type { Open, VirtualMachine } from "./virtual_machine.ts";
import type { VirtualTime } from "./virtual_time.ts";

/** One datagram in so many is lost, and one in so many duplicated. */
const LOST_IN = 32;
const TWICE_IN = 32;
/** Free ports are given from here on. */
const PORT_MIN = 20_000;

/** Receives the datagrams of a port. */
type Hear = (bytes: Uint8Array, from: Address) => void;

/** All ports for datagrams, which are separate from those for connections. */
export class VirtualDatagrams {
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #ports = new Map<number, DatagramPort>();
  #freePort = PORT_MIN;

  constructor(time: VirtualTime, random: Random) {
    this.#time = time;
    this.#random = random;
  }

  /** Like `Network.bindDatagrams`, on a machine. */
  bind(
    machine: VirtualMachine,
    { hostname, port }: Address,
    hear: Hear,
  ): Promise<DatagramSocket> {
    if (this.#ports.has(port)) {
      const error = systemError(Deno.errors.AddrInUse, "EADDRINUSE");
      return Promise.reject(error);
    }
    while (this.#ports.has(this.#freePort)) this.#freePort++;
    const own = port || this.#freePort++;
    const bound = new DatagramPort(
      machine,
      { hostname, port: own },
      hear,
      (bytes, to) => this.#carry(bytes, bound.addr, to),
      () => this.#ports.delete(own),
    );
    this.#ports.set(own, bound);
    return Promise.resolve(bound);
  }

  #carry(bytes: Uint8Array, from: Address, to: Address): void {
    const isLost = this.#random.below(LOST_IN) === 0;
    const isTwice = this.#random.below(TWICE_IN) === 0;
    for (let copies = isLost ? 0 : isTwice ? 2 : 1; copies > 0; copies--) {
      const copy = bytes.slice();
      this.#time.after(
        delayMs(this.#random),
        () => this.#ports.get(to.port)?.take(copy, from),
      );
    }
  }
}

class DatagramPort implements DatagramSocket, Open {
  readonly addr: Address;
  readonly #machine: VirtualMachine;
  readonly #hear: Hear;
  readonly #onSend: (bytes: Uint8Array, to: Address) => void;
  readonly #onClose: () => void;
  #isClosed = false;

  constructor(
    machine: VirtualMachine,
    addr: Address,
    hear: Hear,
    onSend: (bytes: Uint8Array, to: Address) => void,
    onClose: () => void,
  ) {
    this.addr = addr;
    this.#machine = machine;
    this.#hear = hear;
    this.#onSend = onSend;
    this.#onClose = onClose;
    machine.opened(this);
  }

  take(bytes: Uint8Array, from: Address): void {
    this.#machine.run(() => this.#isClosed || this.#hear(bytes, from));
  }

  send(bytes: Uint8Array, to: Address): void {
    if (!this.#isClosed && !this.#machine.isOver) this.#onSend(bytes, to);
  }

  close(): void {
    if (this.#isClosed || this.#machine.isOver) return;
    this.#machine.closed(this);
    this.abandon();
  }

  abandon(): void {
    this.#isClosed = true;
    this.#onClose();
  }
}
