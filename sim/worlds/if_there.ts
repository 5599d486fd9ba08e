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

/** What is at a path; `undefined` if there is nothing, or it can't be seen. */
export function statOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch {
    return undefined;
  }
}

/** Whether there is such a file. */
export function isFile(path: string): boolean {
  return statOf(path)?.isFile === true;
}
