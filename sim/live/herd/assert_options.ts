/**
 * The options of assertions about a herd.
 *
 * @module
 */

/** Which servers an assertion is about, and how long it waits. */
export interface AssertOptions {
  /** "all" (default): those that are up or starting when it is called. */
  readonly on?: "all" | readonly string[];
  /** In milliseconds. */
  readonly withinMs?: number;
}

/** Which servers must hold a fix. */
export interface HeldOptions extends Pick<AssertOptions, "on"> {
  /**
   * Whether a newer fix of the client counts as a failure; false by default.
   */
  readonly isExact?: boolean;
}

/** Which servers must not get a fix, and for how long. */
export interface AbsentOptions {
  /** By their names. */
  readonly on: readonly string[];
  /** In milliseconds. */
  readonly forMs: number;
}
