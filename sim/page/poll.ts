/**
 * Polls the herd while the result is visible.
 *
 * @module
 */
import type { App } from "./app.ts";
import { whyOf } from "./fields.ts";

const EVERY_MS = 1_000;

/** Asks once a second, one request at a time. */
export abstract class Poll<T> {
  protected readonly app: App;
  #sinceMs = Infinity;
  #isAsking = false;

  /** The first request is sent at the next frame. */
  constructor(app: App) {
    this.app = app;
  }

  /** What is asked for now. */
  protected abstract path(): string;
  /** Called unless something else is asked for by now. */
  protected abstract show(answer: T): void;
  /** The same for a request that failed. */
  protected abstract tell(why: string, error: unknown): void;

  /** Whether it asks by itself. */
  protected goesOn(): boolean {
    return this.app.time.mode === "live";
  }

  /** Whether it may ask, if it is due. */
  protected mayAsk(): boolean {
    return !this.app.time.isFile;
  }

  /** Asks at the next frame, whether or not it asks by itself. */
  soon(): void {
    this.#sinceMs = Infinity;
  }

  /** Moves on by so much time. */
  frame(elapsedMs: number): void {
    this.#sinceMs += elapsedMs;
    const isDue = this.#sinceMs === Infinity ||
      this.#sinceMs >= EVERY_MS && this.goesOn();
    if (!isDue || this.#isAsking || !this.mayAsk()) return;
    this.#sinceMs = 0;
    this.#isAsking = true;
    void this.#ask(this.path()).finally(() => this.#isAsking = false);
  }

  async #ask(path: string): Promise<void> {
    try {
      const answer = await this.app.api.get<T>(path);
      if (path === this.path()) this.show(answer);
    } catch (error) {
      if (path === this.path()) this.tell(whyOf(error), error);
    }
  }
}
