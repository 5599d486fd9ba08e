/**
 * States that were reached and have still to be looked at.
 *
 * @module
 */
import type { Move } from "./moves.ts";
import type { State } from "./state.ts";

/** The number that has no state: where the first one came from. */
export const NOWHERE = -1;

/** A state, and how it was reached. */
export interface Reached {
  readonly state: State;
  /** The number of the state before it, on a shortest way. */
  before: number;
  move?: Move;
  /** The number of moves on that way. */
  steps: number;
  /** The number of orders that lead to it. */
  orders: number;
}

/**
 * States by rank. Those of the lowest are next, and each leads to higher ones
 * only, so by then all orders that lead there are known.
 */
export class Agenda {
  readonly #byRank = new Map<number, Map<string, Reached>>();

  add(rank: number, key: string, reached: Reached): void {
    const equals = this.#byRank.get(rank);
    const other = equals?.get(key);
    if (equals === undefined) this.#byRank.set(rank, new Map([[key, reached]]));
    else if (other === undefined) equals.set(key, reached);
    else {
      other.orders += reached.orders;
      if (other.steps <= reached.steps) return;
      const { before, move, steps } = reached;
      Object.assign(other, { before, move, steps });
    }
  }

  /** Takes all states of the lowest rank; `undefined` if there are none. */
  next(): Iterable<Reached> | undefined {
    const rank = Math.min(...this.#byRank.keys());
    const states = this.#byRank.get(rank);
    this.#byRank.delete(rank);
    return states?.values();
  }
}
