/**
 * Paths, as far as they are needed in a page: there is one folder to work in,
 * the root.
 *
 * @module
 */

/** The absolute path that paths make, each seen from the one before. */
export function resolve(...paths: readonly string[]): string {
  const parts: string[] = [];
  for (const path of paths) {
    if (path.startsWith("/")) parts.length = 0;
    for (const part of path.split("/")) {
      if (part === "..") parts.pop();
      else if (part !== "" && part !== ".") parts.push(part);
    }
  }
  return `/${parts.join("/")}`;
}

/** The folder that a path lies in. */
export function dirname(path: string): string {
  const at = path.lastIndexOf("/");
  if (at < 0) return ".";
  return at === 0 ? "/" : path.slice(0, at);
}

/** The last part of a path. */
export function basename(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
