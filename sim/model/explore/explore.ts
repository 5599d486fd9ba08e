/**
 * Explores all orders of events in a small herd, each state once.
 *
 * Two orders lead to one state if each server has met the same events in the
 * same order since it was started: what is held, what is under way and what is
 * still to come follow from that.
 *
 * @module
 */
import { Agenda, NOWHERE, type Reached } from "./agenda.ts";
import { type Move, moveText } from "./moves.ts";
import type { Setup } from "./setup.ts";
import { SmallHerd } from "./small_herd.ts";
import type { State } from "./state.ts";

/** Number of states between two chances to stop. */
const SLICE_STATES = 2_000;

/** A state in which linked servers do not hold what they must. */
export interface Divergence {
  /** What is wrong. */
  readonly wrong: string;
  /** What happened, step by step, in words. */
  readonly steps: readonly string[];
}

/** The findings so far. */
export interface Explored {
  states: number;
  /** States in which nothing more happens by itself. */
  atRest: number;
  /** Those of them that are wrong. */
  diverged: number;
  /** Number of orders that lead to an end; approximate above 2^53. */
  orders: number;
  /** Whether all states were explored. */
  isWhole: boolean;
  /** A shortest order that leads to a wrong state. */
  shortest?: Divergence;
}

/**
 * Explores up to `statesMax` states. Yields now and then, so that it can be
 * stopped.
 */
export function* explore(
  setup: Setup,
  statesMax: number,
): Generator<Readonly<Explored>, Explored> {
  const exploration = new Exploration(setup);
  const { found } = exploration;
  for (const reached of exploration.reached()) {
    if (found.states === statesMax) return found;
    exploration.look(reached);
    if (found.states % SLICE_STATES === 0) yield found;
  }
  found.isWhole = true;
  return found;
}

class Exploration {
  readonly found: Explored = {
    states: 0,
    atRest: 0,
    diverged: 0,
    orders: 0,
    isWhole: false,
  };
  readonly #setup: Setup;
  readonly #herd: SmallHerd;
  readonly #agenda = new Agenda();
  /** By the number of each state that was looked at: how it was reached. */
  readonly #befores: number[] = [];
  readonly #moves: (Move | undefined)[] = [];
  /** Number of moves that lead to the shortest divergence. */
  #steps = Infinity;

  constructor(setup: Setup) {
    this.#setup = setup;
    this.#herd = new SmallHerd(setup);
    this.#add(this.#herd.start, { before: NOWHERE, steps: 0, orders: 1 });
  }

  #add(state: State, how: Omit<Reached, "state">): void {
    const herd = this.#herd;
    this.#agenda.add(herd.rankOf(state), herd.keyOf(state), { state, ...how });
  }

  /** All states, each after all that lead there. */
  *reached(): Generator<Reached> {
    for (;;) {
      const level = this.#agenda.next();
      if (level === undefined) return;
      yield* level;
    }
  }

  /** Looks at a state, and for those that follow from it. */
  look({ state, before, move, steps, orders }: Reached): void {
    const { found } = this;
    const herd = this.#herd;
    const number = found.states++;
    this.#befores.push(before);
    this.#moves.push(move);
    const own = herd.ownMoves(state);
    if (own.length === 0) this.#check(state, number, steps);
    const moves = [...own, ...herd.outerMoves(state)];
    if (moves.length === 0) found.orders += orders;
    for (const next of moves) {
      this.#add(herd.after(state, next), {
        before: number,
        move: next,
        steps: steps + 1,
        orders,
      });
    }
  }

  #check(state: State, number: number, steps: number): void {
    this.found.atRest++;
    const wrong = this.#herd.wrong(state);
    if (wrong === undefined) return;
    this.found.diverged++;
    if (steps >= this.#steps) return;
    this.#steps = steps;
    this.found.shortest = { wrong, steps: this.#told(number) };
  }

  /** The moves on the shortest way to a state, in words. */
  #told(number: number): string[] {
    const moves: Move[] = [];
    for (let at = number; at > 0; at = this.#befores[at]!) {
      moves.push(this.#moves[at]!);
    }
    let state = this.#herd.start;
    const texts = moves.reverse().map((move) => {
      const lines = this.#herd.linesOf(state, move);
      state = this.#herd.after(state, move);
      return moveText(move, lines, this.#setup);
    });
    return counted(texts);
  }
}

/** Texts, of which equal ones that follow each other are one. */
function counted(texts: readonly string[]): string[] {
  const runs: { text: string; times: number }[] = [];
  for (const text of texts) {
    const last = runs.at(-1);
    if (last?.text === text) last.times++;
    else runs.push({ text, times: 1 });
  }
  return runs.map(({ text, times }) =>
    times === 1 ? text : `${text}, ${times} times`
  );
}
