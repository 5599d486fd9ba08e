/**
 * A substitute for node:path in a page. The working folder is the root.
 *
 * @module
 */

/**
 * The absolute path that results from paths, each relative to the one before.
 */
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

export function dirname(path: string): string {
  const at = path.lastIndexOf("/");
  if (at < 0) return ".";
  return at === 0 ? "/" : path.slice(0, at);
}

export function basename(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
