/**
 * The error of an assertion that can't be decided.
 *
 * @module
 */
import { AssertionError } from "@std/assert";

/**
 * An assertion neither holds nor fails: the evidence came after the deadline,
 * or from a server that can't answer. A herd with `trace` knows more.
 */
export class Undecided extends AssertionError {
  /** `Undecided`. */
  override readonly name: string = "Undecided";

  /**
   * `message` also says what was asserted.
   * @param why Why it can't be known, in one line.
   */
  constructor(message: string, readonly why: string) {
    super(message);
  }
}
