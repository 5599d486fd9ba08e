/**
 * Formats the time of day for the console.
 *
 * @module
 */

/** The local time of day, `12:30:01.005`. */
export function clockText(atMs: number): string {
  const at = new Date(atMs);
  const two = (value: number) => String(value).padStart(2, "0");
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two);
  return `${time.join(":")}.${String(at.getMilliseconds()).padStart(3, "0")}`;
}
