/**
 * The folder of a journal: the names of its files, and how they are read when a
 * server starts.
 *
 * @module
 */
import { FRAME_BYTES_MAX } from "../core/journal/frame.ts";
import type { Journal, Replay } from "../core/journal/journal.ts";
import {
  type Disk,
  type DiskFile,
  type DiskFolder,
  FolderInUse,
} from "./disk.ts";
import type { ServerLog } from "./log.ts";
import type { Clock } from "./platform.ts";
import { inTurns } from "./tasks.ts";
import { delay } from "./timing.ts";

/** Bytes read at a time; more than any frame. */
const PIECE_BYTES = 4 * FRAME_BYTES_MAX;
/** A server that was just ended may hold its folder a little longer. */
const LOCK_TRIES = 40;
const LOCK_MS = 50;
/** Name of an incomplete snapshot. */
export const UNFINISHED = "snapshot";
const NAME = /^(journal|snapshot)-(\d{6,})$/;

/** A file of the journal, and how much of it is written. */
export interface Segment {
  readonly number: number;
  readonly file: DiskFile;
  bytes: number;
}

export function nameOf(kind: "journal" | "snapshot", number: number): string {
  return `${kind}-${String(number).padStart(6, "0")}`;
}

/**
 * Locks a folder for this server.
 *
 * @throws {FolderInUse} If another server uses it.
 */
export async function taken(
  clock: Clock,
  disk: Disk,
  path: string,
): Promise<DiskFolder> {
  for (let tries = 0; tries < LOCK_TRIES; tries++) {
    const folder = await disk.open(path);
    if (folder !== undefined) return folder;
    await delay(clock, LOCK_MS);
  }
  throw new FolderInUse(path);
}

/** Creates an empty file that would survive a loss of power. */
export async function begun(
  folder: DiskFolder,
  number: number,
): Promise<Segment> {
  const file = await folder.create(nameOf("journal", number));
  try {
    await folder.sync();
  } catch (error) {
    file.close();
    throw error;
  }
  return { number, file, bytes: 0 };
}

/** Merges all files of a folder; returns the highest number, and their size. */
export async function replayAll(
  { clock, log }: { clock: Clock; log: ServerLog },
  journal: Journal,
  folder: DiskFolder,
): Promise<{ last: number; count: number; bytes: number }> {
  let [last, count, lines, total] = [0, 0, 0, 0];
  for (const name of await folder.list()) {
    // Left by a crash; there may be no room for another file beside it.
    if (name === UNFINISHED) await folder.remove(name);
    const number = NAME.exec(name)?.[2];
    if (number === undefined) continue;
    last = Math.max(last, Number(number));
    const size = await folder.size(name);
    const replay = journal.replay();
    for (let [at, isLast] = [0, false]; !isLast;) {
      const piece = await folder.read(name, at, PIECE_BYTES);
      isLast = piece.length < PIECE_BYTES;
      at += await inTurns(clock, replay.read(piece, isLast));
    }
    count++;
    lines += replay.lines;
    total += size - replay.endBytes;
    await cutEnd(log, folder, name, size, replay);
  }
  log.info("replayed", { lines, bytes: total });
  return { last, count, bytes: total };
}

/**
 * Cuts off what follows the last whole frame, and reports damage. A torn end is
 * what a crash leaves of an unacknowledged write.
 */
async function cutEnd(
  log: ServerLog,
  folder: DiskFolder,
  name: string,
  size: number,
  { tornBytes, brokenBytes, endBytes }: Replay,
): Promise<void> {
  if (brokenBytes > 0) {
    log.error("journal-broken", { name, bytes: brokenBytes });
  }
  if (tornBytes > 0) log.warn("journal-torn", { name, bytes: tornBytes });
  if (endBytes > 0) await folder.truncate(name, size - endBytes);
}

/** Removes files with a lower number: later ones contain all of it. */
export async function removeBefore(
  folder: DiskFolder,
  number: number,
): Promise<void> {
  for (const name of await folder.list()) {
    const found = NAME.exec(name);
    if (found && Number(found[2]) < number) await folder.remove(name);
  }
}
