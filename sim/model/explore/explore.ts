/**
 * Explores all orders of events in a small herd, each state once.
 *
 * Nodes can't be copied, so a state is made by repeating all events that lead
 * to it. Two orders lead to the same state if each server has had the same
 * events in the same order: what is held, what is under way and what is still
 * to come follow from that. So a state is recognized before it is made, and
 * made once.
 *
 * @module
 */
import { Histories } from "./histories.ts";
import { type Move, moveText } from "./moves.ts";
import type { Setup } from "./setup.ts";
import { SmallHerd } from "./small_herd.ts";

/** Number of states between two chances to stop. */
const SLICE_STATES = 200;

/** How a state was first reached. */
interface Reached {
  readonly before: Reached | undefined;
  readonly move: Move | undefined;
  /** Number of orders that lead to it. */
  orders: number;
}

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
 * Explores up to `statesMax` states, those with fewer events first. Yields now
 * and then, so that it can be stopped.
 */
export function* explore(
  setup: Setup,
  statesMax: number,
): Generator<Readonly<Explored>, Explored> {
  const histories = new Histories();
  const found: Explored = {
    states: 0,
    atRest: 0,
    diverged: 0,
    orders: 0,
    isWhole: false,
  };
  let level: Reached[] = [{ before: undefined, move: undefined, orders: 1 }];
  while (level.length > 0) {
    // Histories contain all events, so a state has only one depth.
    const next = new Map<string, Reached>();
    for (const reached of level) {
      if (found.states === statesMax) return found;
      const herd = remade(reached, setup, histories);
      found.states++;
      const moves = herd.moves();
      if (herd.isAtRest) check(herd, reached, setup, found);
      if (moves.length === 0) found.orders += reached.orders;
      for (const move of moves) {
        const key = herd.keyAfter(move);
        const other = next.get(key);
        if (other !== undefined) other.orders += reached.orders;
        else next.set(key, { before: reached, move, orders: reached.orders });
      }
      if (found.states % SLICE_STATES === 0) yield found;
    }
    level = [...next.values()];
  }
  found.isWhole = true;
  return found;
}

function movesTo(reached: Reached): Move[] {
  const moves: Move[] = [];
  for (let at: Reached | undefined = reached; at?.move; at = at.before) {
    moves.push(at.move);
  }
  return moves.reverse();
}

function remade(reached: Reached, setup: Setup, all: Histories): SmallHerd {
  const herd = new SmallHerd(setup, all);
  for (const move of movesTo(reached)) herd.take(move);
  return herd;
}

function check(
  herd: SmallHerd,
  reached: Reached,
  setup: Setup,
  found: Explored,
): void {
  found.atRest++;
  const wrong = herd.wrong();
  if (wrong === undefined) return;
  found.diverged++;
  found.shortest ??= { wrong, steps: told(movesTo(reached), setup) };
}

function told(moves: readonly Move[], setup: Setup): string[] {
  const herd = new SmallHerd(setup, new Histories());
  return moves.map((move) => {
    const text = moveText(move, herd.linesOf(move), setup);
    herd.take(move);
    return text;
  });
}
