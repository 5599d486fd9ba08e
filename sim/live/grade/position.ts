/**
 * Positions in replies: by these updates are known, for servers print times and
 * differences as they like.
 *
 * @module
 */

/** Whether a reply tells of a position, however its numbers are printed. */
export function isAt(reply: string, position: string): boolean {
  const [, lat, lon] =
    /^AT \S+ \S+ \S+ ([+-][\d.]+)([+-][\d.]+) /.exec(reply) ??
      [];
  const [, wantedLat, wantedLon] = /^([+-][\d.]+)([+-][\d.]+)$/.exec(position)!;
  return Number(lat) === Number(wantedLat) && Number(lon) === Number(wantedLon);
}
