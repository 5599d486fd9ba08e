/**
 * Times ahead of the server's clock. Nothing true can take the place of a fix
 * that says to be of next year, until then.
 *
 * @module
 */
import type { Instant } from "./decimal.ts";

/** No clock is so wrong by chance. */
const FAR_MS = 86_400_000;

/** Whether a time is more than so many milliseconds ahead of the clock. */
export function isAhead(time: Instant, now: Instant, ms: number): boolean {
  return aheadMs(time, now) > ms;
}

/** Milliseconds that a time is ahead, if it is more than a day. */
export function farAheadMs(time: Instant, now: Instant): number | undefined {
  const ms = aheadMs(time, now);
  return ms > FAR_MS ? Math.min(ms, Number.MAX_SAFE_INTEGER) : undefined;
}

function aheadMs(time: Instant, now: Instant): number {
  return (time.seconds - now.seconds) * 1_000 +
    (time.nanos - now.nanos) / 1_000_000;
}
