/**
 * The time that is shown: live, paused, or replayed at some speed. The herd
 * goes on meanwhile.
 *
 * @module
 */
import type { Recording } from "./recording.ts";
import type { Store } from "./store.ts";

/** How the time that is shown moves. */
export type Mode = "live" | "paused" | "replay";

/** How fast a replay may go; 1: as it happened. */
export const SPEEDS: readonly number[] = [0.1, 0.25, 0.5, 1, 2, 5, 10];

/** Live, what is shown runs ahead of the last batch by so much at most. */
const AHEAD_MS = 250;

/** Which time is shown, and how it moves. */
export class TimeLine {
  readonly #store: Store;
  #mode: Mode = "live";
  #speed = 1;
  #atMs = 0;
  readonly #listeners = new Set<() => void>();

  /** Live. */
  constructor(store: Store) {
    this.#store = store;
  }

  /** How the time that is shown moves. */
  get mode(): Mode {
    return this.#mode;
  }

  /** How fast a replay goes. */
  get speed(): number {
    return this.#speed;
  }

  /** The moment shown; it goes on between batches. */
  get atMs(): number {
    return this.#atMs;
  }

  /** The first moment that can be shown. */
  get fromMs(): number {
    return this.#store.shown.fromMs;
  }

  /** The last moment that can be shown. */
  get toMs(): number {
    return this.#store.shown.toMs;
  }

  /** Whether a run from a file is shown, not the live herd. */
  get isFile(): boolean {
    return this.#store.shown.isFile;
  }

  /** Hears of another mode, speed or recording, and of jumps. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Shows the herd as it is now; a file is put away. */
  live(): void {
    this.#mode = "live";
    this.#store.show();
    this.#atMs = this.toMs;
    this.#tell();
  }

  /** Stands still. */
  pause(): void {
    if (this.#mode === "paused") return;
    this.#mode = "paused";
    this.#seek(Math.min(this.#atMs, this.toMs));
  }

  /** Goes on from the moment shown, or from the start if it was the last. */
  play(speed: number = this.#speed): void {
    this.#speed = speed;
    const isAtEnd = this.#atMs >= this.toMs;
    if (this.#mode === "live" || isAtEnd && !this.isFile) return this.live();
    this.#mode = "replay";
    this.#seek(isAtEnd ? this.fromMs : this.#atMs);
  }

  /** Goes at another speed; live, that is kept for the next replay. */
  setSpeed(speed: number): void {
    this.#speed = speed;
    this.#tell();
  }

  /** Shows another moment; live becomes paused. */
  scrub(ms: number): void {
    if (this.#mode === "live") this.#mode = "paused";
    this.#seek(Math.min(Math.max(ms, this.fromMs), this.toMs));
  }

  /** One batch on, or back, and stands still there. */
  step(by: 1 | -1): void {
    const { shown } = this.#store;
    this.#mode = "paused";
    const count = shown.countAt(this.#atMs) + by;
    this.#seek(shown.endOf(count));
  }

  /** Shows a run from a file, from its start. */
  open(recording: Recording): void {
    this.#store.show(recording);
    this.#mode = "paused";
    this.#seek(recording.fromMs);
  }

  /** Shows another recording of the same run, at the same moment. */
  exchange(recording: Recording): void {
    this.#store.show(recording);
    this.#seek(Math.min(Math.max(this.#atMs, this.fromMs), this.toMs));
  }

  /** So many milliseconds have passed before the screen. */
  tick(elapsedMs: number): void {
    const { toMs } = this;
    if (this.#mode === "live") {
      const next = this.#atMs + elapsedMs;
      this.#atMs = next < toMs - AHEAD_MS ? toMs : Math.min(
        next,
        toMs + AHEAD_MS,
      );
    } else if (this.#mode === "replay") {
      // What has been forgotten meanwhile can't be shown any more.
      const next = Math.max(this.#atMs, this.fromMs) + elapsedMs * this.#speed;
      if (next < toMs) {
        this.#atMs = next;
        this.#store.showAt(this.#store.shown.countAt(next));
      } else if (this.isFile) {
        this.#mode = "paused";
        this.#seek(toMs);
      } else this.live();
    } else if (this.#atMs < this.fromMs) this.#seek(this.fromMs);
  }

  #seek(ms: number): void {
    this.#atMs = ms;
    this.#store.showAt(this.#store.shown.countAt(ms));
    this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
