/**
 * The equirectangular projection: degrees to pixels and back, and the part of
 * the world that is looked at.
 *
 * @module
 */

/** A place on the globe, in degrees, north and east positive. */
export interface Position {
  /** Degrees, north positive. */
  readonly latitude: number;
  /** Degrees, east positive. */
  readonly longitude: number;
}

/** What is looked at: the place in the middle, and how large a degree is. */
export interface Outlook extends Position {
  /** Pixels of one degree. */
  readonly scale: number;
}

/** The canvas, in pixels of the page. */
export interface Size {
  /** Pixels from left to right. */
  readonly width: number;
  /** Pixels from top to bottom. */
  readonly height: number;
}

/** A kilometre takes some 40 pixels then. */
const SCALE_MAX = 4_500;
/** Pixels that stay free round what `around()` shows. */
const MARGIN = 48;
const EARTH_KM = 6_371;
const DEGREE = Math.PI / 180;

/** Where a place is on the canvas. */
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

/** The place at a point of the canvas; off the world, the nearest that is on it. */
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

/** The whole world, as large as it fits. */
export function whole({ width, height }: Size): Outlook {
  return {
    latitude: 0,
    longitude: 0,
    scale: Math.max(Math.min(width / 360, height / 180), 1e-3),
  };
}

/** No less than the whole world, and no sea beyond it where land could be. */
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

/** Larger by a factor; what is at this point of the canvas stays there. */
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

/** Moved as if the map was dragged by so many pixels. */
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

/** The least that holds all of these places, but never closer than `scaleMax`. */
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
  const [width, height] = [size.width, size.height]
    .map((pixels) => Math.max(pixels - 2 * MARGIN, pixels / 2)) as [
      number,
      number,
    ];
  return kept({
    latitude: (south + north) / 2,
    longitude: (west + east) / 2,
    scale: Math.min(
      width / Math.max(east - west, 1e-9),
      height / Math.max(north - south, 1e-9),
      scaleMax,
    ),
  }, size);
}

/** The corners of a circle on the globe, so many kilometres round a place. */
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

/** Kilometres between two places, over the globe. */
export function distanceKm(a: Position, b: Position): number {
  const up = Math.sin((b.latitude - a.latitude) * DEGREE / 2);
  const aside = Math.sin((b.longitude - a.longitude) * DEGREE / 2);
  const share = up * up +
    Math.cos(a.latitude * DEGREE) * Math.cos(b.latitude * DEGREE) *
      aside * aside;
  return 2 * EARTH_KM * Math.asin(Math.sqrt(within(share, 0, 1)));
}

/** How far apart lines of the grid are, in degrees, so that they are this far. */
export function gridStep(scale: number, pixels = 90): number {
  const steps = [30, 15, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01];
  return steps.findLast((step) => step * scale >= pixels) ?? 30;
}

/** A bar for the scale: a round number of kilometres, and its pixels. */
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

/** A position as `IAMAT` has it, and as people read it here. */
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
