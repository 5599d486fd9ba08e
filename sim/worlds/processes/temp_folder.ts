/**
 * Folders for what a workbench needs only while it runs. What is left of one
 * that was killed is removed by the next.
 *
 * @module
 */
import { dirname } from "node:path";

const PREFIX = "herd-";
/** Each such folder has this file in it, locked for as long as it is in use. */
const LOCK_FILE = ".run";

/** A folder that goes with its disposal. */
export interface TempFolder extends AsyncDisposable {
  readonly path: string;
}

/** Makes a folder, and removes those that nobody uses any more. */
export async function openTempFolder(): Promise<TempFolder> {
  const path = await Deno.makeTempDir({ prefix: PREFIX });
  // Nobody is to find it there before it is locked.
  const lock = await Deno.open(`${path}/.new`, { write: true, create: true });
  await lock.lock(true);
  await Deno.rename(`${path}/.new`, `${path}/${LOCK_FILE}`);
  await sweep(dirname(path));
  return {
    path,
    async [Symbol.asyncDispose]() {
      await Deno.remove(path, { recursive: true });
      lock.close();
    },
  };
}

/** Removes what is left of workbenches that are gone. */
async function sweep(folder: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (!isDirectory || !name.startsWith(PREFIX)) continue;
    const path = `${folder}/${name}`;
    if (!await isLeft(path)) continue;
    // It may be another's, or somebody else removes it now.
    await Deno.remove(path, { recursive: true }).catch(() => {});
  }
}

async function isLeft(path: string): Promise<boolean> {
  try {
    using lock = await Deno.open(`${path}/${LOCK_FILE}`);
    return await lock.tryLock(false);
  } catch {
    return false;
  }
}
