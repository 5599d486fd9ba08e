/**
 * Those parts of `@std/testing/time` that this project uses, built on the mock
 * timers of `node:test`.
 *
 * @module
 */
import { mock } from "node:test";

/** Misuse of {@linkcode FakeTime}. */
export class TimeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "TimeError";
  }
}

let current: FakeTime | undefined;

/**
 * Replaces `Date`, `setTimeout()` and `setInterval()` until restored: time
 * passes only when it is told to.
 */
export class FakeTime implements Disposable {
  /**
   * @param start Milliseconds since the epoch; by default now.
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

  /** Advances time by `ms`, and runs what is due by then. */
  tick(ms = 0): void {
    mock.timers.tick(ms);
  }

  /**
   * Restores real time.
   *
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
