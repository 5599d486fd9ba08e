/**
 * The journal of a server on disk: what it takes is written, a group at a time,
 * before it is acknowledged.
 *
 * `journal-000007` holds frames as they came; `snapshot-000008` holds all that
 * was held when `journal-000008` was begun, and makes what is older needless. A
 * snapshot gets its name when it is whole, so a crash leaves one or the other.
 *
 * An error of `sync` is the end: what the system has then dropped of a file can't
 * be known, and a second try would only say that nothing is left to write
 * (Rebello et al., "Can Applications Recover from fsync Failures?", 2020).
 *
 * @module
 */
import { ByteWriter } from "../core/bytes/writer.ts";
import type { Journal, Replayed } from "../core/journal/journal.ts";
import {
  type Disk,
  type DiskFile,
  type DiskFolder,
  FolderInUse,
  isFull,
  writeAll,
} from "./disk.ts";
import type { ServerLog } from "./log.ts";
import type { Clock } from "./platform.ts";
import { inTurns, type Tasks } from "./tasks.ts";
import { delay, nextTurn } from "./timing.ts";

const FRAME_BYTES = 262_144;
const SEGMENT_BYTES = 64 * 1_048_576;
const SNAPSHOT_FRAME_BYTES = 65_536;
/** Files from before; more are put together when a server starts. */
const FILES_MAX = 8;
/** Until the next try, where a disk is full. */
const FULL_MS = 1_000;
/** A server that was ended just now may hold its folder a little longer. */
const LOCK_TRIES = 40;
const LOCK_MS = 50;
/** A snapshot that is not whole yet. */
const UNFINISHED = "snapshot";
const NAME = /^(journal|snapshot)-(\d{6,})$/;

export interface JournalHost {
  readonly clock: Clock;
  readonly log: ServerLog;
  readonly tasks: Tasks;
  /** Bytes of a file from which on the next is begun; 64 MiB. */
  readonly segmentBytes?: number;
}

/** A file of the journal, and how much of it is written. */
interface Segment {
  readonly number: number;
  readonly file: DiskFile;
  bytes: number;
}

export class JournalFiles {
  readonly #host: JournalHost;
  readonly #journal: Journal;
  readonly #folder: DiskFolder;
  readonly #out = new ByteWriter();
  #segment: Segment;
  /** Bytes of all files, and of the snapshot among them. */
  #bytes: number;
  #snapshotBytes = 0;
  /** Those who wait for the group that is being written, and for the next. */
  #group: PromiseWithResolvers<void> | undefined;
  #next: PromiseWithResolvers<void> | undefined;
  #running: Promise<void> | undefined;
  readonly #segmentBytes: number;
  #snapshotting: Promise<void> | undefined;
  #isStopped = false;

  private constructor(
    host: JournalHost,
    journal: Journal,
    folder: DiskFolder,
    segment: Segment,
    bytes: number,
  ) {
    this.#host = host;
    this.#segmentBytes = host.segmentBytes ?? SEGMENT_BYTES;
    this.#journal = journal;
    this.#folder = folder;
    this.#segment = segment;
    this.#bytes = bytes;
  }

  /**
   * Merges what a folder holds, and goes on writing there.
   *
   * @throws {FolderInUse} If another server uses the folder.
   * @throws {Error} If it can't be used.
   */
  static async open(
    host: JournalHost,
    journal: Journal,
    disk: Disk,
    path: string,
  ): Promise<JournalFiles> {
    const folder = await taken(host.clock, disk, path);
    try {
      const { last, count, bytes } = await replayAll(host, journal, folder);
      const segment = await begun(folder, last + 1);
      const files = new JournalFiles(host, journal, folder, segment, bytes);
      if (count > FILES_MAX) files.#beginSnapshot();
      return files;
    } catch (error) {
      folder.close();
      throw error;
    }
  }

  /** Something is to be written, though nobody waits for it. */
  note(): void {
    if (this.#running === undefined && !this.#isStopped) this.#run();
  }

  /** Resolves when all that is stored by now is on disk, or it was stopped. */
  commit(): Promise<void> {
    if (this.#isStopped) return Promise.resolve();
    this.#next ??= Promise.withResolvers();
    this.note();
    return this.#next.promise;
  }

  /**
   * Writes what is left, if the disk has room, and leaves the folder to others.
   * Nobody waits any more, for connections must have been closed before: no reply
   * leaves.
   */
  async stop(): Promise<void> {
    this.#isStopped = true;
    // What went wrong there has been told.
    await Promise.allSettled([this.#running, this.#snapshotting]);
    this.#group?.resolve();
    this.#next?.resolve();
    this.#segment.file.close();
    this.#folder.close();
  }

  #run(): void {
    this.#running = this.#writeGroups();
    this.#host.tasks.add(this.#running);
  }

  async #writeGroups(): Promise<void> {
    // What is stored in this turn of the loop makes one group.
    await Promise.resolve();
    while (this.#next !== undefined || this.#journal.size > 0) {
      this.#group = this.#next;
      this.#next = undefined;
      if (!await this.#writeGroup()) return;
      this.#group?.resolve();
      if (this.#segment.bytes >= this.#segmentBytes) await this.#rotate();
    }
    // At once: who comes next finds nobody at work.
    this.#running = undefined;
  }

  /** Whether it was written: where the disk stays full, a stop ends it. */
  async #writeGroup(): Promise<boolean> {
    const journal = this.#journal;
    for (let left = journal.size; left > 0;) {
      const before = journal.size;
      this.#out.clear();
      journal.pull(this.#out, FRAME_BYTES);
      left -= before - journal.size;
      if (!await this.#write(this.#out.bytes)) return false;
    }
    await this.#segment.file.sync();
    return true;
  }

  /** Writes all of it; where the disk is full, as soon as it is not. */
  async #write(bytes: Uint8Array): Promise<boolean> {
    const { log, clock } = this.#host;
    const segment = this.#segment;
    for (;;) {
      try {
        await writeAll(segment.file, bytes);
        break;
      } catch (error) {
        if (!isFull(error)) throw error;
        if (!this.#journal.isFull) {
          log.error("disk-full", { error: `${error}` });
        }
        this.#journal.isFull = true;
        await segment.file.truncate(segment.bytes);
        if (this.#isStopped) return false;
        await delay(clock, FULL_MS);
      }
    }
    segment.bytes += bytes.length;
    this.#bytes += bytes.length;
    if (this.#journal.isFull) log.info("disk-has-room");
    this.#journal.isFull = false;
    return true;
  }

  /** Goes on in a new file, and has old ones made needless if they are many. */
  async #rotate(): Promise<void> {
    const { file, number } = this.#segment;
    const next = await unlessFull(begun(this.#folder, number + 1));
    // The file that there is may get longer.
    if (next === undefined) return;
    this.#segment = next;
    file.close();
    const isMuch = this.#bytes - this.#snapshotBytes >
      Math.max(this.#segmentBytes, this.#snapshotBytes);
    if (isMuch) this.#beginSnapshot();
  }

  #beginSnapshot(): void {
    if (this.#snapshotting !== undefined) return;
    this.#snapshotting = this.#snapshot(this.#segment.number)
      .finally(() => this.#snapshotting = undefined);
    this.#host.tasks.add(this.#snapshotting);
  }

  /** Writes all that is held, while more comes, and removes what is older. */
  async #snapshot(number: number): Promise<void> {
    const bytes = await this.#writeHeld();
    if (bytes === undefined) {
      // The files that there are hold all of it too.
      if (!this.#isStopped) this.#host.log.warn("snapshot-disk-full");
      return;
    }
    const name = nameOf("snapshot", number);
    await this.#folder.rename(UNFINISHED, name);
    await this.#folder.sync();
    await this.#removeBefore(number);
    this.#snapshotBytes = bytes;
    this.#bytes = bytes + this.#segment.bytes;
    this.#host.log.info("snapshot", { name, bytes });
  }

  /** How many bytes were written; `undefined` if not all: then none is left. */
  async #writeHeld(): Promise<number | undefined> {
    const file = await unlessFull(this.#folder.create(UNFINISHED));
    if (file === undefined) return undefined;
    const bytes = await unlessFull(this.#writeHeldTo(file))
      .finally(() => file.close());
    // A journal that the disk is too full for needs its room.
    if (bytes === undefined) await this.#folder.remove(UNFINISHED);
    return bytes;
  }

  async #writeHeldTo(file: DiskFile): Promise<number | undefined> {
    const out = new ByteWriter();
    let bytes = 0;
    for (let from: number | undefined = 0; from !== undefined;) {
      out.clear();
      from = this.#journal.pullAll(from, out, SNAPSHOT_FRAME_BYTES);
      await writeAll(file, out.bytes);
      bytes += out.length;
      if (this.#isStopped) return undefined;
      await nextTurn(this.#host.clock);
    }
    await file.sync();
    return bytes;
  }

  async #removeBefore(number: number): Promise<void> {
    for (const name of await this.#folder.list()) {
      const found = NAME.exec(name);
      if (found && Number(found[2]) < number) await this.#folder.remove(name);
    }
  }
}

function nameOf(kind: "journal" | "snapshot", number: number): string {
  return `${kind}-${String(number).padStart(6, "0")}`;
}

async function taken(
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

async function begun(folder: DiskFolder, number: number): Promise<Segment> {
  const file = await folder.create(nameOf("journal", number));
  try {
    await folder.sync();
  } catch (error) {
    file.close();
    throw error;
  }
  return { number, file, bytes: 0 };
}

/** What was made; `undefined` if a disk has no room for it. */
async function unlessFull<T>(making: Promise<T>): Promise<T | undefined> {
  try {
    return await making;
  } catch (error) {
    if (isFull(error)) return undefined;
    throw error;
  }
}

/** Merges all files of a folder; the highest number, and how much they hold. */
async function replayAll(
  { clock, log }: JournalHost,
  journal: Journal,
  folder: DiskFolder,
): Promise<{ last: number; count: number; bytes: number }> {
  let [last, count, lines, total] = [0, 0, 0, 0];
  for (const name of await folder.list()) {
    // A crash left it; there may be no room for another file beside it.
    if (name === UNFINISHED) await folder.remove(name);
    const number = NAME.exec(name)?.[2];
    if (number === undefined) continue;
    last = Math.max(last, Number(number));
    const bytes = await folder.read(name);
    const found = await inTurns(clock, journal.replay(bytes));
    count++;
    lines += found.lines;
    total += bytes.length;
    await tellDamage(log, folder, name, bytes.length, found);
  }
  log.info("replayed", { lines, bytes: total });
  return { last, count, bytes: total };
}

/** A torn end is what a crash leaves of a write that nobody was told of. */
async function tellDamage(
  log: ServerLog,
  folder: DiskFolder,
  name: string,
  length: number,
  { tornBytes, brokenBytes }: Replayed,
): Promise<void> {
  if (brokenBytes > 0) {
    log.error("journal-broken", { name, bytes: brokenBytes });
  }
  if (tornBytes === 0) return;
  log.warn("journal-torn", { name, bytes: tornBytes });
  await folder.truncate(name, length - tornBytes);
}
