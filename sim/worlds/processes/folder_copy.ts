/**
 * A copy of somebody's folder, in which their servers run: whatever they write
 * does not come into the folder itself.
 *
 * @module
 */
import { holdsOnlyOwn, isUnnameable } from "../own_folders.ts";

/** A folder above this is likely not the one that was meant. */
const BYTES_MAX = 256 * 1_048_576;
/** What no server needs in order to run. */
const LEFT_OUT = [".git", "__pycache__"];

/** Whether a name is that of something which no copy has, or can have. */
export function isLeftOut(name: string): boolean {
  return LEFT_OUT.includes(name) || isUnnameable(name);
}

/**
 * Copies a folder and all below it; folders with logs and reports of the
 * workbench are empty in the copy. Links are copied as links.
 *
 * @param signal Ends it; it then rejects with the signal's reason.
 * @throws {RangeError} If it is too large to be a submission, or something of it
 * can't be read.
 */
export async function copyFolder(
  from: string,
  to: string,
  signal?: AbortSignal,
): Promise<void> {
  let bytes = 0;
  const copy = async (from: string, to: string): Promise<void> => {
    // What ends it may have removed where it goes.
    signal?.throwIfAborted();
    await Deno.mkdir(to, { recursive: true });
    for await (const entry of Deno.readDir(from)) {
      signal?.throwIfAborted();
      const [source, target] = [`${from}/${entry.name}`, `${to}/${entry.name}`];
      if (isLeftOut(entry.name)) continue;
      if (entry.isSymlink) {
        await Deno.symlink(await Deno.readLink(source), target);
      } else if (entry.isDirectory) {
        // A server may want to write there, too.
        if (await holdsOnlyOwn(source)) await Deno.mkdir(target);
        else await copy(source, target);
      } else if (entry.isFile) {
        bytes += (await Deno.stat(source)).size;
        if (bytes > BYTES_MAX) {
          throw new RangeError(
            `${from} holds more than ${BYTES_MAX / 1_048_576} MiB: ` +
              "is it the folder of the servers?",
          );
        }
        await Deno.copyFile(source, target);
      }
    }
  };
  try {
    await copy(from, to);
  } catch (error) {
    if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
    throw new RangeError(`${from} can't be copied: ${error.message}`);
  }
}

/**
 * Makes in a folder what is not there yet: files with their texts, and folders,
 * whose paths end with a slash.
 *
 * @throws {RangeError} If one can't be made.
 */
export async function makeFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const target = `${folder}/${path}`;
    try {
      await Deno.mkdir(target.replace(/[^/]*$/, ""), { recursive: true });
      if (!path.endsWith("/")) {
        await Deno.writeTextFile(target, text, { createNew: true });
      }
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) continue;
      const why = error instanceof Error ? error.message : String(error);
      throw new RangeError(`${path} can't be made: ${why}`);
    }
  }
}
