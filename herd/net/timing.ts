/**
 * Pauses, deadlines and intervals, made from a clock's timers.
 *
 * @module
 */
import type { Clock, Timer } from "./platform.ts";

/** Runs `run` every `ms` milliseconds, first after one interval. */
export function every(clock: Clock, ms: number, run: () => void): Timer {
  let timer = clock.after(ms, function fire() {
    timer = clock.after(ms, fire);
    run();
  });
  return { cancel: () => timer.cancel() };
}

/**
 * Resolves when everything that was ready has run: sockets, timers, messages.
 */
export function nextTurn(clock: Clock): Promise<void> {
  return delay(clock, 0);
}

/** Resolves right after the current task. */
export function immediately(clock: Clock): Promise<void> {
  return new Promise((resolve) => clock.immediate(resolve));
}

/**
 * Resolves after `ms` milliseconds.
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

/** A signal that is aborted after some time, unless disposed of before. */
export class Deadline implements Disposable {
  readonly #aborter = new AbortController();
  readonly #timer: Timer;

  /**
   * The time begins now.
   *
   * @param reason Makes the reason of the abort. It is called only when the
   * time has passed, since creating an error takes long.
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

  /** Aborts it early, for another reason. */
  abort(reason?: unknown): void {
    this.#timer.cancel();
    this.#aborter.abort(reason);
  }

  [Symbol.dispose](): void {
    this.#timer.cancel();
  }
}
