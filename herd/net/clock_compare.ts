/**
 * Compares the clocks of two neighbours, by the heartbeats of their link.
 *
 * The number of a `PING` is then the sender's wall time in milliseconds. Who gets
 * it sees by how much its own clock is ahead, and the way there; and its own
 * `PONG`s tell how long both ways take. So the difference is known to half of
 * that. It matters, for of two fixes the one with the later time counts, and the
 * clients' times are told beside the servers'.
 *
 * @module
 */
import type { LinkClocks } from "../core/link/link_clocks.ts";
import type { Clock } from "./platform.ts";

/** Numbers below this are no time of this century: the other side counts. */
const TIME_MS_MIN = 1_000_000_000_000;
/** Of so many heartbeats the quickest counts. */
const HEARTBEATS = 8;

/** By how much a neighbour's clock differs. */
export interface ClockDifference {
  /** The neighbour's clock is ahead by this; behind, if it is below 0. */
  readonly aheadMs: number;
  /** It may be as much more or less. */
  readonly withinMs: number;
}

/** Both clocks of one link. */
export class ClockCompare implements LinkClocks {
  readonly #clock: Pick<Clock, "wallMs">;
  readonly #onCompared: (difference: ClockDifference) => void;
  /** By how much our clock seemed ahead as each of the last PINGs came. */
  readonly #seemed: number[] = [];
  /** How long both ways took, of the last ones. */
  readonly #tookMs: number[] = [];

  /** Nothing has come; `onCompared` hears of each comparison. */
  constructor(
    clock: Pick<Clock, "wallMs">,
    onCompared: (difference: ClockDifference) => void,
  ) {
    this.#clock = clock;
    this.#onCompared = onCompared;
  }

  stamp(): number {
    return Math.round(this.#clock.wallMs());
  }

  pinged(number: number): void {
    if (number < TIME_MS_MIN) return;
    keep(this.#seemed, this.#clock.wallMs() - number);
  }

  ponged(number: number): void {
    const tookMs = this.#clock.wallMs() - number;
    // A clock that was set meanwhile tells nothing.
    if (number < TIME_MS_MIN || tookMs < 0) return;
    keep(this.#tookMs, tookMs);
    if (this.#seemed.length === 0) return;
    const bothMs = Math.min(...this.#tookMs);
    const seemedMs = Math.min(...this.#seemed);
    this.#onCompared({
      aheadMs: Math.round(bothMs / 2 - seemedMs),
      withinMs: Math.ceil(bothMs / 2),
    });
  }
}

function keep(numbers: number[], number: number): void {
  numbers.push(number);
  if (numbers.length > HEARTBEATS) numbers.shift();
}
