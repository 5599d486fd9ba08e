/**
 * A folder for what servers keep on disk, for as long as a drill runs.
 *
 * @module
 */
import type { Scenario } from "../../model/scenario/scenario.ts";
import { openTempFolder } from "../../worlds/processes/temp_folder.ts";

/**
 * The folder of a drill, if its servers are to keep anything; it is removed
 * with all that is in it. In virtual time it is on no disk of this machine, so
 * nothing need be allowed to write there.
 */
export async function dataFolder({ durable, world }: Scenario) {
  if (durable !== "disk") return undefined;
  const folder = world === "virtual" ? undefined : await openTempFolder();
  return {
    dataDir: folder?.path ?? "data",
    [Symbol.asyncDispose]: async () => await folder?.[Symbol.asyncDispose](),
  };
}
