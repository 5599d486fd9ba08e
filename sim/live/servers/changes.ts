/**
 * Notifies of changes of a herd's servers.
 *
 * @module
 */

/** Changes of states and links. */
export class Changes {
  readonly #listeners = new Set<() => void>();

  /** Has all waiting conditions checked. */
  tell(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Waits until a condition is true; it is checked after each change. */
  async until(isTrue: () => boolean, signal: AbortSignal): Promise<void> {
    if (isTrue()) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const abort = () => reject(signal.reason);
    const look = () => isTrue() && resolve();
    signal.addEventListener("abort", abort, { once: true });
    this.#listeners.add(look);
    try {
      await promise;
    } finally {
      this.#listeners.delete(look);
      signal.removeEventListener("abort", abort);
    }
  }

  /** Waits for the next change. */
  async next(signal: AbortSignal): Promise<void> {
    let looks = 0;
    await this.until(() => looks++ > 0, signal);
  }
}
