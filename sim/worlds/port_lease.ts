/**
 * Free ports for what is to listen, and keeps them from all others who ask here:
 * a server that is down listens on its port again when it is revived.
 *
 * Ports go by blocks. Whoever has a block listens on its lock, a port of its own:
 * no other process can, and the system gives it back whatever becomes of this one.
 *
 * @module
 */
import {
  type Platform,
  randomPart,
  type TcpListener,
} from "../../herd/net/platform.ts";

/** A range of ports. */
export interface PortRange {
  readonly min: number;
  /** Exclusive. */
  readonly max: number;
}

/*
 * All are below 32,768, where no known system begins its ephemeral range. A port
 * of that range may be given to any outgoing connection while its server is
 * killed, and then the server can't come back; a redial may even get the very
 * port it dials as its own, and connect to itself.
 */
/**
 * Stand-ins for ports that users' programs name: where neither servers nor
 * proxies are, nor what assignments hand out.
 */
export const STAND_INS: PortRange = { min: 5_100, max: 7_900 };
/** The ports of servers. */
export const SERVERS: PortRange = { min: 15_000, max: 27_000 };
/** The ports of proxies. */
export const PROXIES: PortRange = { min: 27_000, max: 32_000 };
/** The lock of the block that has port 0; that of port 31,999 is 32,499. */
const LOCKS_FROM = 32_000;
const BLOCK = 64;

/** Ports of a range, until they are given back. */
export class PortLease implements Disposable {
  readonly #platform: Pick<Platform, "network" | "randomBytes">;
  readonly #range: PortRange;
  readonly #hostname: string;
  readonly #locks = new Map<number, TcpListener>();
  readonly #taken = new Set<number>();
  /** Where to go on looking, so that few blocks are had. */
  #next: number | undefined;

  /**
   * None yet.
   *
   * @param hostname Where the ports are to be free.
   */
  constructor(
    platform: Pick<Platform, "network" | "randomBytes">,
    range: PortRange = SERVERS,
    hostname = "127.0.0.1",
  ) {
    this.#platform = platform;
    this.#range = range;
    this.#hostname = hostname;
  }

  /**
   * So many different ports that were free a moment ago.
   *
   * @param inARow Whether each is to follow the one before.
   * @throws {RangeError} If there are not so many.
   * @example
   * ```ts
   * import { denoPlatform } from "../../herd/net/deno_platform.ts";
   * import { assertEquals } from "@std/assert";
   *
   * using lease = new PortLease(denoPlatform);
   * const ports = [...lease.take(3), ...lease.take(3)];
   * assertEquals(new Set(ports).size, 6);
   * ```
   */
  take(count: number, inARow = false): number[] {
    const { min, max } = this.#range;
    const span = max - min;
    const first = this.#next ??
      Math.floor(randomPart(this.#platform) * span);
    const others = new Set<number>();
    let ports: number[] = [];
    let step = 0;
    for (; step < span && ports.length < count; step++) {
      const port = min + (first + step) % span;
      const isFree = this.#isFree(port, others);
      if (inARow && (!isFree || port - 1 !== ports.at(-1))) ports = [];
      if (isFree) ports.push(port);
    }
    if (ports.length < count) {
      const row = inARow ? " in a row" : "";
      throw new RangeError(
        `Cannot find ${count} free ports${row} on ${this.#hostname}: ` +
          `too few between ${min} and ${max}`,
      );
    }
    this.#next = (first + step) % span;
    for (const port of ports) this.#taken.add(port);
    return ports;
  }

  /** @param others Blocks that are known not to be ours. */
  #isFree(port: number, others: Set<number>): boolean {
    const block = Math.floor(port / BLOCK);
    if (this.#taken.has(port) || others.has(block)) return false;
    if (!this.#locks.has(block)) {
      const lock = this.#listen(LOCKS_FROM + block);
      if (lock === undefined) {
        others.add(block);
        return false;
      }
      this.#locks.set(block, lock);
    }
    const listener = this.#listen(port);
    listener?.close();
    return listener !== undefined;
  }

  #listen(port: number): TcpListener | undefined {
    try {
      const hostname = this.#hostname;
      return this.#platform.network.listen({ hostname, port });
    } catch (error) {
      if (error instanceof Deno.errors.AddrInUse) return undefined;
      throw error;
    }
  }

  /** Gives them back. */
  [Symbol.dispose](): void {
    for (const lock of this.#locks.values()) lock.close();
    this.#locks.clear();
    this.#taken.clear();
    this.#next = undefined;
  }
}
