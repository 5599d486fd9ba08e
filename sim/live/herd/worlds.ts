/**
 * The worlds that can be had by name.
 *
 * @module
 */
import { OwnProcesses } from "../../worlds/processes/own_processes.ts";
import { threads } from "../../worlds/threads/threads.ts";
import type { World } from "../../worlds/world.ts";

/** All of them, the default first. */
export const WORLD_NAMES = ["threads", "processes"] as const;

/** What runs this project's servers: threads of one process, or a process each. */
export type WorldName = typeof WORLD_NAMES[number];

/** How each is opened. */
const OPENED: Readonly<
  Record<WorldName, () => World & Partial<AsyncDisposable>>
> = { threads, processes: () => new OwnProcesses() };

/** A world, as the options of a herd have it; one of its own ends with the herd. */
export function openWorld(
  world: World | WorldName,
  stack: AsyncDisposableStack,
): World {
  if (typeof world !== "string") return world;
  const opened = OPENED[world]();
  stack.defer(() => opened[Symbol.asyncDispose]?.());
  return opened;
}
