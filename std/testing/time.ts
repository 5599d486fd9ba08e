/**
 * Stand-in for `@std/testing/time`, over `npm:@sinonjs/fake-timers`.
 *
 * @module
 */
import FakeTimers from "@sinonjs/fake-timers";

/** Misuse of {@linkcode FakeTime}. */
export class TimeError extends Error {
  /** An error named `TimeError`. */
  constructor(message: string) {
    super(message);
    this.name = "TimeError";
  }
}

const realSetTimeout = globalThis.setTimeout;
const realClearTimeout = globalThis.clearTimeout;

let current: FakeTime | undefined;

/**
 * Stands in for `Date`, `setTimeout()` and `setInterval()` until restored:
 * time passes only when it is told to.
 */
export class FakeTime implements Disposable {
  readonly #clock: ReturnType<typeof FakeTimers.install>;
  readonly #start: number;

  /**
   * Time begins at `start`, by default now.
   * @throws {TimeError} If time is faked already, or `start` is no time.
   */
  constructor(start?: number | string | Date | null) {
    if (current !== undefined) {
      throw new TimeError("Cannot construct FakeTime: time is already faked");
    }
    this.#start = start === undefined || start === null
      ? Date.now()
      : typeof start === "number"
      ? Math.floor(start)
      : new Date(start).valueOf();
    if (Number.isNaN(this.#start)) {
      throw new TimeError(`Cannot construct FakeTime: invalid start ${start}`);
    }
    this.#clock = FakeTimers.install({
      now: this.#start,
      toFake: [
        "Date",
        "setTimeout",
        "clearTimeout",
        "setInterval",
        "clearInterval",
      ],
    });
    current = this;
  }

  /**
   * Restores real time.
   * @throws {TimeError} If time is not faked.
   */
  static restore(): void {
    if (current === undefined) {
      throw new TimeError("Cannot restore time: it is not faked");
    }
    current.restore();
  }

  /** Milliseconds since the epoch. Setting it runs what is due till then. */
  get now(): number {
    return this.#clock.now;
  }

  set now(value: number) {
    if (value < this.now) {
      throw new RangeError("Cannot set current time in the past");
    }
    this.#clock.tick(value - this.now);
  }

  /** The time it began at, in milliseconds since the epoch. */
  get start(): number {
    return this.#start;
  }

  /** Waits `ms` milliseconds of real time. */
  async delay(
    ms: number,
    options: { signal?: AbortSignal } = {},
  ): Promise<void> {
    const { signal } = options;
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const abort = () => reject(signal?.reason);
    const timer = realSetTimeout(resolve, ms);
    signal?.addEventListener("abort", abort, { once: true });
    try {
      await promise;
    } finally {
      realClearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Lets all pending microtasks run. */
  async runMicrotasks(): Promise<void> {
    await this.delay(0);
  }

  /** Moves time on by `ms`, running what is due till then. */
  tick(ms = 0): void {
    this.#clock.tick(ms);
  }

  /** The same, after all pending microtasks. */
  async tickAsync(ms = 0): Promise<void> {
    await this.runMicrotasks();
    this.tick(ms);
  }

  /** Moves time on to the next timer and runs it; `false` if there is none. */
  next(): boolean {
    const waiting = this.#clock.countTimers() > 0;
    if (waiting) this.#clock.next();
    return waiting;
  }

  /** The same, after all pending microtasks. */
  async nextAsync(): Promise<boolean> {
    await this.runMicrotasks();
    return this.next();
  }

  /** Runs timers until none is left, those that they start included. */
  runAll(): void {
    while (this.next());
  }

  /** The same, running all pending microtasks before each timer. */
  async runAllAsync(): Promise<void> {
    while (await this.nextAsync());
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
    this.#clock.uninstall();
  }

  /** Restores real time, if that was not done before. */
  [Symbol.dispose](): void {
    if (current === this) this.restore();
  }
}
