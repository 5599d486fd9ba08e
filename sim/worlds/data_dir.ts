/**
 * What servers keep on the disk of this machine.
 *
 * @module
 */
import type { ServerStart } from "./world.ts";

/** Where one of the servers that share a folder keeps what is its own. */
export function dataDirOf(folder: string, server: string): string {
  return `${folder}/${encodeURIComponent(server)}`;
}

/** Removes what a server that has ended keeps, if it keeps anything. */
export async function removeData({ dataDir }: ServerStart): Promise<void> {
  if (dataDir !== undefined) await removeFolder(dataDir);
}

/** Removes a folder with all that is in it, if it is there. */
export async function removeFolder(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    // It may have ended before it kept anything.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
