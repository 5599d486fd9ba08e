/**
 * A module of this project that runs in a process of its own, whoever has
 * started it: the machine that this is, or an agent on another.
 *
 * @module
 */

/** Such a process. */
export interface Spawned {
  /** The values that it says, until it ends. */
  readonly said: AsyncIterable<unknown>;
  /** Resolves to how it ended, in words. */
  readonly ended: Promise<string>;
  /** Tells it a value. Who is gone does not hear it. */
  tell(value: unknown): void;
  /** Ends its input, by which it ends too. */
  closeInput(): void;
  /**
   * Freezes it: its sockets stay open, and nobody reads them.
   *
   * @throws {NoAnswer} If nobody says in time that it is frozen.
   */
  pause(deadlineMs: number): Promise<void>;
  /** Wakes it. */
  resume(): void;
  /** Ends it at once. */
  kill(): void;
}
