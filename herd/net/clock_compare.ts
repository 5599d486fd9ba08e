/**
 * Compares the clocks of two neighbours, by the heartbeats of their link.
 *
 * The number of a `PING` is the sender's wall time in milliseconds. The
 * receiver sees how far its own clock is ahead, plus the time of travel; and
 * the `PONG`s to its own `PING`s give the round-trip time. So the difference is
 * known to within half a round trip. It matters, because of two fixes the one
 * with the later time wins, and clients' times are shown beside the servers'.
 *
 * @module
 */
import type { LinkClocks } from "../core/link/link_clocks.ts";
import type { Clock } from "./platform.ts";

/** A lower number is no time of this century: the other side just counts. */
const TIME_MS_MIN = 1_000_000_000_000;
/** The quickest of this many heartbeats is used. */
const HEARTBEATS = 8;

/** How far a neighbour's clock differs. */
export interface ClockDifference {
  /** How far the neighbour's clock is ahead; below 0 if it is behind. */
  readonly aheadMs: number;
  /** The maximum error of `aheadMs`. */
  readonly withinMs: number;
}

/** Compares the two clocks of one link. */
export class ClockCompare implements LinkClocks {
  readonly #clock: Pick<Clock, "wallMs">;
  readonly #onCompared: (difference: ClockDifference) => void;
  /** How far our clock seemed ahead when each of the last PINGs arrived. */
  readonly #seemed: number[] = [];
  /** The last round-trip times. */
  readonly #tookMs: number[] = [];

  /** @param onCompared Called after each comparison. */
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
    // If a clock was set meanwhile, the measurement is useless.
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
