/**
 * A folder for the logs of each run; only the last few are kept.
 *
 * @module
 */
import type { Clock } from "../../../herd/net/platform.ts";
import { LOCK_FILE } from "../../worlds/own_folders.ts";
import { lockFolder } from "../../worlds/processes/temp_folder.ts";
import type { HerdOptions } from "./start_options.ts";

/** How many runs' logs are kept, including the one that begins. */
const RUNS_MAX = 10;
const RUN = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ(-\d+)?$/;
/** The certificate that TLS clients have to trust. */
export const TLS_FILE = "tls.pem";
const OURS = /^(\.run|\.ctl(\.new)?|tls\.pem|[!-~]+\.jsonl(\.1)?)$/;

/** The folder of a run under way. */
export interface LogFolder {
  readonly path: string;
  close(): void;
}

/**
 * Creates a folder for a run, `2026-03-01T12-00-00Z`, and removes those of old
 * runs, unless they are in use or contain anything else.
 *
 * @param directory The folder of all runs; it is created if needed.
 * @throws {Error} If it can't be written.
 */
export async function openLogFolder(
  clock: Clock,
  directory: string,
): Promise<LogFolder> {
  await Deno.mkdir(directory, { recursive: true });
  const path = await makeFolder(clock, directory);
  const lock = await lockFolder(path);
  await removeOld(directory);
  return { path, close: () => lock[Symbol.dispose]() };
}

/**
 * The options of a herd, changed so that it logs into the folder of its run.
 */
export function inFolder<O extends Pick<HerdOptions, "log">>(
  options: O,
  { path }: LogFolder,
): O {
  return options.log
    ? { ...options, log: { ...options.log, directory: path } }
    : options;
}

/** Whether the run with this folder is under way. */
export async function isRunning(path: string): Promise<boolean> {
  try {
    using lock = await Deno.open(`${path}/${LOCK_FILE}`);
    return !await lock.tryLock(false);
  } catch {
    return false;
  }
}

async function makeFolder(clock: Clock, directory: string): Promise<string> {
  const time = new Date(clock.wallMs()).toISOString().slice(0, 19);
  const own = `${directory}/${time.replaceAll(":", "-")}Z`;
  for (let again = 1;; again++) {
    const path = again === 1 ? own : `${own}-${again}`;
    try {
      await Deno.mkdir(path);
      return path;
    } catch (error) {
      // Another run began in the same second.
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
}

async function removeOld(directory: string): Promise<void> {
  const runs: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(directory)) {
    if (isDirectory && RUN.test(name)) runs.push(name);
  }
  const byAge = new Intl.Collator("en", { numeric: true });
  runs.sort(byAge.compare);
  for (const name of runs.slice(0, -RUNS_MAX)) {
    await removeRun(`${directory}/${name}`);
  }
}

/** Removes a run's folder, unless it is in use or contains anything else. */
async function removeRun(path: string): Promise<void> {
  try {
    using lock = await Deno.open(`${path}/${LOCK_FILE}`, { write: true });
    if (!await lock.tryLock(true)) return;
    const names: string[] = [];
    for await (const { name, isFile } of Deno.readDir(path)) {
      if (!isFile || !OURS.test(name)) return;
      names.push(name);
    }
    for (const name of names) await Deno.remove(`${path}/${name}`);
    await Deno.remove(path);
  } catch {
    // Another run removes it, or somebody uses it: the next run will try again.
  }
}
