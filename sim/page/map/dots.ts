/**
 * Which dots of the map are where: what is under a pointer, and whose name has
 * room beside it.
 *
 * @module
 */

/** A dot on the canvas. */
export interface Dot {
  /** Pixels from the left. */
  readonly x: number;
  /** Pixels from the top. */
  readonly y: number;
}

/** The dot nearest to a point, if one is that near. */
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

/** A name, and where it would stand. */
export interface Label extends Dot {
  /** The name. */
  readonly text: string;
  /** Its pixels from left to right. */
  readonly width: number;
}

/** Pixels from the top of one label to that of the one below it. */
const LINE = 18;

/**
 * The labels that have room: each stands to the right of its dot, and none over
 * one that came before it. What matters most comes first.
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
    const taken = rows.get(row);
    if (taken === undefined) rows.set(row, [[from, to]]);
    else taken.push([from, to]);
    found.push(label);
  }
  return found;
}
