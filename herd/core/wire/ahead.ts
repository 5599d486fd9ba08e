/**
 * Times ahead of the server's clock. A fix dated next year could not be
 * replaced by a correct one until then.
 *
 * @module
 */
import type { Instant } from "../bytes/decimal.ts";

/** A day: no clock is that wrong by chance. */
const FAR_MS = 86_400_000;

/** How far ahead the times of fixes are, and which are too far. */
export class Ahead {
  readonly #tooFarMs: number;
  /**
   * Times more than this many seconds ahead of the clock are checked exactly.
   */
  readonly #seconds: number;

  /** Times more than `tooFarMs` milliseconds ahead are too far. */
  constructor(tooFarMs: number) {
    this.#tooFarMs = tooFarMs;
    // One second less, because fractions of a second are not compared.
    this.#seconds = Math.min(FAR_MS, tooFarMs) / 1_000 - 1;
  }

  /** Whether a time may be far ahead. Called for each line, so it is quick. */
  mayBeFar(time: Instant, now: Instant): boolean {
    return time.seconds - now.seconds > this.#seconds;
  }

  isTooFar(time: Instant, now: Instant): boolean {
    return aheadMs(time, now) > this.#tooFarMs;
  }

  /** Milliseconds that a time is ahead, if it is more than a day. */
  farMs(time: Instant, now: Instant): number | undefined {
    const ms = aheadMs(time, now);
    return ms > FAR_MS ? Math.min(ms, Number.MAX_SAFE_INTEGER) : undefined;
  }
}

function aheadMs(time: Instant, now: Instant): number {
  return (time.seconds - now.seconds) * 1_000 +
    (time.nanos - now.nanos) / 1_000_000;
}
