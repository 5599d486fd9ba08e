/**
 * Polls the herd while the result is visible.
 *
 * @module
 */
import type { App } from "../app.ts";

const EVERY_MS = 1_000;

/** Polls once a second in live mode, one request at a time. */
export class Poll {
  readonly #app: App;
  readonly #ask: () => Promise<void>;
  #sinceMs = Infinity;
  #isAsking = false;

  /** The first request is sent at the next frame. */
  constructor(app: App, ask: () => Promise<void>) {
    this.#app = app;
    this.#ask = ask;
  }

  /** Asks at the next frame, whatever time is shown. */
  soon(): void {
    this.#sinceMs = Infinity;
  }

  /** Moves on by so much time. */
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
