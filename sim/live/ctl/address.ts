/**
 * Where a running herd takes commands, as its run's folder tells: a port of this
 * machine, and a token that only who may read the file knows.
 *
 * @module
 */
import { isRunning } from "../herd/log_folder.ts";

/** In the folder of a run, for as long as its herd takes commands. */
const FILE = ".ctl";
/** Only its owner may read and write it. */
const OWNER_ONLY = 0o600;

/** Where a herd takes commands. */
export interface Address {
  /** The port, on 127.0.0.1. */
  readonly port: number;
  /** What a command must come with. */
  readonly token: string;
  /** What is run, for people: `2014`. */
  readonly topology: string;
}

/** The address of a herd, and the folder of its run. */
export interface FoundAddress extends Address {
  readonly folder: string;
}

/** Writes an address for others to find, and tells how to take it back. */
export async function publish(
  folder: string,
  address: Address,
): Promise<Disposable> {
  const path = `${folder}/${FILE}`;
  // Renamed when it is whole: nobody reads half of it.
  const options = { mode: OWNER_ONLY, createNew: true };
  await Deno.writeTextFile(`${path}.new`, JSON.stringify(address), options);
  await Deno.rename(`${path}.new`, path);
  return {
    [Symbol.dispose]() {
      try {
        Deno.removeSync(path);
      } catch {
        // Somebody has removed the whole folder, or made it one that can't be
        // written. What is left there is passed over, as of a herd that died.
      }
    },
  };
}

/**
 * The herds that run and take commands: that of a run's folder, or all whose
 * runs have their folders in `folder`. The file of one that was killed is left,
 * and passed over.
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
