/**
 * States between two moves of clients or of the fault, in an order in which
 * each comes after all that lead to it.
 *
 * @module
 */
import type { Move } from "./moves.ts";
import type { State } from "./state.ts";

/** A state, and how it was reached. */
export interface Reached {
  readonly state: State;
  /** The number of the state before it, on a shortest way; -1: none. */
  before: number;
  move?: Move;
  /** Number of moves on that way. */
  steps: number;
  /** Number of orders that lead to it. */
  orders: number;
  /** Number of moves of the herd itself that lead to it and were not taken yet. */
  waits: number;
  /** What may happen next by itself, and the states that this leads to. */
  own: readonly Move[];
  next: readonly Reached[];
}

/** How a state was reached from another one. */
export type Way = Pick<Reached, "before" | "move" | "steps" | "orders">;

export function unreached(state: State): Reached {
  return {
    state,
    before: -1,
    steps: Infinity,
    orders: 0,
    waits: 0,
    own: [],
    next: [],
  };
}

/** One more way leads to a state. */
export function reach(reached: Reached, way: Way): void {
  reached.orders += way.orders;
  if (way.steps >= reached.steps) return;
  reached.before = way.before;
  reached.move = way.move!;
  reached.steps = way.steps;
}

/**
 * Each after all that lead to it. Those that lead to each other for ever are
 * left out, and those that they lead to.
 */
export function* inOrder<
  T extends Pick<Reached, "waits"> & { next: readonly T[] },
>(
  all: Iterable<T>,
): Generator<T> {
  const ready = [...all].filter(({ waits }) => waits === 0);
  for (const it of ready) {
    yield it;
    for (const next of it.next) if (--next.waits === 0) ready.push(next);
  }
}
