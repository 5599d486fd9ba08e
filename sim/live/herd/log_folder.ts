/**
 * A folder for the logs of each run, of which the last few are kept.
 *
 * @module
 */
import type { Clock } from "../../../herd/net/platform.ts";
import type { HerdOptions } from "./start_options.ts";

/** Runs whose logs are kept, the one that begins included. */
const RUNS_MAX = 10;
/** A folder of a run has this file in it, locked for as long as the run lasts. */
const LOCK_FILE = ".run";
const RUN = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ(-\d+)?$/;
/** What clients by TLS are to trust. */
export const TLS_FILE = "tls.pem";
const OURS = /^(\.run|\.ctl(\.new)?|tls\.pem|[!-~]+\.jsonl(\.1)?)$/;

/** The folder of a run that goes on. */
export interface LogFolder {
  readonly path: string;
  close(): void;
}

/**
 * Makes a folder for a run, `2026-03-01T12-00-00Z`, and removes those of old
 * runs: none that is in use, and none in which there is anything else.
 *
 * @param directory Where the folders of all runs are; it need not be there.
 * @throws {Error} If it can't be written.
 */
export async function openLogFolder(
  clock: Clock,
  directory: string,
): Promise<LogFolder> {
  await Deno.mkdir(directory, { recursive: true });
  const path = await makeFolder(clock, directory);
  const lock = await Deno.open(`${path}/${LOCK_FILE}`, {
    write: true,
    createNew: true,
  });
  await lock.lock(true);
  await removeOld(directory);
  return { path, close: () => lock.close() };
}

/** The options of a herd that logs into the folder of its run. */
export function inFolder<O extends Pick<HerdOptions, "log">>(
  options: O,
  { path }: LogFolder,
): O {
  return options.log
    ? { ...options, log: { ...options.log, directory: path } }
    : options;
}

/** Whether the run goes on whose folder this is. */
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

/** Removes a run's folder, if it is one, is not in use and holds nothing else. */
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
    // Another run removes it, or somebody is at it: it can wait for the next.
  }
}
