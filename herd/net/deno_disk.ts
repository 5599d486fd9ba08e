/**
 * The disks of this machine, through Deno.
 *
 * @module
 */
import { type Disk, type DiskFile, type DiskFolder, isFull } from "./disk.ts";
import type { Clock } from "./platform.ts";
import { SHORT_BYTES_MAX, SyncPlace } from "./sync_place.ts";

/** The lock file. The lock ends with the thread, however that ends. */
const LOCK = "lock";

type Stopwatch = Pick<Clock, "nowMs">;

/** Zeros written ahead of a file's end, to be overwritten. */
const AHEAD_BYTES = 524_288;
/** Made for the first file: few servers have one. */
let ahead: Uint8Array<ArrayBuffer> | undefined;

class DenoFile implements DiskFile {
  readonly #file: Deno.FsFile;
  readonly #clock: Stopwatch;
  #isClosed = false;
  readonly #syncs = new SyncPlace();
  /** Where the next write goes, and where the file ends. */
  #at = 0;
  #end = 0;

  constructor(file: Deno.FsFile, clock: Stopwatch) {
    this.#file = file;
    this.#clock = clock;
  }

  /** Synchronous: quicker than a trip to another thread. */
  write(bytes: Uint8Array): Promise<number> {
    return Promise.try(() => {
      const written = this.#file.writeSync(bytes);
      this.#at += written;
      this.#end = Math.max(this.#end, this.#at);
      this.#syncs.wrote(written);
      return written;
    });
  }

  async sync(): Promise<void> {
    const { isShort, isInPlace } = this.#syncs.begin();
    const beganMs = this.#clock.nowMs();
    if (isInPlace) this.#file.syncDataSync();
    else await this.#file.syncData();
    this.#syncs.took(this.#clock.nowMs() - beganMs);
    const left = this.#end - this.#at;
    if (isShort && left < SHORT_BYTES_MAX && !this.#isClosed) this.#reserve();
  }

  /**
   * Makes the file longer than what is written: a sync of bytes within it takes
   * half as long as one that has to make it longer.
   */
  #reserve(): void {
    try {
      ahead ??= new Uint8Array(AHEAD_BYTES);
      this.#end = this.#at + this.#file.writeSync(ahead);
    } catch (error) {
      if (!isFull(error)) throw error;
    } finally {
      this.#file.seekSync(this.#at, Deno.SeekMode.Start);
    }
  }

  async truncate(bytes: number): Promise<void> {
    await this.#file.truncate(bytes);
    await this.#file.seek(bytes, Deno.SeekMode.Start);
    this.#at = this.#end = bytes;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#end > this.#at) this.#file.truncateSync(this.#at);
    this.#file.close();
  }
}

function folderAt(
  path: string,
  lock: Deno.FsFile,
  clock: Stopwatch,
): DiskFolder {
  const at = (name: string) => `${path}/${name}`;
  return {
    async list() {
      const names: string[] = [];
      for await (const { name, isFile } of Deno.readDir(path)) {
        if (isFile && name !== LOCK) names.push(name);
      }
      return names.sort();
    },
    size: async (name) => (await Deno.stat(at(name))).size,
    async read(name, from, count) {
      using file = await Deno.open(at(name));
      await file.seek(from, Deno.SeekMode.Start);
      const bytes = new Uint8Array(count);
      let length = 0;
      while (length < count) {
        const read = await file.read(bytes.subarray(length));
        if (read === null) break;
        length += read;
      }
      return bytes.subarray(0, length);
    },
    async create(name) {
      const options = { write: true, create: true, truncate: true };
      return new DenoFile(await Deno.open(at(name), options), clock);
    },
    truncate: (name, bytes) => Deno.truncate(at(name), bytes),
    rename: (from, to) => Deno.rename(at(from), at(to)),
    remove: (name) => Deno.remove(at(name)),
    async sync() {
      // Windows can't open a folder, and keeps names without being asked.
      if (Deno.build.os === "windows") return;
      using folder = await Deno.open(path);
      await folder.sync();
    },
    close: () => lock.close(),
  };
}

/** The disks of this machine; how quick they are is told by the given clock. */
export function denoDiskBy(clock: Stopwatch): Disk {
  return {
    async open(path) {
      await Deno.mkdir(path, { recursive: true });
      const options = { write: true, create: true };
      const lock = await Deno.open(`${path}/${LOCK}`, options);
      if (await lock.tryLock(true)) return folderAt(path, lock, clock);
      lock.close();
      return undefined;
    },
  };
}
