/**
 * Where servers stand: by springs and repulsion, the same at each visit.
 *
 * @module
 */
import type { ForceLibrary, ForceNode } from "../libraries.ts";

/** A place. */
export interface Point {
  /** To the right. */
  readonly x: number;
  /** Down. */
  readonly y: number;
}

/** The ends of a link. */
export interface Ends {
  /** One end. */
  readonly a: string;
  /** The other. */
  readonly b: string;
}

const STEPS = 300;
const SPRING = 30;

/**
 * Places around (0, 0) by the servers' names; a usual link is 1 long, and the
 * herd is at its widest from left to right.
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
  // The library puts points into the springs that it is given.
  // Both the places to start from and the little noise are d3's own, and are
  // the same each time.
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

/** Places in a round, in the servers' order; neighbours there are 1 apart. */
export function roundLayout(names: readonly string[]): Map<string, Point> {
  const radius = names.length / (2 * Math.PI);
  return new Map(names.map((name, i) => {
    const angle = i / radius - Math.PI / 2;
    return [name, { x: radius * Math.cos(angle), y: radius * Math.sin(angle) }];
  }));
}

/** Points turned so that they spread most from left to right. */
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

/** How a layout lies on the screen. */
export interface Frame {
  /** The middle of the screen in the layout. */
  readonly middle: Point;
  /** Pixels a unit, to the right. */
  readonly scaleX: number;
  /** Pixels a unit, down. */
  readonly scaleY: number;
  /** Where the middle is on the screen. */
  readonly centre: Point;
  /** Whether the layout is turned by a quarter, for a screen that is high. */
  readonly isUpright: boolean;
}

/** A usual link is at most so long, in pixels: a small herd stays one thing. */
const LINK_PIXELS_MAX = 250;
/** One way may be stretched by so much, where there is room. */
const STRETCH_MAX = 1.4;

/** Room that is left at the edges of the screen. */
export interface Padding {
  /** At either side. */
  readonly x: number;
  /** Above. */
  readonly top: number;
  /** Below. */
  readonly bottom: number;
}

/** The frame in which all of a layout is seen. */
export function frameOf(
  points: Iterable<Point>,
  width: number,
  height: number,
  padding: Padding,
): Frame {
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
    middle: { x: (left + right) / 2, y: (top + bottom) / 2 },
    scaleX: Math.min(roomX, scale * STRETCH_MAX, LINK_PIXELS_MAX),
    scaleY: Math.min(roomY, scale * STRETCH_MAX, LINK_PIXELS_MAX),
    centre: {
      x: width / 2,
      y: (height + padding.top - padding.bottom) / 2,
    },
    isUpright,
  };
}

/** Where a place of the layout is on the screen. */
export function onScreen(frame: Frame, point: Point): Point {
  const { x, y } = frame.isUpright ? { x: -point.y, y: point.x } : point;
  return {
    x: (x - frame.middle.x) * frame.scaleX + frame.centre.x,
    y: (y - frame.middle.y) * frame.scaleY + frame.centre.y,
  };
}

/** Which place of the layout a point of the screen is. */
export function inLayout(frame: Frame, point: Point): Point {
  const x = (point.x - frame.centre.x) / frame.scaleX + frame.middle.x;
  const y = (point.y - frame.centre.y) / frame.scaleY + frame.middle.y;
  return frame.isUpright ? { x: y, y: -x } : { x, y };
}
