/**
 * Updates that contain the time at which they were due: the time of an IAMAT is
 * the client's own, so any herd carries it unchanged.
 *
 * @module
 */

const US_PER_MS = 1_000;
const FRACTION_DIGITS = 6;

/**
 * The IAMAT of a client, without a line feed.
 *
 * @param client The client's number.
 * @param dueMs When it is due, in milliseconds since the epoch.
 */
export function updateLine(client: number, dueMs: number): string {
  const us = Math.round(dueMs * US_PER_MS).toString();
  const seconds = us.slice(0, -FRACTION_DIGITS);
  const fraction = us.slice(-FRACTION_DIGITS);
  return `IAMAT open-${client} +34.068930-118.445127 ${seconds}.${fraction}`;
}

/** When an update was due, by its time, in milliseconds since the epoch. */
export function intendedMs(time: string): number {
  return Number(time) * 1_000;
}
