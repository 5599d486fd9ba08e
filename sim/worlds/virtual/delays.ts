/**
 * How long things take in a virtual world.
 *
 * @module
 */
import type { Random } from "../../model/random.ts";

/** Milliseconds from one machine to another. */
const DELAY_MS_MIN = 0.02;
const DELAY_MS_MAX = 0.4;
/** One in so many takes far longer: a thread has had to wait for its turn. */
const LATE_IN = 32;
const LATE_MS_MAX = 4;

/** How long a piece is on its way, in milliseconds. */
export function delayMs(random: Random): number {
  const part = random.fraction();
  const isLate = random.below(LATE_IN) === 0;
  return DELAY_MS_MIN + part * (isLate ? LATE_MS_MAX : DELAY_MS_MAX);
}
