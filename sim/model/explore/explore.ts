/**
 * Explores all orders of events in a small herd, each state once.
 *
 * What clients and the fault do can't be undone, so states are explored in
 * stages: from the moves of a client or of the fault to the next ones, a herd
 * moves by itself. Only the states of one stage have to be known at a time.
 *
 * @module
 */
import { type Move, moveText } from "./moves.ts";
import {
  inOrder,
  reach,
  type Reached,
  unreached,
  type Way,
} from "./reached.ts";
import type { Setup } from "./setup.ts";
import { SmallHerd } from "./small_herd.ts";
import type { State } from "./state.ts";

/** Number of states between two chances to stop. */
const SLICE_STATES = 2_000;

/** What happens in a herd. */
export type Herd = Pick<SmallHerd, keyof SmallHerd>;

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
  herd: Herd = new SmallHerd(setup),
): Generator<Readonly<Explored>, Explored> {
  const exploration = new Exploration(setup, statesMax, herd);
  const { found } = exploration;
  while (!found.isWhole) {
    const isStopped = yield* exploration.stage();
    if (isStopped) break;
  }
  return found;
}

/** States of one stage, by their keys. */
type Stage = Map<string, Reached>;

class Exploration {
  readonly found: Explored = {
    states: 0,
    atRest: 0,
    diverged: 0,
    orders: 0,
    isWhole: false,
  };
  readonly #setup: Setup;
  readonly #statesMax: number;
  readonly #herd: Herd;
  readonly #stages = new Map<number, Stage>();
  /** By the number of each state that was looked at: how it was reached. */
  readonly #befores: number[] = [];
  readonly #moves: (Move | undefined)[] = [];
  /** Number of moves that lead to the shortest divergence. */
  #steps = Infinity;

  constructor(setup: Setup, statesMax: number, herd: Herd) {
    this.#setup = setup;
    this.#statesMax = statesMax;
    this.#herd = herd;
    this.#reachStage(herd.start, { before: -1, steps: 0, orders: 1 });
  }

  #reachStage(state: State, way: Way): void {
    const number = this.#herd.stageOf(state);
    const stage = this.#stages.getOrInsertComputed(number, () => new Map());
    reach(this.#stateOf(stage, state), way);
  }

  #stateOf(stage: Stage, state: State): Reached {
    const key = this.#herd.keyOf(state);
    return stage.getOrInsertComputed(key, () => unreached(state));
  }

  /** Explores the next stage; returns whether there are too many states. */
  *stage(): Generator<Readonly<Explored>, boolean> {
    const { found } = this;
    const number = Math.min(...this.#stages.keys());
    const stage = this.#stages.get(number)!;
    this.#stages.delete(number);
    const known = new Set<Reached>();
    // Those that follow from its states by themselves are added meanwhile.
    for (const reached of stage.values()) {
      if (found.states === this.#statesMax) break;
      known.add(reached);
      this.#follow(stage, reached);
      if (++found.states % SLICE_STATES === 0) yield found;
    }
    const isStopped = known.size < stage.size;
    let looked = 0;
    for (const reached of inOrder(known)) {
      if (isStopped && !known.has(reached)) continue;
      this.#look(reached);
      looked++;
    }
    if (!isStopped && looked < known.size) this.#endless(known);
    found.isWhole = this.#stages.size === 0 && !isStopped;
    return isStopped;
  }

  #follow(stage: Stage, reached: Reached): void {
    const { state } = reached;
    reached.own = this.#herd.ownMoves(state);
    reached.next = reached.own.map((move) => {
      const next = this.#stateOf(stage, this.#herd.after(state, move));
      next.waits++;
      return next;
    });
  }

  /** Looks at a state once all ways that lead there are known. */
  #look(reached: Reached): void {
    const { state, own, orders } = reached;
    const number = this.#number(reached);
    const after = (move: Move): Way => ({
      before: number,
      move,
      steps: reached.steps + 1,
      orders,
    });
    for (const [at, move] of own.entries()) {
      reach(reached.next[at]!, after(move));
    }
    const outer = this.#herd.outerMoves(state);
    for (const move of outer) {
      this.#reachStage(this.#herd.after(state, move), after(move));
    }
    if (own.length > 0) return;
    this.found.atRest++;
    if (outer.length === 0) this.found.orders += orders;
    const wrong = this.#herd.wrong(state);
    if (wrong !== undefined) this.#diverged(reached, number, wrong);
  }

  #number({ before, move }: Reached): number {
    this.#moves.push(move);
    return this.#befores.push(before) - 1;
  }

  /** Some states lead to each other for ever. */
  #endless(all: Iterable<Reached>): void {
    const first = [...all]
      .filter(({ waits, steps }) => waits > 0 && steps < Infinity)
      .reduce((one, other) => other.steps < one.steps ? other : one);
    this.#diverged(first, this.#number(first), "it goes on for ever");
  }

  #diverged({ steps }: Reached, number: number, wrong: string): void {
    this.found.diverged++;
    if (steps >= this.#steps) return;
    this.#steps = steps;
    this.found.shortest = { wrong, steps: this.#told(number) };
  }

  /** The moves on the shortest way to a state, in words. */
  #told(number: number): string[] {
    const moves: Move[] = [];
    for (let at = number; at >= 0; at = this.#befores[at]!) {
      const move = this.#moves[at];
      if (move !== undefined) moves.push(move);
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
