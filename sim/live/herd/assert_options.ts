/**
 * What assertions about a herd are told.
 *
 * @module
 */

/** Which servers an assertion is about, and how long it waits. */
export interface AssertOptions {
  /** "all" (default): those that are up or starting when it is called. */
  readonly on?: "all" | readonly string[];
  /** Milliseconds. */
  readonly withinMs?: number;
}

/** Where a fix must be. */
export interface HeldOptions extends Pick<AssertOptions, "on"> {
  /** Whether a newer fix in its place does not do. */
  readonly isExact?: boolean;
}

/** Where a fix must not be, and how long that is watched. */
export interface AbsentOptions {
  /** The servers. */
  readonly on: readonly string[];
  /** Milliseconds. */
  readonly forMs: number;
}
