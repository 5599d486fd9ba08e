/**
 * Closes those that have said nothing for long.
 *
 * All are looked at together, now and then. So a line costs no more than its
 * count, and an hour's silence no timer of its own.
 *
 * @module
 */
import type { Clock, Timer } from "./platform.ts";

/** Of the time that is allowed, the part between two looks; and its bounds. */
const LOOK_PART = 1 / 60;
const LOOK_MS_MAX = 60_000;

export interface Watched {
  /** Whole lines that have come from it. */
  readonly lines: { readonly count: number };
}

interface Seen {
  lines: number;
  sinceMs: number;
}

/** Watches over all that have said something once. */
export class IdleWatch<W extends Watched> {
  readonly #clock: Clock;
  readonly #idleMsMax: number;
  readonly #onIdle: (watched: W) => void;
  readonly #seen = new Map<W, Seen>();
  #timer: Timer | undefined;

  /**
   * Watches nobody yet.
   *
   * @param idleMsMax Milliseconds without a line; it may take a little longer.
   * @param onIdle Called for one that has sent none for so long; once.
   */
  constructor(
    clock: Clock,
    idleMsMax: number,
    onIdle: (watched: W) => void,
  ) {
    this.#clock = clock;
    this.#idleMsMax = idleMsMax;
    this.#onIdle = onIdle;
  }

  add(watched: W): void {
    const sinceMs = this.#clock.nowMs();
    this.#seen.set(watched, { lines: watched.lines.count, sinceMs });
    this.#arm();
  }

  delete(watched: W): void {
    this.#seen.delete(watched);
    if (this.#seen.size === 0) this.stop();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #arm(): void {
    this.#timer ??= this.#clock.after(
      Math.min(Math.ceil(this.#idleMsMax * LOOK_PART), LOOK_MS_MAX),
      () => this.#look(),
    );
  }

  #look(): void {
    this.#timer = undefined;
    const now = this.#clock.nowMs();
    for (const [watched, seen] of this.#seen) {
      const { count } = watched.lines;
      if (count !== seen.lines) {
        seen.lines = count;
        seen.sinceMs = now;
      } else if (now - seen.sinceMs >= this.#idleMsMax) {
        this.#seen.delete(watched);
        this.#onIdle(watched);
      }
    }
    if (this.#seen.size > 0) this.#arm();
  }
}
