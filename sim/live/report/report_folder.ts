/**
 * The folder of a run's report. It is written under a temporary name next to
 * its place, and renamed when it is complete: so a folder that is there can be
 * trusted, and a run that was interrupted leaves none. If the folder exists and
 * is to be replaced, the files are written to a temporary folder in it and
 * moved when all are complete: the folder may be a link, a mount, or the user's
 * working directory.
 *
 * @module
 */
import { basename, dirname } from "node:path";
import { logFileNames } from "../../../herd/net/log_file.ts";
import { ifThere } from "../../worlds/if_there.ts";
import { LOCK_FILE } from "../../worlds/own_folders.ts";
import { lockFolder, sweep } from "../../worlds/processes/temp_folder.ts";
import { mergeLogs } from "./merge_logs.ts";
import { isPartial, removeReports } from "./replaceable.ts";

export interface ReportedRun {
  readonly name: string;
  /** The seed of its random choices. */
  readonly seed: number;
  /** When it was started, in milliseconds since the epoch. */
  readonly startedAtMs: number;
}

/** The names of the folders of a drill and of one run of it. */
export function ownFolder(
  { name, seed, startedAtMs }: ReportedRun,
): { readonly drill: string; readonly run: string } {
  const time = new Date(startedAtMs).toISOString().slice(0, 19)
    .replaceAll(":", "-");
  return { drill: folderName(name), run: `${time}Z-seed${seed}` };
}

/** The servers' logs, merged by time. */
const LOG_FILE = "servers.jsonl";
/** The suffix of unfinished folders and files. */
const PARTIAL = ".partial";

const NAME_CHARS_MAX = 60;

export class ReportFolder implements Disposable {
  readonly #partial: string;
  /** Has others leave it alone; what is left of a killed run is removed. */
  readonly #lock: Disposable;
  #final: string;
  readonly #isReplacing: boolean;
  /** The parent folders created for it, the innermost first. */
  readonly #made: readonly string[];
  #isFinished = false;

  private constructor(
    partial: string,
    lock: Disposable,
    final: string,
    isReplacing: boolean,
    made: readonly string[],
  ) {
    this.#partial = partial;
    this.#lock = lock;
    this.#final = final;
    this.#isReplacing = isReplacing;
    this.#made = made;
  }

  /**
   * Begins a report. Its folder and the parents are created.
   *
   * @param path Its folder. If that exists at the end, `-2` and so on is
   * appended.
   * @param isReplacing Whether to replace an existing folder's report instead.
   * @throws {Error} If the folder can't be written.
   */
  static async open(path: string, isReplacing = false): Promise<ReportFolder> {
    const isInside = isReplacing && await isThere(path);
    const parent = isInside ? path : dirname(path);
    const made: string[] = [];
    for (let folder = parent; !await isThere(folder);) {
      made.push(folder);
      folder = dirname(folder);
    }
    await Deno.mkdir(parent, { recursive: true });
    const partial = await Deno.makeTempDir({
      dir: parent,
      prefix: isInside ? ".report-" : `.${basename(path)}-`,
      suffix: PARTIAL,
    });
    const lock = await lockFolder(partial);
    await sweep(parent, isPartial);
    await Deno.mkdir(`${partial}/logs`);
    return new ReportFolder(partial, lock, path, isReplacing, made);
  }

  /** For servers that log for this report only; removed at the end. */
  get logDirectory(): string {
    return `${this.#partial}/logs`;
  }

  /** Merges the logs that servers wrote during the run. */
  async addLogs(directory: string, servers: readonly string[]): Promise<void> {
    const paths = servers.flatMap(logFileNames)
      .map((name) => `${directory}/${name}`);
    await mergeLogs(paths, `${this.#partial}/${LOG_FILE}`);
  }

  /** Writes one file, from its text or pieces of it. */
  async add(name: string, text: string | Iterable<string>): Promise<void> {
    await write(`${this.#partial}/${name}`, text);
  }

  /** Replaces one file of the finished report atomically. */
  async replace(name: string, text: string | Iterable<string>): Promise<void> {
    const partial = `${this.#final}/.${name}${PARTIAL}`;
    await write(partial, text);
    await Deno.rename(partial, `${this.#final}/${name}`);
  }

  /** Moves the report to its place; returns the path. */
  async finish(): Promise<string> {
    await Deno.remove(this.logDirectory, { recursive: true });
    await Deno.remove(`${this.#partial}/${LOCK_FILE}`);
    if (this.#isReplacing && await isThere(this.#final)) return this.#replace();
    // The temporary folder is private to its owner; a report may be read by
    // all.
    if (Deno.build.os !== "windows") {
      await Deno.chmod(this.#partial, 0o755);
    }
    for (let again = 1;; again++) {
      const path = again === 1 ? this.#final : `${this.#final}-${again}`;
      if (await isThere(path)) continue;
      await Deno.rename(this.#partial, path);
      this.#final = path;
      this.#isFinished = true;
      return path;
    }
  }

  /**
   * Synchronous, so that nothing interrupts it between the old and the new
   * report.
   */
  #replace(): string {
    removeReports(this.#final);
    for (const { name } of [...Deno.readDirSync(this.#partial)]) {
      Deno.renameSync(`${this.#partial}/${name}`, `${this.#final}/${name}`);
    }
    Deno.removeSync(this.#partial);
    this.#isFinished = true;
    return this.#final;
  }

  /** Removes what was written and created, unless it is finished. */
  [Symbol.dispose](): void {
    this.#lock[Symbol.dispose]();
    if (this.#isFinished) return;
    try {
      // Synchronous: after an interrupt of a drill that overloads the machine,
      // a turn of the event loop may take seconds.
      Deno.removeSync(this.#partial, { recursive: true });
      for (const folder of this.#made) Deno.removeSync(folder);
    } catch {
      // Another run has its report there by now, or somebody has removed it.
    }
  }
}

/** Writing line by line would be many small writes. */
const BLOCK_CHARS = 65_536;

function* blocks(pieces: Iterable<string>): Iterable<string> {
  let block = "";
  for (const piece of pieces) {
    block += piece;
    if (block.length < BLOCK_CHARS) continue;
    yield block;
    block = "";
  }
  if (block !== "") yield block;
}

async function write(
  path: string,
  text: string | Iterable<string>,
): Promise<void> {
  const pieces = typeof text === "string" ? [text] : text;
  await Deno.writeTextFile(path, ReadableStream.from(blocks(pieces)));
}

export async function isThere(path: string): Promise<boolean> {
  return await ifThere(Deno.lstat(path)) !== undefined;
}

/** Makes a folder's name of a drill's: letters, digits, `.`, `_` and `-`. */
export function folderName(name: string): string {
  const safe = name.normalize("NFC").replace(/[^\p{L}\p{N}._-]+/gu, "-")
    .replace(/^[.-]+|-+$/g, "");
  return [...safe].slice(0, NAME_CHARS_MAX).join("") || "drill";
}
