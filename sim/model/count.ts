/**
 * Numbers of things as text.
 *
 * @module
 */

/** A number of things: `1 client`, `2 clients`, `2 branches`. */
export function count(
  number: number,
  one: string,
  many: string = `${one}s`,
): string {
  return `${number} ${number === 1 ? one : many}`;
}
