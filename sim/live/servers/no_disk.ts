/**
 * That a server keeps nothing on disk.
 *
 * @module
 */

/** What is wanted of a server's disk can't be, for it has none. */
export class NoDisk extends Error {
  /** The class's name, as errors print it. */
  override readonly name = "NoDisk";

  /** The error of `server`. */
  constructor(server: string) {
    super(`${server} keeps nothing on disk`);
  }
}
