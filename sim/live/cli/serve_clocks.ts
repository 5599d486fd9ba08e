/**
 * By how much the clocks of neighbours differ, told where it is much.
 *
 * @module
 */
import type { ClockDifference } from "../../../herd/net/clock_compare.ts";

/** A difference that matters to people: fixes are told by their seconds. */
const SKEW_MS = 500;
/** It is told again when it has changed by so much. */
const CHANGE_MS = 500;

/** What is known of the neighbours' clocks. */
export class ClockSkews {
  readonly #tell: (text: string) => void;
  readonly #known = new Map<string, ClockDifference>();
  readonly #told = new Map<string, number>();

  /** Nothing is known; `tell` is given what people should know. */
  constructor(tell: (text: string) => void) {
    this.#tell = tell;
  }

  /** By neighbour. */
  all(): IterableIterator<[peer: string, difference: ClockDifference]> {
    return this.#known.entries();
  }

  /** A comparison was made. */
  readonly hear = (peer: string, difference: ClockDifference): void => {
    this.#known.set(peer, difference);
    const { aheadMs, withinMs } = difference;
    const surelyMs = Math.abs(aheadMs) - withinMs;
    const told = this.#told.get(peer);
    if (told === undefined && surelyMs < SKEW_MS) return;
    if (told !== undefined && Math.abs(aheadMs - told) < CHANGE_MS) return;
    if (surelyMs < SKEW_MS) {
      this.#told.delete(peer);
      this.#tell(`the clock of ${peer} agrees again`);
      return;
    }
    this.#told.set(peer, aheadMs);
    const way = aheadMs > 0 ? "ahead of" : "behind";
    const seconds = (Math.abs(aheadMs) / 1_000).toFixed(1);
    this.#tell(`the clock of ${peer} is ${seconds} s ${way} ours`);
  };
}
