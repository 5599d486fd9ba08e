/**
 * The delays of a virtual world.
 *
 * @module
 */
import type { Random } from "../../model/random.ts";

/** Milliseconds from one machine to another. */
const DELAY_MS_MIN = 0.02;
const DELAY_MS_MAX = 0.4;
/**
 * One in so many takes far longer, as if a thread had to wait for a processor.
 */
const LATE_IN = 32;
const LATE_MS_MAX = 4;

/** The delay of one piece, in milliseconds. */
export function delayMs(random: Random): number {
  const part = random.fraction();
  const isLate = random.below(LATE_IN) === 0;
  return DELAY_MS_MIN + part * (isLate ? LATE_MS_MAX : DELAY_MS_MAX);
}
