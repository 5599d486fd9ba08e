/**
 * When a neighbour that could not be reached is dialled again.
 *
 * @module
 */
import { DEFAULT_TUNING, type Tuning } from "../core/tuning.ts";
import type { Clock } from "./platform.ts";

export type RedialTuning = Pick<Tuning, "redialMsMin" | "redialMsMax">;

/**
 * Milliseconds to wait after `failures` failed dials in a row: 50, doubling up
 * to 2,000, less a random part of up to a half, so that servers that lost each
 * other at the same time do not dial in step.
 */
export function redialDelayMs(
  failures: number,
  random: number,
  { redialMsMin, redialMsMax }: RedialTuning = DEFAULT_TUNING,
): number {
  const delayMs = Math.min(redialMsMin * 2 ** (failures - 1), redialMsMax);
  return delayMs * (1 - random / 2);
}

/** Delays between the dials of one neighbour. */
export class Backoff {
  readonly #tuning: RedialTuning;
  #failures = 0;

  constructor(tuning: RedialTuning = DEFAULT_TUNING) {
    this.#tuning = tuning;
  }

  /**
   * Milliseconds to wait after a dial and the link that came of it, or after a
   * link that the neighbour opened. A link that went down at once counts as a
   * failed dial, or two servers that do not understand each other would repeat
   * handshakes without end; a long-lived one resets the delay.
   *
   * @param tookMs Milliseconds from the dial to the end of its link.
   */
  afterMs(tookMs: number, random: number): number {
    const tuning = this.#tuning;
    this.#failures = tookMs < tuning.redialMsMax ? this.#failures + 1 : 0;
    return this.#failures === 0
      ? 0
      : redialDelayMs(this.#failures, random, tuning);
  }
}

/** One that sleeps before it dials again. */
interface Sleeper {
  readonly wake: () => void;
  /** Whether it sleeps for some time, rather than while a link is up. */
  readonly isTimed: boolean;
}

/** The sleep of those who dial, one for each neighbour. */
export class Sleepers {
  readonly #clock: Clock;
  readonly #byPeer = new Map<string, Sleeper>();
  #isStopped = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Sleeps for some time or, without one, until the link goes down; or until
   * all stop.
   */
  async sleep(peer: string, ms?: number): Promise<void> {
    if (this.#isStopped) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = ms === undefined ? undefined : this.#clock.after(ms, resolve);
    this.#byPeer.set(peer, { wake: resolve, isTimed: ms !== undefined });
    await promise;
    this.#byPeer.delete(peer);
    timer?.cancel();
  }

  /**
   * A link has gone down. A delay lasts on: the neighbour may have opened that
   * link meanwhile, and two servers whose links go down at once would dial each
   * other without end.
   */
  linkDown(peer: string): void {
    const sleeper = this.#byPeer.get(peer);
    if (sleeper?.isTimed === false) sleeper.wake();
  }

  /** Nobody sleeps any more. */
  stop(): void {
    this.#isStopped = true;
    for (const { wake } of this.#byPeer.values()) wake();
  }
}
