/**
 * Something that is done so often a second.
 *
 * @module
 */
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { delay } from "../../herd/net/timing.ts";

const { clock } = denoPlatform;
const TICK_MS = 5;

/**
 * Does something so often a second, whatever it takes.
 *
 * @param count How often in all, if it is not over before.
 * @param act Gets the number of each, from 0, and when it was due.
 */
export async function paced(
  perSecond: number,
  count: number,
  act: (at: number, dueMs: number) => void,
  isOver: () => boolean = () => false,
): Promise<void> {
  const beganMs = clock.nowMs();
  for (let at = 0; at < count && !isOver();) {
    const due = Math.min(count, (clock.nowMs() - beganMs) / 1_000 * perSecond);
    for (; at < due; at++) act(at, beganMs + at * 1_000 / perSecond);
    await delay(clock, TICK_MS);
  }
}
