/**
 * That an assertion about a herd does not hold.
 *
 * @module
 */
import { AssertionError } from "@std/assert";

/** That an assertion does not hold, and what was found instead. */
export class Unmet extends AssertionError {
  /**
   * An assertion's message.
   * @param actual What was found, a line each; the message by default.
   */
  constructor(message: string, readonly actual: string = message) {
    super(message);
  }
}
