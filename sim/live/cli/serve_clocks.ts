/**
 * Reports large differences between the clocks of neighbours.
 *
 * @module
 */
import type { ClockDifference } from "../../../herd/net/clock_compare.ts";

/** A difference that matters to users, because fixes carry seconds. */
const SKEW_MS = 500;
/** A change by this much is reported again. */
const CHANGE_MS = 500;

/** The known differences of the neighbours' clocks. */
export class ClockSkews {
  readonly #tell: (text: string) => void;
  readonly #known = new Map<string, ClockDifference>();
  readonly #told = new Map<string, number>();

  /** `tell` is called with each report. */
  constructor(tell: (text: string) => void) {
    this.#tell = tell;
  }

  /** By neighbour. */
  all(): IterableIterator<[peer: string, difference: ClockDifference]> {
    return this.#known.entries();
  }

  /** Takes the result of a comparison. */
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
