/**
 * A server's journal on disk: fixes are written, in groups, before they are
 * acknowledged.
 *
 * `journal-000007` contains frames in order of arrival; `snapshot-000008`
 * contains everything held when `journal-000008` was begun, so that older files
 * are not needed. A snapshot gets its name when it is complete, so that a crash
 * leaves one or the other.
 *
 * An error of `sync` is final: it is unknown which data the system has dropped,
 * and a second try would only report that nothing is left to write (Rebello et
 * al., "Can Applications Recover from fsync Failures?", 2020).
 *
 * @module
 */
import { ByteWriter } from "../core/bytes/writer.ts";
import type { Journal } from "../core/journal/journal.ts";
import type { Tuning } from "../core/tuning.ts";
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
import type { LimitLog } from "./limit_log.ts";
import { isExhausted } from "./platform.ts";
import type { ServerParts } from "./server_parts.ts";
import { delay, immediately, nextTurn } from "./timing.ts";

const FRAME_BYTES = 262_144;
const SNAPSHOT_FRAME_BYTES = 65_536;
/**
 * A snapshot is synced after this many bytes each. Otherwise a sync of the
 * journal may have to wait until the system has written the whole snapshot.
 */
const SNAPSHOT_SYNC_BYTES = 1_048_576;
/**
 * Files left from earlier runs; if there are more, they are merged at start.
 */
const FILES_MAX = 8;
/** Milliseconds until the next try when the disk is full. */
const FULL_MS = 1_000;

export interface JournalNeeds
  extends Pick<ServerParts, "clock" | "log" | "tasks"> {
  readonly limitLog: Pick<LimitLog, "met">;
  readonly tuning: Pick<Tuning, "segmentBytes">;
}

export class JournalFiles {
  readonly #host: JournalNeeds;
  readonly #journal: Journal;
  readonly #folder: DiskFolder;
  readonly #out = new ByteWriter();
  /** The highest file number. */
  #last: number;
  /**
   * The file being written; `undefined`: a full disk had no room for its name.
   */
  #segment: Segment | undefined;
  /** Bytes of all files, and of the snapshot among them. */
  #bytes: number;
  #snapshotBytes = 0;
  /**
   * Resolved for those that wait for the group being written, and the next one.
   */
  #group: PromiseWithResolvers<void> | undefined;
  #next: PromiseWithResolvers<void> | undefined;
  #running: Promise<void> | undefined;
  readonly #segmentBytes: number;
  #snapshotting: Promise<void> | undefined;
  #isStopped = false;

  private constructor(
    host: JournalNeeds,
    journal: Journal,
    folder: DiskFolder,
    { last, bytes }: { last: number; bytes: number },
  ) {
    this.#host = host;
    this.#segmentBytes = host.tuning.segmentBytes;
    this.#journal = journal;
    this.#folder = folder;
    this.#last = last;
    this.#bytes = bytes;
  }

  /**
   * Merges the files of a folder, and continues writing there.
   *
   * @throws {FolderInUse} If another server uses the folder.
   * @throws {Error} If it can't be used.
   */
  static async open(
    host: JournalNeeds,
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

  /**
   * If the disk is full, the server serves what it holds, and waits for room.
   */
  async #start(): Promise<void> {
    try {
      await this.#begin();
    } catch (error) {
      this.#tellFull(error);
      this.#run();
    }
  }

  /** Begins a new file. */
  async #begin(): Promise<Segment> {
    this.#segment = await begun(this.#folder, this.#last + 1);
    this.#last = this.#segment.number;
    return this.#segment;
  }

  /** There is something to write, though nobody waits for it. */
  note(): void {
    if (this.#running === undefined && !this.#isStopped) this.#run();
  }

  /** Resolves when everything stored so far is on disk, or it was stopped. */
  commit(): Promise<void> {
    if (this.#isStopped) return Promise.resolve();
    this.#next ??= Promise.withResolvers();
    this.note();
    return this.#next.promise;
  }

  /**
   * Writes what is left, if the disk has room, and releases the folder.
   * Connections must be closed before, so nobody waits and no reply leaves.
   */
  async stop(): Promise<void> {
    this.#isStopped = true;
    // Their errors have been reported.
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
    if (this.#segment === undefined) {
      if (!await this.#whenRoom(() => this.#begin())) return;
    }
    while (this.#next !== undefined || this.#journal.size > 0) {
      // Everything stored in this turn of the loop forms one group.
      await immediately(this.#host.clock);
      this.#group = this.#next;
      this.#next = undefined;
      if (!await this.#writeGroup()) return;
      this.#group?.resolve();
      if (this.#segment!.bytes >= this.#segmentBytes) await this.#rotate();
    }
    // Immediately, so that the next commit starts a new run.
    this.#running = undefined;
  }

  /** Returns `false` if it was stopped while the disk was full. */
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

  /** Writes all bytes; if the disk is full, once it is not any more. */
  async #write(bytes: Uint8Array): Promise<boolean> {
    const segment = this.#segment!;
    const isDone = await this.#whenRoom(async () => {
      try {
        await writeAll(segment.file, bytes);
      } catch (error) {
        // Immediately, so that a fix that arrives during the truncation is
        // refused.
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

  /** Repeats `act` while the disk is full; returns whether it succeeded. */
  async #whenRoom(act: () => unknown): Promise<boolean> {
    for (;;) {
      try {
        await act();
        break;
      } catch (error) {
        if (!isExhausted(error)) this.#tellFull(error);
        if (this.#isStopped) return false;
        await delay(this.#host.clock, FULL_MS);
      }
    }
    if (this.#journal.isFull) this.#host.log.info("disk-has-room");
    this.#journal.isFull = false;
    return true;
  }

  /** Refuses fixes until there is room; any other error is thrown again. */
  #tellFull(error: unknown): void {
    if (!isFull(error)) throw error;
    if (!this.#journal.isFull) {
      this.#host.log.error("disk-full", { error: `${error}` });
    }
    this.#journal.isFull = true;
  }

  /** Begins a new file, and a snapshot if there are many old ones. */
  async #rotate(): Promise<void> {
    const { file } = this.#segment!;
    // Without room for a new file, the current one may grow on.
    if (await this.#ifRoom(this.#begin()) === undefined) return;
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

  /**
   * Writes everything held, while updates continue, and removes older files.
   */
  async #snapshot(number: number): Promise<void> {
    const name = nameOf("snapshot", number);
    const bytes = await this.#writeHeld();
    // If it failed, the existing files contain all of it too.
    if (bytes === undefined) return;
    if (await this.#ifRoom(this.#replaceBy(name, number)) === undefined) return;
    this.#snapshotBytes = bytes;
    this.#bytes = bytes + (this.#segment?.bytes ?? 0);
    this.#host.log.info("snapshot", { name, bytes });
  }

  /** Older files go only once the snapshot would survive a loss of power. */
  async #replaceBy(name: string, number: number): Promise<true> {
    await this.#folder.rename(UNFINISHED, name);
    await this.#folder.sync();
    await removeBefore(this.#folder, number);
    return true;
  }

  /** Bytes of the snapshot; `undefined` if it failed and was removed. */
  async #writeHeld(): Promise<number | undefined> {
    const file = await this.#ifRoom(this.#folder.create(UNFINISHED));
    if (file === undefined) return undefined;
    const bytes = await this.#ifRoom(this.#writeHeldTo(file))
      .finally(() => file.close());
    // If the disk is too full for the journal, that needs its room.
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

  /**
   * What is made; `undefined` if the disk has no room for it, or the system none
   * for another open file. The next group tries again.
   */
  async #ifRoom<T>(making: Promise<T>): Promise<T | undefined> {
    try {
      return await making;
    } catch (error) {
      if (!isFull(error) && !isExhausted(error)) throw error;
      this.#host.limitLog.met("journal-no-room", { error: `${error}` });
      return undefined;
    }
  }
}
