/**
 * A module of this project that runs in its own process, on this machine or
 * started by an agent on another.
 *
 * @module
 */

/** Such a process. */
export interface Spawned {
  /** The values that it sends, until it ends. */
  readonly said: AsyncIterable<unknown>;
  /** Resolves to how it ended, in words. */
  readonly ended: Promise<string>;
  /** Sends it a value, which is lost if it has ended. */
  tell(value: unknown): void;
  /** Closes its input, at which it ends. */
  closeInput(): void;
  /**
   * Pauses it: its sockets stay open, but it does not read them.
   *
   * @throws {NoAnswer} If the pause is not confirmed in time.
   */
  pause(deadlineMs: number): Promise<void>;
  resume(): void;
  /** Ends it at once. */
  kill(): void;
}
