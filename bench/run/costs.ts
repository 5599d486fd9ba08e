/**
 * The cost of updates and queries on the links of a simulated network.
 *
 * @module
 */
import type { PureNetwork, Traffic } from "./pure_network.ts";

/** Servers that receive updates: a tree is learned for each of them. */
const ORIGINS = 5;
/** Warm-up updates of each origin. */
const WARM_UPDATES = 3;
/** Milliseconds between two operations in the network. */
const GAP_MS = 10;
/**
 * Coprime to nearly any number of servers, so that queries reach all of them.
 */
const STRIDE = 7;
const FIRST_SECOND = 1_600_000_000;

/** A network in use, and its pending operations. */
export class Usage {
  readonly #network: PureNetwork;
  readonly #origins: readonly string[];
  #updates = 0;
  #queries = 0;

  /** Lets trees be learned, if the mode has any. */
  constructor(network: PureNetwork) {
    this.#network = network;
    const { names } = network;
    const step = Math.max(1, Math.floor(names.length / ORIGINS));
    this.#origins = names.filter((_, index) => index % step === 0)
      .slice(0, ORIGINS);
    for (let i = 0; i < WARM_UPDATES * this.#origins.length; i++) {
      this.#update(0);
      network.settle();
    }
    network.take();
  }

  #update(afterMs: number): void {
    const number = this.#updates++;
    const origin = this.#origins[number % this.#origins.length]!;
    const time = `${FIRST_SECOND + number}.25`;
    const line = `IAMAT c-${origin} +34.068930-118.445127 ${time}`;
    this.#network.clientLine(origin, line, afterMs);
  }

  #query(afterMs: number): void {
    const { names } = this.#network;
    const number = this.#queries++;
    const origin = this.#origins[number % this.#origins.length]!;
    const server = names[(number * STRIDE) % names.length]!;
    this.#network.clientLine(server, `WHATSAT c-${origin} 10 5`, afterMs);
  }

  /**
   * The cost of operations, updates and queries mixed.
   *
   * @param isQuery Whether an operation is a query, by its number.
   */
  cost(operations: number, isQuery: (operation: number) => boolean): Traffic {
    for (let number = 0; number < operations; number++) {
      const afterMs = number * GAP_MS;
      if (isQuery(number)) this.#query(afterMs);
      else this.#update(afterMs);
    }
    this.#network.settle();
    const { updates, control, bytes } = this.#network.take();
    return {
      updates: updates / operations,
      control: control / operations,
      bytes: bytes / operations,
    };
  }
}
