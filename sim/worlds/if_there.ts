/**
 * Files that may be missing.
 *
 * @module
 */

/** What comes of a file or folder; `undefined` if there is none. */
export async function ifThere<T>(tried: Promise<T>): Promise<T | undefined> {
  try {
    return await tried;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
