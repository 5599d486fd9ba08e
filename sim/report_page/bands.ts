/**
 * Times that are drawn as bands behind a diagram.
 *
 * @module
 */

/** A time that is drawn as a band. */
export interface Band {
  /** What is behind it. */
  readonly text: string;
  /** When it begins, in milliseconds since the start. */
  readonly fromMs: number;
  /** When it ends. */
  readonly toMs: number;
}

/** The times in which there is any band, joined where they overlap. */
export function unionOf(bands: readonly Band[]): Omit<Band, "text">[] {
  const joined: { fromMs: number; toMs: number }[] = [];
  for (const { fromMs, toMs } of bands) {
    const last = joined.at(-1);
    if (last === undefined || fromMs > last.toMs) joined.push({ fromMs, toMs });
    else last.toMs = Math.max(last.toMs, toMs);
  }
  return joined;
}

/** Rows for bands, so that no two of a row overlap: the row of each. */
export function rowsOf(bands: readonly Band[], rowsMax: number): number[] {
  const ends: number[] = [];
  return bands.map(({ fromMs, toMs }) => {
    let row = ends.findIndex((end) => end <= fromMs);
    if (row < 0) row = Math.min(ends.length, rowsMax - 1);
    ends[row] = Math.max(ends[row] ?? 0, toMs);
    return row;
  });
}
