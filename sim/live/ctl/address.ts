/**
 * The address at which a running herd takes commands: a port of this machine,
 * and a token in the run's folder that only the file's owner can read.
 *
 * @module
 */
import { isRunning } from "../herd/log_folder.ts";

/** In a run's folder, while its herd takes commands. */
const FILE = ".ctl";
/** Only the owner may read and write it. */
const OWNER_ONLY = 0o600;

/** The address of a herd. */
export interface Address {
  /** On 127.0.0.1. */
  readonly port: number;
  /** Each request needs it. */
  readonly token: string;
  /** The topology's name, such as `2014`. */
  readonly topology: string;
}

/** The address of a herd, and the folder of its run. */
export interface FoundAddress extends Address {
  readonly folder: string;
}

/** Writes an address for others to find; dispose of the result to remove it. */
export async function publish(
  folder: string,
  address: Address,
): Promise<Disposable> {
  const path = `${folder}/${FILE}`;
  // Written under another name and renamed, so that nobody reads half of it.
  const options = { mode: OWNER_ONLY, createNew: true };
  await Deno.writeTextFile(`${path}.new`, JSON.stringify(address), options);
  await Deno.rename(`${path}.new`, path);
  return {
    [Symbol.dispose]() {
      try {
        Deno.removeSync(path);
      } catch {
        // The folder was removed, or is no longer writable. What is left
        // there is ignored, like the file of a herd that was killed.
      }
    },
  };
}

/**
 * The running herds that take commands: that of a run's folder, or all with
 * their runs' folders in `folder`. A file that a killed herd has left is
 * ignored.
 */
export async function runningHerds(folder: string): Promise<FoundAddress[]> {
  const own = await addressIn(folder);
  if (own !== undefined) return await isRunning(folder) ? [own] : [];
  const found: FoundAddress[] = [];
  for (const path of foldersIn(folder)) {
    const address = await addressIn(path);
    if (address && await isRunning(path)) found.push(address);
  }
  return found;
}

function foldersIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].filter((it) => it.isDirectory)
      .map(({ name }) => `${folder}/${name}`).sort();
  } catch {
    return [];
  }
}

async function addressIn(folder: string): Promise<FoundAddress | undefined> {
  try {
    const text = await Deno.readTextFile(`${folder}/${FILE}`);
    const { port, token, topology } = JSON.parse(text);
    const isOne = Number.isInteger(port) && typeof token === "string";
    return isOne ? { port, token, topology: `${topology}`, folder } : undefined;
  } catch {
    return undefined;
  }
}
