/**
 * The worlds that can be had by name.
 *
 * @module
 */
import { OwnProcesses } from "../../worlds/processes/own_processes.ts";
import { threads } from "../../worlds/threads/threads.ts";
import type { WorldName } from "../../model/world_name.ts";
import { VirtualWorld } from "../../worlds/virtual/virtual.ts";
import type { World } from "../../worlds/world.ts";

/** How each is opened. */
const OPENED: Readonly<
  Record<WorldName, (seed: number) => World & Partial<AsyncDisposable>>
> = {
  threads: () => threads(),
  processes: () => new OwnProcesses(),
  virtual: (seed) => new VirtualWorld(seed),
};

/**
 * A world, as the options of a herd have it; one of its own ends with the herd.
 *
 * @param seed What happens in a virtual one follows from it.
 */
export function openWorld(
  world: World | WorldName,
  seed: number,
  stack: AsyncDisposableStack,
): World {
  if (typeof world !== "string") return world;
  const opened = OPENED[world](seed);
  stack.defer(() => opened[Symbol.asyncDispose]?.());
  return opened;
}
