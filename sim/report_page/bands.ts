/**
 * Times that are drawn as bands behind a diagram.
 *
 * @module
 */

/** A time range that is drawn as a band. */
export interface Band {
  /** Its label. */
  readonly text: string;
  /** In milliseconds since the start. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** The times covered by any band; overlapping ones are merged. */
export function unionOf(bands: readonly Band[]): Omit<Band, "text">[] {
  const joined: { fromMs: number; toMs: number }[] = [];
  for (const { fromMs, toMs } of bands) {
    const last = joined.at(-1);
    if (last === undefined || fromMs > last.toMs) joined.push({ fromMs, toMs });
    else last.toMs = Math.max(last.toMs, toMs);
  }
  return joined;
}

/** Assigns a row to each band, so that no two in a row overlap. */
export function rowsOf(bands: readonly Band[], rowsMax: number): number[] {
  const ends: number[] = [];
  return bands.map(({ fromMs, toMs }) => {
    let row = ends.findIndex((end) => end <= fromMs);
    if (row < 0) row = Math.min(ends.length, rowsMax - 1);
    ends[row] = Math.max(ends[row] ?? 0, toMs);
    return row;
  });
}
