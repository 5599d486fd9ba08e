/**
 * A copy of somebody's folder, in which their servers run: whatever they write
 * does not come into the folder itself.
 *
 * @module
 */
import { isOwnFolder } from "../../model/own_folders.ts";

/** A folder above this is likely not the one that was meant. */
const BYTES_MAX = 256 * 1_048_576;
/** What no server needs in order to run. */
const LEFT_OUT = [".git", "__pycache__"];

/**
 * Copies a folder and all below it, except the workbench's own logs and reports.
 * Links are copied as links.
 *
 * @throws {RangeError} If it is too large to be a submission.
 */
export async function copyFolder(from: string, to: string): Promise<void> {
  let bytes = 0;
  const copy = async (from: string, to: string): Promise<void> => {
    const entries = await Array.fromAsync(Deno.readDir(from));
    if (isOwnFolder(entries.map(({ name }) => name))) return;
    await Deno.mkdir(to, { recursive: true });
    for (const entry of entries) {
      const [source, target] = [`${from}/${entry.name}`, `${to}/${entry.name}`];
      if (LEFT_OUT.includes(entry.name)) continue;
      if (entry.isSymlink) {
        await Deno.symlink(await Deno.readLink(source), target);
      } else if (entry.isDirectory) await copy(source, target);
      else if (entry.isFile) {
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
  await copy(from, to);
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
