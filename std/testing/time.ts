/**
 * Stand-in for `@std/testing/time`, over the mock timers of `node:test`: what
 * of it this project uses.
 *
 * @module
 */
import { mock } from "node:test";

/** Misuse of {@linkcode FakeTime}. */
export class TimeError extends Error {
  /** An error named `TimeError`. */
  constructor(message: string) {
    super(message);
    this.name = "TimeError";
  }
}

let current: FakeTime | undefined;

/**
 * Stands in for `Date`, `setTimeout()` and `setInterval()` until restored:
 * time passes only when it is told to.
 */
export class FakeTime implements Disposable {
  /**
   * Time begins at `start`, in milliseconds since the epoch, by default now.
   * @throws {TimeError} If time is faked already.
   */
  constructor(start: number = Date.now()) {
    if (current !== undefined) {
      throw new TimeError("Cannot construct FakeTime: time is already faked");
    }
    mock.timers.enable({
      apis: ["Date", "setTimeout", "setInterval"],
      now: start,
    });
    current = this;
  }

  /** Moves time on by `ms`, running what is due till then. */
  tick(ms = 0): void {
    mock.timers.tick(ms);
  }

  /**
   * Restores real time.
   * @throws {TimeError} If that was done before.
   */
  restore(): void {
    if (current !== this) {
      throw new TimeError("Cannot restore time: it is already restored");
    }
    current = undefined;
    mock.timers.reset();
  }

  /** Restores real time, if that was not done before. */
  [Symbol.dispose](): void {
    if (current === this) this.restore();
  }
}
