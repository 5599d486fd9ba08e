/**
 * The error of an assertion that does not hold.
 *
 * @module
 */
import { AssertionError } from "@std/assert";

/** What was asserted, what was expected, and what was found, a line each. */
export function comparedText(
  asserted: string,
  expected: string,
  actual: readonly string[],
): string {
  const found = `  actual:   ${actual.join("\n            ")}`;
  return [asserted, `  expected: ${expected}`, found].join("\n");
}

/** An assertion does not hold; `actual` is what was found instead. */
export class Unmet extends AssertionError {
  /** @param actual What was found, a line each; by default the message. */
  constructor(message: string, readonly actual: string = message) {
    super(message);
  }
}
