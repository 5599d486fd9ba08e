/**
 * The error of a server without a disk.
 *
 * @module
 */

/** A fault needs the disk of a server that keeps nothing on disk. */
export class NoDisk extends Error {
  override readonly name = "NoDisk";

  constructor(server: string) {
    super(`${server} keeps nothing on disk`);
  }
}
