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
import type { Journal } from "../core/journal/journal.ts";
import {
  type Disk,
  type DiskFile,
  type DiskFolder,
  isFull,
  writeAll,
} from "./disk.ts";
import {
  begun,
  nameOf,
  removeBefore,
  replayAll,
  type Segment,
  taken,
  UNFINISHED,
} from "./journal_folder.ts";
import type { ServerLog } from "./log.ts";
import type { Clock } from "./platform.ts";
import type { Tasks } from "./tasks.ts";
import { delay, nextTurn } from "./timing.ts";

const FRAME_BYTES = 262_144;
const SEGMENT_BYTES = 64 * 1_048_576;
const SNAPSHOT_FRAME_BYTES = 65_536;
/**
 * Bytes of a snapshot from which on they are synced. A sync of the journal may
 * have to wait until the system has written all that is not.
 */
const SNAPSHOT_SYNC_BYTES = 1_048_576;
/** Files from before; more are put together when a server starts. */
const FILES_MAX = 8;
/** Until the next try, where a disk is full. */
const FULL_MS = 1_000;

export interface JournalHost {
  readonly clock: Clock;
  readonly log: ServerLog;
  readonly tasks: Tasks;
  /** Bytes of a file from which on the next is begun; 64 MiB. */
  readonly segmentBytes?: number;
}

export class JournalFiles {
  readonly #host: JournalHost;
  readonly #journal: Journal;
  readonly #folder: DiskFolder;
  readonly #out = new ByteWriter();
  /** The highest number of a file. */
  #last: number;
  /** What is written to; none where a full disk had no room for its name yet. */
  #segment: Segment | undefined;
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
    { last, bytes }: { last: number; bytes: number },
  ) {
    this.#host = host;
    this.#segmentBytes = host.segmentBytes ?? SEGMENT_BYTES;
    this.#journal = journal;
    this.#folder = folder;
    this.#last = last;
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
      const found = await replayAll(host, journal, folder);
      const files = new JournalFiles(host, journal, folder, found);
      await files.#start();
      if (found.count > FILES_MAX) files.#beginSnapshot();
      return files;
    } catch (error) {
      folder.close();
      throw error;
    }
  }

  /** Where there is no room, it serves what it holds, and waits for some. */
  async #start(): Promise<void> {
    try {
      await this.#begin();
    } catch (error) {
      this.#tellFull(error);
      this.#run();
    }
  }

  /** Goes on in a new file. */
  async #begin(): Promise<Segment> {
    this.#segment = await begun(this.#folder, this.#last + 1);
    this.#last = this.#segment.number;
    return this.#segment;
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
    this.#segment?.file.close();
    this.#folder.close();
  }

  #run(): void {
    this.#running = this.#writeGroups();
    this.#host.tasks.add(this.#running);
  }

  async #writeGroups(): Promise<void> {
    // What is stored in this turn of the loop makes one group.
    await Promise.resolve();
    if (this.#segment === undefined) {
      if (!await this.#whenRoom(() => this.#begin())) return;
    }
    while (this.#next !== undefined || this.#journal.size > 0) {
      this.#group = this.#next;
      this.#next = undefined;
      if (!await this.#writeGroup()) return;
      this.#group?.resolve();
      if (this.#segment!.bytes >= this.#segmentBytes) await this.#rotate();
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
    await this.#segment!.file.sync();
    return true;
  }

  /** Writes all of it; where the disk is full, as soon as it is not. */
  async #write(bytes: Uint8Array): Promise<boolean> {
    const segment = this.#segment!;
    const isDone = await this.#whenRoom(async () => {
      try {
        await writeAll(segment.file, bytes);
      } catch (error) {
        // At once: a fix that comes while it truncates is refused.
        this.#tellFull(error);
        await segment.file.truncate(segment.bytes);
        throw error;
      }
    });
    if (!isDone) return false;
    segment.bytes += bytes.length;
    this.#bytes += bytes.length;
    return true;
  }

  /** Does it, again and again while the disk is full; whether it was done. */
  async #whenRoom(act: () => unknown): Promise<boolean> {
    for (;;) {
      try {
        await act();
        break;
      } catch (error) {
        this.#tellFull(error);
        if (this.#isStopped) return false;
        await delay(this.#host.clock, FULL_MS);
      }
    }
    if (this.#journal.isFull) this.#host.log.info("disk-has-room");
    this.#journal.isFull = false;
    return true;
  }

  /** Takes no fix until there is room; any other error is thrown again. */
  #tellFull(error: unknown): void {
    if (!isFull(error)) throw error;
    if (!this.#journal.isFull) {
      this.#host.log.error("disk-full", { error: `${error}` });
    }
    this.#journal.isFull = true;
  }

  /** Goes on in a new file, and has old ones made needless if they are many. */
  async #rotate(): Promise<void> {
    const { file } = this.#segment!;
    // The file that there is may get longer.
    if (await unlessFull(this.#begin()) === undefined) return;
    file.close();
    const isMuch = this.#bytes - this.#snapshotBytes >
      Math.max(this.#segmentBytes, this.#snapshotBytes);
    if (isMuch) this.#beginSnapshot();
  }

  #beginSnapshot(): void {
    if (this.#snapshotting !== undefined) return;
    this.#snapshotting = this.#snapshot(this.#last)
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
    await removeBefore(this.#folder, number);
    this.#snapshotBytes = bytes;
    this.#bytes = bytes + (this.#segment?.bytes ?? 0);
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
    let synced = 0;
    for (let from: number | undefined = 0; from !== undefined;) {
      out.clear();
      from = this.#journal.pullAll(from, out, SNAPSHOT_FRAME_BYTES);
      await writeAll(file, out.bytes);
      bytes += out.length;
      if (this.#isStopped) return undefined;
      if (from === undefined || bytes - synced >= SNAPSHOT_SYNC_BYTES) {
        await file.sync();
        synced = bytes;
      } else {
        await nextTurn(this.#host.clock);
      }
    }
    return bytes;
  }
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
