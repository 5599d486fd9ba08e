/**
 * Times ahead of the server's clock. Nothing true can take the place of a fix
 * that says to be of next year, until then.
 *
 * @module
 */
import type { Instant } from "../bytes/decimal.ts";

/** No clock is so wrong by chance. */
const FAR_MS = 86_400_000;

/** How far ahead the times of fixes are, and which are too far. */
export class Ahead {
  readonly #tooFarMs: number;
  /** Times of so many seconds more than the clock's need a closer look. */
  readonly #seconds: number;

  /** Times of more than `tooFarMs` milliseconds ahead are too far. */
  constructor(tooFarMs: number) {
    this.#tooFarMs = tooFarMs;
    // The parts of a second may make up for a whole one.
    this.#seconds = Math.min(FAR_MS, tooFarMs) / 1_000 - 1;
  }

  /** Whether a time may be far ahead. It is asked for each line. */
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
