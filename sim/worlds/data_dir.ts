/**
 * What servers keep on the disk of this machine.
 *
 * @module
 */
import type { ServerStart } from "./world.ts";

/** Removes what a server that has ended keeps, if it keeps anything. */
export async function removeData({ dataDir }: ServerStart): Promise<void> {
  if (dataDir === undefined) return;
  try {
    await Deno.remove(dataDir, { recursive: true });
  } catch (error) {
    // It may have ended before it kept anything.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
