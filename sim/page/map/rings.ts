/**
 * Outlines of land for a flat map. On a globe an outline may cross the
 * antimeridian or go round a pole; on a flat map it has to be split there.
 *
 * @module
 */

/** In degrees, east and north positive. */
export type Corner = readonly [longitude: number, latitude: number];

/**
 * The outlines that show this one when drawn between 180° west and 180° east
 * and clipped there.
 */
export function flattened(ring: readonly Corner[]): Corner[][] {
  const whole = unrolled(ring);
  const longitudes = whole.map(([longitude]) => longitude);
  const copies = [whole];
  if (Math.min(...longitudes) < -180) copies.push(shifted(whole, 360));
  if (Math.max(...longitudes) > 180) copies.push(shifted(whole, -360));
  return copies;
}

/**
 * Removes jumps by letting longitudes go beyond 180°. An outline round a pole
 * is closed along the pole.
 */
function unrolled(ring: readonly Corner[]): Corner[] {
  const corners: Corner[] = [];
  let turn = 0;
  for (const [longitude, latitude] of ring) {
    const before = corners.at(-1)?.[0];
    if (before !== undefined) {
      if (longitude + turn - before > 180) turn -= 360;
      else if (longitude + turn - before < -180) turn += 360;
    }
    corners.push([longitude + turn, latitude]);
  }
  const [first, last] = [corners[0], corners.at(-1)];
  if (first && last && Math.abs(last[0] - first[0]) > 180) {
    const pole = first[1] < 0 ? -90 : 90;
    corners.push([last[0], pole], [first[0], pole]);
  }
  return corners;
}

function shifted(ring: readonly Corner[], by: number): Corner[] {
  return ring.map(([longitude, latitude]) => [longitude + by, latitude]);
}
