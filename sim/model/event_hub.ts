/**
 * Passes events to any number of listeners.
 *
 * @module
 */

/** Called with each event. A promise that it returns is not awaited. */
export type Listener<E> = (event: E) => unknown;

/**
 * Passes each event to all listeners, in the order in which they subscribed and
 * in which events happened: an event that a listener causes is passed on after
 * all have received its cause.
 *
 * @typeParam E The event.
 */
export class EventHub<E> {
  readonly #listeners = new Set<Listener<E>>();
  readonly #onError: (error: unknown) => void;
  readonly #untold: E[] = [];
  #isTelling = false;

  /**
   * @param onError Called with what a listener throws; the others are not
   * affected.
   */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /**
   * Subscribes to all events from now on, until the result is disposed of.
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
    // The same function may subscribe twice, and is then two listeners.
    const own: Listener<E> = (event) => listener(event);
    this.#listeners.add(own);
    return { [Symbol.dispose]: () => void this.#listeners.delete(own) };
  }

  /** Passes an event on; never throws. */
  tell(event: E): void {
    this.#untold.push(event);
    if (this.#isTelling) return;
    this.#isTelling = true;
    while (this.#untold.length > 0) this.#tellAll(this.#untold.shift()!);
    this.#isTelling = false;
  }

  #tellAll(event: E): void {
    // Those that subscribe meanwhile do not receive it, nor do those that left.
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
