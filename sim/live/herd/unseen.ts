/**
 * That something can't be told of servers of whom too little can be seen.
 *
 * @module
 */
import { type Sight, unseenText } from "../../model/sight.ts";
import type { World } from "../../worlds/world.ts";

/** That it needs to see more of servers than their world shows. */
export class Unseen extends Error {
  /** The class's name, as errors print it. */
  override readonly name = "Unseen";
}

/**
 * Sees to it that so much can be seen.
 *
 * @throws {Unseen} If it can't.
 */
export function assertSeen(
  world: World,
  needs: readonly Sight[],
  what: string,
): void {
  const why = unseenText(needs, world.sees, world.name);
  if (why !== undefined) throw new Unseen(`Cannot tell ${what}: ${why}`);
}
