/**
 * Who hears of a change, until a signal aborts.
 *
 * @module
 */

export class Listeners<T extends readonly unknown[] = []> {
  readonly #all = new Set<(...told: T) => void>();

  add(listener: (...told: T) => void, signal?: AbortSignal): void {
    this.#all.add(listener);
    signal?.addEventListener("abort", () => this.#all.delete(listener));
  }

  tell(...told: T): void {
    for (const listener of [...this.#all]) listener(...told);
  }
}
