/**
 * Something that is done so often a second.
 *
 * @module
 */
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { delay } from "../../herd/net/timing.ts";

const { clock } = denoPlatform;
const TICK_MS = 5;

/** Does something so often a second, whatever it takes. */
export async function paced(
  perSecond: number,
  seconds: number,
  act: (at: number) => void,
): Promise<void> {
  const beganMs = clock.nowMs();
  const count = perSecond * seconds;
  for (let at = 0; at < count;) {
    const due = Math.min(count, (clock.nowMs() - beganMs) / 1_000 * perSecond);
    while (at < due) act(at++);
    await delay(clock, TICK_MS);
  }
}
