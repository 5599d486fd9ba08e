/**
 * Changes of a herd's servers, and who waits for what comes of them.
 *
 * @module
 */

/** Changes of states and links. */
export class Changes {
  readonly #listeners = new Set<() => void>();

  /** Something has changed: each who waits has a look. */
  tell(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Waits until something is true; it is looked at after each change. */
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

  /** Waits for the next one. */
  async next(signal: AbortSignal): Promise<void> {
    let looks = 0;
    await this.until(() => looks++ > 0, signal);
  }
}
