/**
 * The time that is shown: live, paused, or replayed at some speed. The herd
 * itself always runs on.
 *
 * @module
 */
import { Listeners } from "./listeners.ts";
import type { Recording } from "./recording.ts";
import type { Store } from "./store.ts";

export type Mode = "live" | "paused" | "replay";

/** The speeds of a replay; 1 is real time. */
export const SPEEDS: readonly number[] = [0.1, 0.25, 0.5, 1, 2, 5, 10];

/** In live mode the time shown is ahead of the last batch by at most this. */
const AHEAD_MS = 250;

/** The position on the time line, and how it moves. */
export class TimeLine {
  readonly #store: Store;
  #mode: Mode = "live";
  #speed = 1;
  #atMs = 0;
  readonly #listeners = new Listeners();

  /** Starts in live mode. */
  constructor(store: Store) {
    this.#store = store;
  }

  get mode(): Mode {
    return this.#mode;
  }

  get speed(): number {
    return this.#speed;
  }

  /** The moment shown. It moves on between batches too. */
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

  get isFile(): boolean {
    return this.#store.shown.isFile;
  }

  /** Calls `listener` when the mode, speed or recording changes, and on jumps. */
  subscribe(listener: () => void, signal?: AbortSignal): void {
    this.#listeners.add(listener, signal);
  }

  /** Shows the herd as it is now; an open file is closed. */
  live(): void {
    this.#mode = "live";
    this.#store.show();
    this.#atMs = this.toMs;
    this.#listeners.tell();
  }

  pause(): void {
    if (this.#mode === "paused") return;
    this.#mode = "paused";
    this.#seek(Math.min(this.#atMs, this.toMs));
  }

  /** Plays on from the moment shown; from the start if that was the end. */
  play(speed: number = this.#speed): void {
    this.#speed = speed;
    const isAtEnd = this.#atMs >= this.toMs;
    if (this.#mode === "live" || isAtEnd && !this.isFile) return this.live();
    this.#mode = "replay";
    this.#seek(isAtEnd ? this.fromMs : this.#atMs);
  }

  /** In live mode it applies to the next replay. */
  setSpeed(speed: number): void {
    this.#speed = speed;
    this.#listeners.tell();
  }

  /** Jumps to a moment. Live mode becomes paused. */
  scrub(ms: number): void {
    if (this.#mode === "live") this.#mode = "paused";
    this.#seek(Math.min(Math.max(ms, this.fromMs), this.toMs));
  }

  /** Pauses one batch later or earlier. */
  step(by: 1 | -1): void {
    const { shown } = this.#store;
    this.#mode = "paused";
    const count = shown.countAt(this.#atMs) + by;
    this.#seek(shown.endOf(count));
  }

  /** Shows a run from a file, paused at its start. */
  open(recording: Recording): void {
    this.#store.show(recording);
    this.#mode = "paused";
    this.#seek(recording.fromMs);
  }

  /** Replaces the recording by another of the same run, at the same moment. */
  exchange(recording: Recording): void {
    this.#store.show(recording);
    this.#seek(Math.min(Math.max(this.#atMs, this.fromMs), this.toMs));
  }

  /** Moves on by so many milliseconds of real time. */
  tick(elapsedMs: number): void {
    const { toMs } = this;
    if (this.#mode === "live") {
      const next = this.#atMs + elapsedMs;
      this.#atMs = next < toMs - AHEAD_MS ? toMs : Math.min(
        next,
        toMs + AHEAD_MS,
      );
    } else if (this.#mode === "replay") {
      // Moments dropped in the meantime can't be shown any more.
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
    this.#listeners.tell();
  }
}
