/**
 * The worlds that have names.
 *
 * @module
 */
import { OwnProcesses } from "../../worlds/processes/own_processes.ts";
import { threads } from "../../worlds/threads/threads.ts";
import type { WorldName } from "../../model/world_name.ts";
import { VirtualWorld } from "../../worlds/virtual/virtual.ts";
import type { World } from "../../worlds/world.ts";

const OPENED: Readonly<
  Record<WorldName, (seed: number) => World & Partial<AsyncDisposable>>
> = {
  threads: () => threads(),
  processes: () => new OwnProcesses(),
  virtual: (seed) => new VirtualWorld(seed),
};

/**
 * Opens the world in a herd's options; one that is opened here ends with the
 * herd.
 *
 * @param seed The seed of a virtual world.
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
