/**
 * Closes connections that have been silent for too long.
 *
 * All are checked together, now and then. So a line costs only its count, and a
 * long silence needs no timer of its own.
 *
 * @module
 */
import type { Clock, Timer } from "./platform.ts";

/** Interval of checks, as a part of the allowed time, and its bounds. */
const LOOK_PART = 1 / 60;
const LOOK_MS_MAX = 60_000;

export interface Watched {
  /** Number of whole lines received. */
  readonly lines: { readonly count: number };
}

interface Seen {
  lines: number;
  sinceMs: number;
}

/** Watches connections that have sent a first line. */
export class IdleWatch<W extends Watched> {
  readonly #clock: Clock;
  readonly #idleMsMax: number;
  readonly #onIdle: (watched: W) => void;
  readonly #seen = new Map<W, Seen>();
  #timer: Timer | undefined;

  /**
   * @param idleMsMax Milliseconds without a line; it may take slightly longer.
   * @param onIdle Called once for each connection that exceeds it.
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
