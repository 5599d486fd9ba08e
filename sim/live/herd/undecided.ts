/**
 * That nobody can tell whether something held in time.
 *
 * @module
 */
import { AssertionError } from "@std/assert";

/**
 * That an assertion neither holds nor fails: what would tell came after the time
 * was up, or from a server that can't answer. A herd with `trace` knows more.
 */
export class Undecided extends AssertionError {
  /** The class's name, as errors print it. */
  override readonly name: string = "Undecided";

  /**
   * An assertion's message.
   * @param why Why nobody can tell, in one line.
   */
  constructor(message: string, readonly why: string) {
    super(message);
  }
}
