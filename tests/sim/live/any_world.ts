/**
 * The world of tests whose point is the same in every world.
 *
 * @module
 */
import type { HerdOptions } from "../../../mod.ts";
import { WORLD_NAMES, type WorldName } from "../../../sim/model/world_name.ts";

/** By default virtual time: a herd takes milliseconds in it, and never waits. */
function chosen(): WorldName {
  const asked = Deno.env.get("TEST_WORLD") ?? "virtual";
  const world = WORLD_NAMES.find((name) => name === asked);
  if (world === undefined) throw new RangeError(`No world is ${asked}`);
  return world;
}

/** What such tests give to a herd or to a drill, so that each run is the same. */
export const ANY_WORLD: Readonly<Pick<HerdOptions, "world" | "seed">> = {
  world: chosen(),
  seed: 1,
};
