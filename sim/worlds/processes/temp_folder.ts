/**
 * Folders for what a workbench needs only while it runs. What is left of one
 * that was killed is removed by the next.
 *
 * @module
 */
import { dirname } from "node:path";
import { LOCK_FILE } from "../own_folders.ts";

const PREFIX = "herd-";

/** A folder that goes with its disposal. */
export interface TempFolder extends AsyncDisposable {
  readonly path: string;
}

/** Makes a folder, and removes those that nobody uses any more. */
export async function openTempFolder(): Promise<TempFolder> {
  const path = await Deno.makeTempDir({ prefix: PREFIX });
  const lock = await lockFolder(path);
  await sweep(dirname(path), (name) => name.startsWith(PREFIX));
  return {
    path,
    async [Symbol.asyncDispose]() {
      using _lock = lock;
      await Deno.remove(path, { recursive: true });
    },
  };
}

/** Has others see that a folder is in use, by a file in it. */
export async function lockFolder(path: string): Promise<Disposable> {
  // Nobody is to find it there before it is locked.
  const lock = await Deno.open(`${path}/.new`, { write: true, create: true });
  await lock.lock(true);
  await Deno.rename(`${path}/.new`, `${path}/${LOCK_FILE}`);
  return {
    [Symbol.dispose]() {
      // A process that is being started holds what is open until its program
      // runs, and with it the lock.
      lock.unlockSync();
      lock.close();
    },
  };
}

/** Removes what is left, in a folder, of workbenches that are gone. */
export async function sweep(
  folder: string,
  isOne: (name: string) => boolean,
): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (!isDirectory || !isOne(name)) continue;
    const path = `${folder}/${name}`;
    if (!await isLeft(path)) continue;
    // It may be another's, or somebody else removes it now.
    await Deno.remove(path, { recursive: true }).catch(() => {});
  }
}

async function isLeft(path: string): Promise<boolean> {
  try {
    using lock = await Deno.open(`${path}/${LOCK_FILE}`);
    // Editors have folders that are called so.
    return (await lock.stat()).isFile && await lock.tryLock(false);
  } catch {
    return false;
  }
}
