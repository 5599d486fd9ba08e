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
  readonly #ports = new Map<number, Hear>();
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
      return Promise.reject(systemError("EADDRINUSE"));
    }
    while (this.#ports.has(this.#freePort)) this.#freePort++;
    const own = port || this.#freePort++;
    const addr = { hostname, port: own };
    let isClosed = false;
    const bound: DatagramSocket & Open = {
      addr,
      send: (bytes, to) => {
        if (!isClosed && !machine.isOver) this.#carry(bytes, addr, to);
      },
      close: () => {
        if (isClosed || machine.isOver) return;
        machine.closed(bound);
        bound.abandon();
      },
      abandon: () => {
        isClosed = true;
        this.#ports.delete(own);
      },
    };
    machine.opened(bound);
    this.#ports.set(
      own,
      (bytes, from) => machine.run(() => isClosed || hear(bytes, from)),
    );
    return Promise.resolve(bound);
  }

  #carry(bytes: Uint8Array, from: Address, to: Address): void {
    const isLost = this.#random.below(LOST_IN) === 0;
    const isTwice = this.#random.below(TWICE_IN) === 0;
    for (let copies = isLost ? 0 : isTwice ? 2 : 1; copies > 0; copies--) {
      const copy = bytes.slice();
      this.#time.after(
        delayMs(this.#random),
        () => this.#ports.get(to.port)?.(copy, from),
      );
    }
  }
}
