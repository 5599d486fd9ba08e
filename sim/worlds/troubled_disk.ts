/**
 * Wraps a disk of any world to apply faults.
 *
 * @module
 */
import {
  type Disk,
  type DiskFile,
  type DiskFolder,
  writeAll,
} from "../../herd/net/disk.ts";
import type { Clock } from "../../herd/net/platform.ts";
import { delay } from "../../herd/net/timing.ts";
import {
  type DiskTrouble,
  NO_TROUBLE,
  SYNC_FAILED,
} from "../model/faults/disk_trouble.ts";
import defer * as randoms from "../model/random.ts";

const BITS = 8;

/** An error like those of the operating system. */
function failure(code: string, why: string): Error {
  return Object.assign(new Error(`${why} (${code})`), { code });
}

/** A disk that can be made to fail. */
export class TroubledDisk implements Disk {
  readonly #disk: Disk;
  readonly #clock: Clock;
  #trouble = NO_TROUBLE;
  #random: randoms.Random | undefined;

  /** Starts without trouble. */
  constructor(disk: Disk, clock: Clock) {
    this.#disk = disk;
    this.#clock = clock;
  }

  /** Sets how it fails from now on. */
  set trouble(trouble: DiskTrouble) {
    this.#trouble = trouble;
    this.#random = undefined;
  }

  get trouble(): DiskTrouble {
    return this.#trouble;
  }

  /** A random number from 0, below `count`. */
  below(count: number): number {
    this.#random ??= new randoms.Random(this.#trouble.seed);
    return this.#random.below(count);
  }

  /** Waits as long as an operation takes. */
  async takes(): Promise<void> {
    const { delayMs } = this.#trouble;
    if (delayMs > 0) await delay(this.#clock, delayMs);
  }

  async open(path: string): Promise<DiskFolder | undefined> {
    const folder = await this.#disk.open(path);
    return folder && {
      list: () => folder.list(),
      size: (name) => folder.size(name),
      read: async (name, from, count) => {
        const bytes = await folder.read(name, from, count);
        return from === 0 ? this.#asRead(bytes) : bytes;
      },
      create: async (name) => {
        if (this.#trouble.isFull) throw noRoom();
        return new TroubledFile(await folder.create(name), this);
      },
      truncate: (name, bytes) => folder.truncate(name, bytes),
      rename: (from, to) => folder.rename(from, to),
      remove: (name) => folder.remove(name),
      sync: () => this.takes().then(() => folder.sync()),
      close: () => folder.close(),
    };
  }

  /**
   * Flips bits only in the first half of what is written in a file: neighbours
   * hold the older records too. Zeros at its end are reserved room.
   */
  #asRead(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const half = bytes.findLastIndex((byte) => byte !== 0) + 1 >> 1;
    if (this.#trouble.flips && half > 0) {
      bytes[this.below(half)]! ^= 1 << this.below(BITS);
    }
    return bytes;
  }
}

function noRoom(): Error {
  return failure("ENOSPC", "No space left on device");
}

/**
 * A file of it. While writes may be torn, a part of each write waits for the
 * sync.
 */
class TroubledFile implements DiskFile {
  readonly #file: DiskFile;
  readonly #disk: TroubledDisk;
  #unwritten: Uint8Array[] = [];

  constructor(file: DiskFile, disk: TroubledDisk) {
    this.#file = file;
    this.#disk = disk;
  }

  async write(bytes: Uint8Array): Promise<number> {
    const disk = this.#disk;
    await disk.takes();
    if (disk.trouble.isFull) {
      await this.#file.write(bytes.subarray(0, disk.below(bytes.length)));
      throw noRoom();
    }
    let written = 0;
    if (this.#unwritten.length === 0) {
      if (!disk.trouble.tears) return await this.#file.write(bytes);
      written = disk.below(bytes.length + 1);
      await writeAll(this.#file, bytes.subarray(0, written));
    }
    this.#unwritten.push(bytes.slice(written));
    return bytes.length;
  }

  async sync(): Promise<void> {
    await this.#disk.takes();
    if (this.#disk.trouble.failsSync) {
      throw failure("EIO", SYNC_FAILED);
    }
    await this.#writeRest();
    await this.#file.sync();
  }

  async truncate(bytes: number): Promise<void> {
    await this.#writeRest();
    await this.#file.truncate(bytes);
  }

  async #writeRest(): Promise<void> {
    for (const bytes of this.#unwritten.splice(0)) {
      await writeAll(this.#file, bytes);
    }
  }

  close(): void {
    this.#file.close();
  }
}
