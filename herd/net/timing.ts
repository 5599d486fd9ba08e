/**
 * What can be made of a clock's timers: pauses, deadlines, and what is done
 * again and again.
 *
 * @module
 */
import type { Clock, Timer } from "./platform.ts";

/** Runs `run` every so many milliseconds, from one interval on. */
export function every(clock: Clock, ms: number, run: () => void): Timer {
  let timer = clock.after(ms, function fire() {
    timer = clock.after(ms, fire);
    run();
  });
  return { cancel: () => timer.cancel() };
}

/** Resolves when what waited for its turn has had it: sockets, timers, messages. */
export function nextTurn(clock: Clock): Promise<void> {
  return delay(clock, 0);
}

/**
 * Resolves when so many milliseconds have passed.
 *
 * @throws {unknown} The signal's reason, as soon as it is aborted.
 */
export function delay(
  clock: Clock,
  ms: number,
  signal?: AbortSignal,
): Promise<void> {
  if (signal === undefined) {
    return new Promise((resolve) => clock.after(ms, resolve));
  }
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const abort = () => {
      timer.cancel();
      reject(signal.reason);
    };
    const timer = clock.after(ms, () => {
      signal.removeEventListener("abort", abort);
      resolve();
    });
    signal.addEventListener("abort", abort, { once: true });
  });
}

/** A signal that is aborted when the time is up, unless disposed of before. */
export class Deadline implements Disposable {
  readonly #aborter = new AbortController();
  readonly #timer: Timer;

  /**
   * The time begins now.
   *
   * @param reason Makes what the signal is aborted with. It is only asked when
   * the time is up: an error takes long to make.
   */
  constructor(
    clock: Clock,
    ms: number,
    reason: () => unknown = () => undefined,
  ) {
    this.#timer = clock.after(ms, () => this.#aborter.abort(reason()));
  }

  get signal(): AbortSignal {
    return this.#aborter.signal;
  }

  /** Ends it before its time, for another reason. */
  abort(reason?: unknown): void {
    this.#timer.cancel();
    this.#aborter.abort(reason);
  }

  [Symbol.dispose](): void {
    this.#timer.cancel();
  }
}
