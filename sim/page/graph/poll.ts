/**
 * What is asked of the herd again and again while it is looked at.
 *
 * @module
 */
import type { App } from "../app.ts";

const EVERY_MS = 1_000;

/** Asks once a second, live, and one request at a time. */
export class Poll {
  readonly #app: App;
  readonly #ask: () => Promise<void>;
  #sinceMs = Infinity;
  #isAsking = false;

  /** Asks at the next frame for the first time. */
  constructor(app: App, ask: () => Promise<void>) {
    this.#app = app;
    this.#ask = ask;
  }

  /** Asks at the next frame, whatever time is shown. */
  soon(): void {
    this.#sinceMs = Infinity;
  }

  /** So much time has passed. */
  frame(elapsedMs: number): void {
    this.#sinceMs += elapsedMs;
    const isDue = this.#sinceMs === Infinity ||
      this.#sinceMs >= EVERY_MS && this.#app.time.mode === "live";
    if (!isDue || this.#isAsking || this.#app.time.isFile) return;
    this.#sinceMs = 0;
    this.#isAsking = true;
    void this.#ask().finally(() => this.#isAsking = false);
  }
}
