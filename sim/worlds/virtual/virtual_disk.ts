/**
 * The disks of a virtual world. A machine that ends loses power: of what it has
 * written and not synced only a part is left, which may stop at any byte; of the
 * names that it has changed in a folder and not synced, the first ones.
 *
 * @module
 */
import type { Disk, DiskFile, DiskFolder } from "../../../herd/net/disk.ts";
import type { Random } from "../../model/random.ts";
import type { VirtualMachine } from "./virtual_machine.ts";

/** The most milliseconds that a write takes, and a sync. */
const WRITE_MS_MAX = 0.1;
const SYNC_MS_MAX = 3;

/** The content of a file. */
class Content {
  #bytes = new Uint8Array(256);
  length = 0;
  synced = 0;

  add(bytes: Uint8Array): void {
    const end = this.length + bytes.length;
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(2 * end);
      grown.set(this.read(0, this.length));
      this.#bytes = grown;
    }
    this.#bytes.set(bytes, this.length);
    this.length = end;
  }

  read(from: number, count: number): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(from, Math.min(from + count, this.length));
  }

  truncate(length: number): void {
    this.length = Math.min(this.length, length);
    this.synced = Math.min(this.synced, length);
  }

  /**
   * Keeps a random part of what was not synced. The rest may be zeros: the file
   * was made longer, and not yet written.
   */
  losePower(random: Random): void {
    const lost = this.length - this.synced;
    this.truncate(this.synced + random.below(lost + 1));
    this.add(new Uint8Array(random.below(lost + 1)));
  }
}

/** Changes a folder's names. */
type Change = (files: Map<string, Content>) => void;

/** A folder, also while nobody has it open. */
class Kept {
  readonly files = new Map<string, Content>();
  isTaken = false;
  /** The names that were synced, and what has changed since. */
  readonly #synced = new Map<string, Content>();
  #changes: Change[] = [];

  change(change: Change): void {
    change(this.files);
    this.#changes.push(change);
  }

  /** Begins a sync of the names; what it returns ends it. */
  sync(): () => void {
    const last = this.#changes.at(-1);
    return () => {
      const count = last === undefined ? 0 : this.#changes.indexOf(last) + 1;
      for (const change of this.#changes.splice(0, count)) change(this.#synced);
    };
  }

  /** @param names Decides which names are kept, as `random` does of bytes. */
  losePower(random: Random, names: Random): void {
    const count = names.below(this.#changes.length + 1);
    for (const change of this.#changes.slice(0, count)) change(this.#synced);
    this.#changes = [];
    this.files.clear();
    for (const [name, file] of this.#synced) {
      file.losePower(random);
      this.files.set(name, file);
    }
  }
}

/** All disks of a world; they outlast its machines. */
export class VirtualDisks {
  readonly #random: Random;
  readonly #names: Random;
  readonly #folders = new Map<string, Kept>();

  /** @param names Decides which names a loss of power leaves. */
  constructor(random: Random, names: Random) {
    this.#random = random;
    this.#names = names;
  }

  of(machine: VirtualMachine): Disk {
    return { open: (path) => this.#open(machine, path) };
  }

  wipe(path: string): void {
    this.#folders.delete(path);
  }

  async #open(
    machine: VirtualMachine,
    path: string,
  ): Promise<DiskFolder | undefined> {
    const kept = this.#folders.get(path) ?? new Kept();
    this.#folders.set(path, kept);
    await this.#takes(machine, WRITE_MS_MAX);
    if (kept.isTaken) return undefined;
    kept.isTaken = true;
    const open = {
      abandon: () => {
        kept.losePower(this.#random, this.#names);
        kept.isTaken = false;
      },
    };
    machine.opened(open);
    return this.#folder(machine, kept, () => {
      machine.closed(open);
      kept.isTaken = false;
    });
  }

  #folder(
    machine: VirtualMachine,
    kept: Kept,
    close: () => void,
  ): DiskFolder {
    const { files } = kept;
    const file = (name: string): Content => {
      const content = files.get(name);
      if (content === undefined) throw new Error(`There is no file ${name}`);
      return content;
    };
    const takes = () => this.#takes(machine, WRITE_MS_MAX);
    return {
      list: () => takes().then(() => [...files.keys()].sort()),
      size: (name) => takes().then(() => file(name).length),
      read: (name, from, count) =>
        takes().then(() => file(name).read(from, count)),
      create: async (name) => {
        await takes();
        const content = new Content();
        kept.change((files) => files.set(name, content));
        return this.#file(machine, content);
      },
      truncate: (name, bytes) => takes().then(() => file(name).truncate(bytes)),
      rename: async (from, to) => {
        await takes();
        const content = file(from);
        kept.change((files) => files.set(to, content).delete(from));
      },
      remove: async (name) => {
        await takes();
        kept.change((files) => files.delete(name));
      },
      sync: () => {
        const end = kept.sync();
        return this.#takes(machine, SYNC_MS_MAX).then(end);
      },
      close,
    };
  }

  #file(machine: VirtualMachine, content: Content): DiskFile {
    return {
      write: async (bytes) => {
        content.add(bytes);
        await this.#takes(machine, WRITE_MS_MAX);
        return bytes.length;
      },
      sync: async () => {
        const { length } = content;
        await this.#takes(machine, SYNC_MS_MAX);
        content.synced = Math.min(length, content.length);
      },
      truncate: async (bytes) => {
        content.truncate(bytes);
        await this.#takes(machine, WRITE_MS_MAX);
      },
      close() {},
    };
  }

  /** Resolves after a delay; never, if the machine has ended by then. */
  #takes(machine: VirtualMachine, msMax: number): Promise<void> {
    return new Promise((resolve) =>
      machine.after(this.#random.fraction() * msMax, resolve)
    );
  }
}
