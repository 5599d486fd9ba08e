/**
 * Lays out the servers with a force simulation; the result is the same at each
 * visit.
 *
 * @module
 */
import type { ForceLibrary, ForceNode } from "../libraries.ts";

/** A point; x grows to the right, y downwards. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Ends {
  readonly a: string;
  readonly b: string;
}

const STEPS = 300;
const SPRING = 30;

/**
 * Positions around (0, 0) by server name. A typical link has length 1, and the
 * layout is turned so that it is widest from left to right.
 */
export function layOut(
  force: ForceLibrary,
  names: readonly string[],
  links: readonly Ends[],
): Map<string, Point> {
  const nodes: ForceNode[] = names.map(() => ({}));
  const places = new Map(names.map((name, i) => [name, i]));
  const springs = links.flatMap(({ a, b }) => {
    const [source, target] = [places.get(a), places.get(b)];
    return source === undefined || target === undefined
      ? []
      : [{ source, target }];
  });
  // The library writes to the objects that it is given, so it gets copies.
  // Both the start positions and the jitter are d3's own, and the same each time.
  force.forceSimulation(nodes)
    .force(
      "links",
      force.forceLink(springs.map((it) => ({ ...it }))).distance(SPRING),
    )
    .force("apart", force.forceManyBody().strength(-SPRING * 6))
    .force("room", force.forceCollide().radius(SPRING * 0.45))
    .force("x", force.forceX(0).strength(0.05))
    .force("y", force.forceY(0).strength(0.08))
    .stop()
    .tick(STEPS);
  const found = nodes.map(({ x = 0, y = 0 }) => ({ x, y }));
  const turned = turnedFlat(found);
  const lengths = springs.map(({ source, target }) =>
    Math.hypot(
      turned[source]!.x - turned[target]!.x,
      turned[source]!.y - turned[target]!.y,
    )
  );
  const unit = mean(lengths) || SPRING;
  return new Map(
    names.map((
      name,
      i,
    ) => [name, { x: turned[i]!.x / unit, y: turned[i]!.y / unit }]),
  );
}

/** Positions on a circle, in the servers' order; adjacent ones are 1 apart. */
export function roundLayout(names: readonly string[]): Map<string, Point> {
  const radius = names.length / (2 * Math.PI);
  return new Map(names.map((name, i) => {
    const angle = i / radius - Math.PI / 2;
    return [name, { x: radius * Math.cos(angle), y: radius * Math.sin(angle) }];
  }));
}

/** Rotates points so that they spread most from left to right. */
export function turnedFlat(points: readonly Point[]): Point[] {
  const middle = {
    x: mean(points.map((p) => p.x)),
    y: mean(points.map((p) => p.y)),
  };
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (const { x, y } of points) {
    xx += (x - middle.x) ** 2;
    yy += (y - middle.y) ** 2;
    xy += (x - middle.x) * (y - middle.y);
  }
  const angle = Math.atan2(2 * xy, xx - yy) / 2;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return points.map(({ x, y }) => ({
    x: (x - middle.x) * cos + (y - middle.y) * sin,
    y: (y - middle.y) * cos - (x - middle.x) * sin,
  }));
}

function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length === 0 ? 0 : sum / values.length;
}

/** Maps the layout to the screen. */
export type Frame = Readonly<ReturnType<typeof frameOf>>;

/** The most pixels of a typical link, so that a small herd stays together. */
const LINK_PIXELS_MAX = 250;
/** By how much one axis may be stretched more than the other. */
const STRETCH_MAX = 1.4;

/** The space left at the edges of the screen, in pixels. */
export interface Padding {
  /** Left and right. */
  readonly x: number;
  /** Above. */
  readonly top: number;
  /** Below. */
  readonly bottom: number;
}

/** The frame that shows all of a layout. */
export function frameOf(
  points: Iterable<Point>,
  width: number,
  height: number,
  padding: Padding,
) {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  const isUpright = height > width;
  for (const point of points) {
    const { x, y } = isUpright ? { x: -point.y, y: point.x } : point;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  if (left > right) [left, right, top, bottom] = [0, 0, 0, 0];
  const roomX = Math.max(width - 2 * padding.x, 20) /
    Math.max(right - left, 0.5);
  const roomY = Math.max(height - padding.top - padding.bottom, 20) /
    Math.max(bottom - top, 0.5);
  const scale = Math.min(roomX, roomY, LINK_PIXELS_MAX);
  return {
    /** The point of the layout that is in the middle of the screen. */
    middle: { x: (left + right) / 2, y: (top + bottom) / 2 },
    /** Horizontal pixels per unit. */
    scaleX: Math.min(roomX, scale * STRETCH_MAX, LINK_PIXELS_MAX),
    /** Vertical pixels per unit. */
    scaleY: Math.min(roomY, scale * STRETCH_MAX, LINK_PIXELS_MAX),
    /** Where the middle is on the screen. */
    centre: {
      x: width / 2,
      y: (height + padding.top - padding.bottom) / 2,
    },
    /** Whether the layout is turned by 90 degrees, for an upright screen. */
    isUpright,
  };
}

/** From layout to screen. */
export function onScreen(frame: Frame, point: Point): Point {
  const { x, y } = frame.isUpright ? { x: -point.y, y: point.x } : point;
  return {
    x: (x - frame.middle.x) * frame.scaleX + frame.centre.x,
    y: (y - frame.middle.y) * frame.scaleY + frame.centre.y,
  };
}

/** From screen to layout. */
export function inLayout(frame: Frame, point: Point): Point {
  const x = (point.x - frame.centre.x) / frame.scaleX + frame.middle.x;
  const y = (point.y - frame.centre.y) / frame.scaleY + frame.middle.y;
  return frame.isUpright ? { x: y, y: -x } : { x, y };
}
