/**
 * What a server needs from a disk. Errors are those of the operating system,
 * with a `code`.
 *
 * @module
 */

/** A file that is written from its beginning. */
export interface DiskFile {
  /** Appends bytes; returns how many were written. */
  write(bytes: Uint8Array): Promise<number>;
  /** Resolves when everything written would survive a loss of power. */
  sync(): Promise<void>;
  /** Cuts the file to `bytes` bytes, and continues from there. */
  truncate(bytes: number): Promise<void>;
  /** May be called again. */
  close(): void;
}

/** A folder that nobody else writes to. */
export interface DiskFolder {
  /** Names of its files, sorted. */
  list(): Promise<string[]>;
  /** Size of a file in bytes. */
  size(name: string): Promise<number>;
  /** Reads bytes of a file from an offset on; fewer at its end. */
  read(
    name: string,
    from: number,
    count: number,
  ): Promise<Uint8Array<ArrayBuffer>>;
  /** Creates an empty file, replacing an existing one. */
  create(name: string): Promise<DiskFile>;
  /** Cuts the end of a file off. */
  truncate(name: string, bytes: number): Promise<void>;
  /** Renames a file atomically, replacing an existing one. */
  rename(from: string, to: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Resolves when its files' names would survive a loss of power. */
  sync(): Promise<void>;
  /** Releases the folder for others. */
  close(): void;
}

/** A folder that another server is using. */
export class FolderInUse extends Error {
  override readonly name = "FolderInUse";

  constructor(path: string) {
    super(`Cannot use the folder ${path}: another server does`);
  }
}

export interface Disk {
  /**
   * Creates a folder if it is missing, and locks it for this process;
   * `undefined` if another one has it.
   */
  open(path: string): Promise<DiskFolder | undefined>;
}

/** Writes all bytes, to the end of a file or to a connection. */
export async function writeAll(
  file: Pick<DiskFile, "write">,
  bytes: Uint8Array,
): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await file.write(bytes.subarray(at));
  }
}

/** Whether an error says that the disk is full, which may pass. */
export function isFull(error: unknown): boolean {
  const code = error instanceof Error && "code" in error && error.code;
  return code === "ENOSPC" || code === "EDQUOT";
}
