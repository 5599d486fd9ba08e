/**
 * The error of an assertion that does not hold.
 *
 * @module
 */
import { AssertionError } from "@std/assert";

/** An assertion does not hold; `actual` is what was found instead. */
export class Unmet extends AssertionError {
  /** @param actual What was found, a line each; by default the message. */
  constructor(message: string, readonly actual: string = message) {
    super(message);
  }
}
