/**
 * Finds the dot under a pointer, and the labels that have room.
 *
 * @module
 */

/** A dot on the canvas, in pixels from its top left. */
export interface Dot {
  readonly x: number;
  readonly y: number;
}

/** The nearest dot within `pixelsMax` of a point. */
export function nearest<T extends Dot>(
  dots: Iterable<T>,
  x: number,
  y: number,
  pixelsMax: number,
): T | undefined {
  let best: T | undefined;
  let least = pixelsMax * pixelsMax;
  for (const dot of dots) {
    const [right, down] = [dot.x - x, dot.y - y];
    const distance = right * right + down * down;
    if (distance > least) continue;
    least = distance;
    best = dot;
  }
  return best;
}

/** A label, and where it would be drawn. */
export interface Label extends Dot {
  readonly text: string;
  /** In pixels. */
  readonly width: number;
}

/** The height of a label's row in pixels. */
const LINE = 18;

/**
 * The labels that have room. Each is to the right of its dot, and none overlaps
 * an earlier one, so the most important come first.
 */
export function placed<T extends Label>(
  labels: Iterable<T>,
  labelsMax: number,
): T[] {
  const rows = new Map<number, [from: number, to: number][]>();
  const found: T[] = [];
  for (const label of labels) {
    if (found.length >= labelsMax) break;
    const row = Math.floor(label.y / LINE);
    const [from, to] = [label.x - 4, label.x + label.width + 12];
    const isFree = [row - 1, row, row + 1].every((near) =>
      (rows.get(near) ?? []).every((taken) => to < taken[0] || from > taken[1])
    );
    if (!isFree) continue;
    rows.set(row, [...rows.get(row) ?? [], [from, to]]);
    found.push(label);
  }
  return found;
}
