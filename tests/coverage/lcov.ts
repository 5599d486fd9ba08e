/**
 * What a file of coverage (LCOV) says: which lines were reached.
 *
 * @module
 */

/** The lines of one file that hold code. */
export interface FileLines {
  /** Its path, from the project's folder. */
  readonly path: string;
  /** How many lines were looked at. */
  readonly count: number;
  /** Those that were never reached, by their numbers. */
  readonly unreached: readonly number[];
}

/** The files, by their paths, as they lie under a folder. */
export function readLcov(text: string, folder: string): FileLines[] {
  return text.split("end_of_record").flatMap((record) => {
    const path = /^SF:(.+)$/m.exec(record)?.[1];
    if (path === undefined) return [];
    const hits = new Map<number, number>();
    for (const [, line, times] of record.matchAll(/^DA:(\d+),(\d+)/gm)) {
      const before = hits.get(Number(line)) ?? 0;
      hits.set(Number(line), before + Number(times));
    }
    const unreached = [...hits].filter(([, times]) => times === 0)
      .map(([line]) => line).toSorted((a, b) => a - b);
    const own = path.startsWith(folder) ? path.slice(folder.length) : path;
    return [{ path: own, count: hits.size, unreached }];
  }).toSorted((a, b) => a.path < b.path ? -1 : 1);
}

/** Numbers as ranges: `3-5, 9`. */
export function ranges(numbers: readonly number[]): string {
  const parts: [first: number, last: number][] = [];
  for (const number of numbers) {
    const last = parts.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else parts.push([number, number]);
  }
  return parts.map(([first, last]) =>
    first === last ? `${first}` : `${first}-${last}`
  ).join(", ");
}

/** The part of the lines that was reached, from 0 to 1. */
export function reachedPart(files: readonly FileLines[]): number {
  const count = files.reduce((sum, file) => sum + file.count, 0);
  const not = files.reduce((sum, { unreached }) => sum + unreached.length, 0);
  return count === 0 ? 1 : 1 - not / count;
}

/** What is wrong with the reasons for files that are reached little. */
export function wrongReasons(
  files: readonly FileLines[],
  reasons: Readonly<Record<string, string>>,
  least: number,
): string[] {
  const little = files.filter((file) => reachedPart([file]) < least);
  const paths = new Set(little.map(({ path }) => path));
  return [
    ...[...paths].filter((path) => !Object.hasOwn(reasons, path))
      .map((path) => `${path}: no reason is told why so little is reached`),
    ...Object.keys(reasons).filter((path) => !paths.has(path))
      .map((path) => `${path}: the reason told is stale, for it is reached`),
  ];
}
