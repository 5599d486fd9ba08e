/**
 * What a server asks of a disk. Its errors are those of the operating system,
 * with a `code`.
 *
 * @module
 */

/** A file that is written from its beginning on. */
export interface DiskFile {
  /** Adds bytes; how many were. */
  write(bytes: Uint8Array): Promise<number>;
  /** Resolves when what was written outlasts the loss of power. */
  sync(): Promise<void>;
  /** Takes away what lies behind so many bytes, and goes on from there. */
  truncate(bytes: number): Promise<void>;
  /** May be called again. */
  close(): void;
}

/** A folder that nobody else writes in. */
export interface DiskFolder {
  /** Names of its files, in order. */
  list(): Promise<string[]>;
  /** How many bytes a file holds. */
  size(name: string): Promise<number>;
  /** So many bytes of a file, from one of them on; fewer at its end. */
  read(
    name: string,
    from: number,
    count: number,
  ): Promise<Uint8Array<ArrayBuffer>>;
  /** Makes a file, empty whatever it held. */
  create(name: string): Promise<DiskFile>;
  /** Takes the end of a file away. */
  truncate(name: string, bytes: number): Promise<void>;
  /** Has a file stand in place of another, at once. */
  rename(from: string, to: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Resolves when its files' names outlast the loss of power. */
  sync(): Promise<void>;
  /** Leaves it to others. */
  close(): void;
}

/** A folder that can't be had, for another server has it. */
export class FolderInUse extends Error {
  /** The class's name, as errors print it. */
  override readonly name = "FolderInUse";

  /** The error of who wanted the folder at `path`. */
  constructor(path: string) {
    super(`Cannot use the folder ${path}: another server does`);
  }
}

/** A disk. */
export interface Disk {
  /**
   * Makes a folder if it is missing, and takes it for this program alone;
   * `undefined` if another one has it.
   */
  open(path: string): Promise<DiskFolder | undefined>;
}

/** Writes all bytes to a file's end. */
export async function writeAll(
  file: Pick<DiskFile, "write">,
  bytes: Uint8Array,
): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await file.write(bytes.subarray(at));
  }
}

/** Whether a disk has no room left. It may have some again later. */
export function isFull(error: unknown): boolean {
  const code = error instanceof Error && "code" in error && error.code;
  return code === "ENOSPC" || code === "EDQUOT";
}
