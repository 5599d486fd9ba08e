/**
 * Ports that stand in for those of a herd: others, but as far from each other,
 * for a program may count them up from a first one.
 *
 * @module
 */
import type { Network } from "../../../herd/net/platform.ts";

/** Ports in a row. */
export interface PortBlock {
  readonly first: number;
  readonly count: number;
}

/** Those that are further apart have nothing to do with each other. */
const GAP_MAX = 64;
/**
 * Where neither servers nor proxies are, nor outgoing connections, nor what
 * assignments hand out.
 */
const RANGE = { min: 5_100, max: 7_900 };
const HOSTNAME = "127.0.0.1";

/**
 * What this process has taken. Many of them are listened on only while a server
 * is up, and are another's at no time.
 */
const taken = new Set<number>();

/** The blocks that ports are in, each as short as can be. */
export function blocksOf(ports: Iterable<number>): PortBlock[] {
  const blocks: PortBlock[] = [];
  for (const port of [...new Set(ports)].sort((a, b) => a - b)) {
    const last = blocks.at(-1);
    if (last !== undefined && port - last.first - last.count < GAP_MAX) {
      blocks[blocks.length - 1] = {
        first: last.first,
        count: port - last.first + 1,
      };
    } else blocks.push({ first: port, count: 1 });
  }
  return blocks;
}

/** Free ports that were taken, until they are given back. */
export class TakenPorts implements Disposable {
  readonly #network: Network;
  readonly #mine = new Set<number>();

  /** None yet. */
  constructor(network: Network) {
    this.#network = network;
  }

  /**
   * The first of so many free ports in a row.
   *
   * @param random From 0 to 1: where to begin to look.
   * @throws {RangeError} If there are not so many.
   */
  take(count: number, random: number): number {
    const span = RANGE.max - RANGE.min - count + 1;
    const start = Math.floor(random * span);
    for (let step = 0; step < span; step++) {
      const first = RANGE.min + (start + step) % span;
      const ports = Array.from({ length: count }, (_, at) => first + at);
      if (!ports.every((port) => this.#isFree(port))) continue;
      for (const port of ports) {
        taken.add(port);
        this.#mine.add(port);
      }
      return first;
    }
    throw new RangeError(
      `there are no ${count} free ports in a row from ${RANGE.min} on`,
    );
  }

  #isFree(port: number): boolean {
    if (taken.has(port)) return false;
    try {
      this.#network.listen({ hostname: HOSTNAME, port }).close();
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.AddrInUse) return false;
      throw error;
    }
  }

  /** Gives them back. */
  [Symbol.dispose](): void {
    for (const port of this.#mine) taken.delete(port);
    this.#mine.clear();
  }
}
