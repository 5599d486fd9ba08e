/**
 * Reads JSON that may be broken.
 *
 * @module
 */

/** The value of a text; `undefined` if it is no JSON. */
export function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
