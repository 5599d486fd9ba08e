/**
 * The equirectangular projection: degrees to pixels and back, and the visible
 * part of the world.
 *
 * @module
 */

/** A position in degrees, north and east positive. */
export interface Position {
  readonly latitude: number;
  readonly longitude: number;
}

/** The visible part: the position in the middle, and the scale. */
export interface Outlook extends Position {
  /** Pixels per degree. */
  readonly scale: number;
}

/** The canvas, in CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** At this scale a kilometre is about 40 pixels. */
const SCALE_MAX = 4_500;
/** The margin of `around()`, in pixels. */
const MARGIN = 48;
const EARTH_KM = 6_371;
const DEGREE = Math.PI / 180;

/** From a position to the canvas. */
export function project(
  outlook: Outlook,
  { width, height }: Size,
  { latitude, longitude }: Position,
): [x: number, y: number] {
  return [
    width / 2 + (longitude - outlook.longitude) * outlook.scale,
    height / 2 - (latitude - outlook.latitude) * outlook.scale,
  ];
}

/** The position at a point of the canvas; off the world, the nearest on it. */
export function unproject(
  outlook: Outlook,
  { width, height }: Size,
  x: number,
  y: number,
): Position {
  return {
    latitude: within(
      outlook.latitude - (y - height / 2) / outlook.scale,
      -90,
      90,
    ),
    longitude: within(
      outlook.longitude + (x - width / 2) / outlook.scale,
      -180,
      180,
    ),
  };
}

/** The whole world, as large as fits. */
export function whole({ width, height }: Size): Outlook {
  return {
    latitude: 0,
    longitude: 0,
    scale: Math.max(Math.min(width / 360, height / 180), 1e-3),
  };
}

/**
 * Limits an outlook: no smaller than the whole world, and not beyond its edges.
 */
export function kept(outlook: Outlook, size: Size): Outlook {
  const scale = within(outlook.scale, whole(size).scale, SCALE_MAX);
  const aside = Math.max(0, 180 - size.width / 2 / scale);
  const upwards = Math.max(0, 90 - size.height / 2 / scale);
  return {
    latitude: within(outlook.latitude, -upwards, upwards),
    longitude: within(outlook.longitude, -aside, aside),
    scale,
  };
}

/** Zoomed by a factor; the position at this point of the canvas stays there. */
export function zoomed(
  outlook: Outlook,
  size: Size,
  factor: number,
  x: number = size.width / 2,
  y: number = size.height / 2,
): Outlook {
  const scale = within(outlook.scale * factor, whole(size).scale, SCALE_MAX);
  const [right, up] = [x - size.width / 2, size.height / 2 - y];
  const change = 1 / outlook.scale - 1 / scale;
  return kept({
    latitude: outlook.latitude + up * change,
    longitude: outlook.longitude + right * change,
    scale,
  }, size);
}

/** Panned by so many pixels. */
export function panned(
  outlook: Outlook,
  size: Size,
  right: number,
  down: number,
): Outlook {
  return kept({
    latitude: outlook.latitude + down / outlook.scale,
    longitude: outlook.longitude - right / outlook.scale,
    scale: outlook.scale,
  }, size);
}

/** The smallest outlook with all of these positions, at most at `scaleMax`. */
export function around(
  places: Iterable<Position>,
  size: Size,
  scaleMax: number = SCALE_MAX,
): Outlook {
  let [south, north, west, east] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { latitude, longitude } of places) {
    south = Math.min(south, latitude);
    north = Math.max(north, latitude);
    west = Math.min(west, longitude);
    east = Math.max(east, longitude);
  }
  if (south > north) return whole(size);
  const inside = (pixels: number) => Math.max(pixels - 2 * MARGIN, pixels / 2);
  return kept({
    latitude: (south + north) / 2,
    longitude: (west + east) / 2,
    scale: Math.min(
      inside(size.width) / Math.max(east - west, 1e-9),
      inside(size.height) / Math.max(north - south, 1e-9),
      scaleMax,
    ),
  }, size);
}

/** The outline of a circle on the globe. */
export function circle(
  { latitude, longitude }: Position,
  radiusKm: number,
  corners = 96,
): Position[] {
  const angle = radiusKm / EARTH_KM;
  const [sin, cos] = [Math.sin(latitude * DEGREE), Math.cos(latitude * DEGREE)];
  return Array.from({ length: corners }, (_, i) => {
    const bearing = 2 * Math.PI * i / corners;
    const height = sin * Math.cos(angle) +
      cos * Math.sin(angle) * Math.cos(bearing);
    const aside = Math.atan2(
      Math.sin(bearing) * Math.sin(angle) * cos,
      Math.cos(angle) - sin * height,
    );
    return {
      latitude: Math.asin(within(height, -1, 1)) / DEGREE,
      longitude: longitude + aside / DEGREE,
    };
  });
}

/** Great-circle distance in kilometres. */
export function distanceKm(a: Position, b: Position): number {
  const up = Math.sin((b.latitude - a.latitude) * DEGREE / 2);
  const aside = Math.sin((b.longitude - a.longitude) * DEGREE / 2);
  const share = up * up +
    Math.cos(a.latitude * DEGREE) * Math.cos(b.latitude * DEGREE) *
      aside * aside;
  return 2 * EARTH_KM * Math.asin(Math.sqrt(within(share, 0, 1)));
}

/**
 * The step of the grid in degrees, so that its lines are at least `pixels`
 * apart.
 */
export function gridStep(scale: number, pixels = 90): number {
  const steps = [30, 15, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01];
  return steps.findLast((step) => step * scale >= pixels) ?? 30;
}

/** A scale bar: a round number of kilometres, and its length in pixels. */
export function scaleBar(
  { latitude, scale }: Outlook,
  pixelsMax = 110,
): { km: number; pixels: number } {
  const perKm = scale /
    (EARTH_KM * DEGREE * Math.max(Math.cos(latitude * DEGREE), 0.05));
  const lengths = [
    ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500],
    ...[1_000, 2_000, 5_000],
  ];
  const km = lengths.findLast((length) => length * perKm <= pixelsMax) ?? 0.1;
  return { km, pixels: km * perKm };
}

/** A position in the form of `IAMAT`, which the page shows too. */
export function positionText({ latitude, longitude }: Position): string {
  return signed(latitude) + signed(longitude);
}

function signed(degrees: number): string {
  const text = Math.abs(degrees).toFixed(6);
  return (degrees < 0 ? "-" : "+") + text;
}

function within(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
