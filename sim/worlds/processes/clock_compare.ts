/**
 * By how much the clock of a process on another machine is ahead of ours: what it
 * tells of times is to agree with what others tell.
 *
 * @module
 */
import type { Clock } from "../../../herd/net/platform.ts";

/** The first answer comes when it has started, which takes long. */
const ROUNDS = 5;

/**
 * Asks for the time some times, and believes the answer that came soonest.
 *
 * @param ask Asks what time it is there.
 * @param done Hears by how many milliseconds it is later there; to half of what
 * the way there and back took.
 * @returns Takes an answer.
 */
export function compareClocks(
  clock: Clock,
  ask: () => void,
  done: (aheadMs: number) => void,
): (atMs: number) => void {
  let askedMs = clock.nowMs();
  let rounds = 0;
  let best = { tookMs: Infinity, aheadMs: 0 };
  ask();
  return (atMs) => {
    if (rounds === ROUNDS) return;
    const nowMs = clock.nowMs();
    const tookMs = nowMs - askedMs;
    if (tookMs < best.tookMs) {
      best = { tookMs, aheadMs: atMs - askedMs - tookMs / 2 };
    }
    if (++rounds === ROUNDS) return done(best.aheadMs);
    askedMs = nowMs;
    ask();
  };
}
