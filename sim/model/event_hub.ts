/**
 * Tells events to any number of listeners.
 *
 * @module
 */

/** Hears of events. A promise that it returns is not waited for. */
export type Listener<E> = (event: E) => unknown;

/**
 * Tells each event to all who listen, in the order in which they began to, and
 * to each in the order in which they happened: what one listener brings about is
 * told when all have heard of its cause.
 *
 * @typeParam E What is told.
 */
export class EventHub<E> {
  readonly #listeners = new Set<Listener<E>>();
  readonly #onError: (error: unknown) => void;
  readonly #untold: E[] = [];
  #isTelling = false;

  /**
   * Nobody listens.
   * @param onError Gets what a listener throws; the others do not notice.
   */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /**
   * A listener hears of all that happens from now on, until this is disposed of.
   *
   * @example
   * ```ts
   * import { EventHub } from "./event_hub.ts";
   * import { assertEquals } from "@std/assert";
   *
   * const hub = new EventHub<number>(() => {});
   * const heard: number[] = [];
   * {
   *   using _ = hub.subscribe((event) => heard.push(event));
   *   hub.tell(1);
   * }
   * hub.tell(2);
   * assertEquals(heard, [1]);
   * ```
   */
  subscribe(listener: Listener<E>): Disposable {
    // The same function may be given twice, and is then two listeners.
    const own: Listener<E> = (event) => listener(event);
    this.#listeners.add(own);
    return { [Symbol.dispose]: () => void this.#listeners.delete(own) };
  }

  /** Tells an event; never throws. */
  tell(event: E): void {
    this.#untold.push(event);
    if (this.#isTelling) return;
    this.#isTelling = true;
    while (this.#untold.length > 0) this.#tellAll(this.#untold.shift()!);
    this.#isTelling = false;
  }

  #tellAll(event: E): void {
    // Who begins to listen meanwhile does not hear of it; who has stopped, too.
    for (const listener of [...this.#listeners]) {
      if (!this.#listeners.has(listener)) continue;
      try {
        const done = listener(event);
        if (done instanceof Promise) done.catch(this.#onError);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
