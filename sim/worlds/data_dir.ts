/**
 * The servers' data on the disk of this machine.
 *
 * @module
 */
import type { ServerStart } from "./world.ts";

/** A server's own folder within a shared one. */
export function dataDirOf(folder: string, server: string): string {
  return `${folder}/${encodeURIComponent(server)}`;
}

/** Removes the data of a server that has ended, if it keeps any. */
export async function removeData({ dataDir }: ServerStart): Promise<void> {
  if (dataDir !== undefined) await removeFolder(dataDir);
}

/** Removes a folder with everything in it, if it exists. */
export async function removeFolder(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    // The server may have ended before it kept anything.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
