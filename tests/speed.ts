/**
 * Drills' checks of how fast a machine is: on sockets no test asserts them. In
 * virtual time the result is always the same, and they count.
 *
 * @module
 */

/** What begins the text of such a check. */
const SPEED = /^(ack\.|hop\.|to\.\S+\.)?(p50|p90|p99|p99\.9|max) </;

/** Whether a check, by its text, is of a machine's speed. */
export function isOfSpeed(check: string): boolean {
  return SPEED.test(check);
}

/**
 * Whether a drill passed, by what the program printed, but for checks of the
 * machine's speed.
 */
export function passedButForSpeed(name: string, said: string): boolean {
  if (said.includes(`${name}: passed`)) return true;
  const failed = [...said.matchAll(/^ *FAIL +line \d+ +(.*)$/gm)];
  return said.includes(`${name}: FAILED`) && failed.length > 0 &&
    failed.every(([, check]) => isOfSpeed(check!)) &&
    said.includes(`, ${failed.length} failed`);
}
