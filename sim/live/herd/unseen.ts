/**
 * The error of a question that needs to observe more of servers than their
 * world allows.
 *
 * @module
 */
import { type Sight, unseenText } from "../../model/sight.ts";
import type { World } from "../../worlds/world.ts";

/** The world of the servers does not allow to observe this. */
export class Unseen extends Error {
  /** `Unseen`. */
  override readonly name = "Unseen";
}

/**
 * Checks that these things can be observed.
 *
 * @throws {Unseen} If not.
 */
export function assertSeen(
  world: World,
  needs: readonly Sight[],
  what: string,
): void {
  const why = unseenText(needs, world.sees, world.name);
  if (why !== undefined) throw new Unseen(`Cannot tell ${what}: ${why}`);
}
