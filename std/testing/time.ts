/**
 * Those parts of `@std/testing/time` that this project uses, built on the mock
 * timers of `node:test`.
 *
 * @module
 */
import { mock } from "node:test";

/**
 * Replaces `Date`, `setTimeout()` and `setInterval()` until it is disposed of:
 * time passes only when it is told to.
 */
export class FakeTime implements Disposable {
  /**
   * @param start Milliseconds since the epoch; by default now.
   * @throws {Error} If time is faked already.
   */
  constructor(start: number = Date.now()) {
    mock.timers.enable({
      apis: ["Date", "setTimeout", "setInterval"],
      now: start,
    });
  }

  /** Advances time by `ms`, and runs what is due by then. */
  tick(ms = 0): void {
    mock.timers.tick(ms);
  }

  /** Restores real time. */
  [Symbol.dispose](): void {
    mock.timers.reset();
  }
}
