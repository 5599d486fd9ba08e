/**
 * Counts the restarts of one server, and decides when the next may happen.
 *
 * @module
 */
import type { Clock, Timer } from "../../../herd/net/platform.ts";
import {
  addRestart,
  backoffMs,
  type Ending,
  type RestartRules,
  wantsRestart,
} from "../../model/restart.ts";

export class Restarts {
  readonly #rules: Required<RestartRules>;
  readonly #clock: Clock;
  #recentMs: readonly number[] = [];
  #count = 0;
  #lastBackoffMs = 0;
  #limitReached = false;
  #due: Timer | undefined;

  constructor(rules: Required<RestartRules>, clock: Clock) {
    this.#rules = rules;
    this.#clock = clock;
  }

  get count(): number {
    return this.#count;
  }

  /**
   * Milliseconds from the server's end to its last restart; 0 before the first.
   */
  get backoffMs(): number {
    return this.#lastBackoffMs;
  }

  /** Whether it crashed too often, and stays down for that. */
  get limitReached(): boolean {
    return this.#limitReached;
  }

  /**
   * It is started by hand, so counting begins anew, as under a new OTP
   * supervisor.
   */
  forget(): void {
    this.#recentMs = [];
  }

  /** It is started, by whatever cause: no restart is due any more. */
  starts(): void {
    this.cancel();
    this.#limitReached = false;
  }

  /** Cancels a restart that is due. */
  cancel(): void {
    this.#due?.cancel();
  }

  /**
   * What follows an end: milliseconds until the restart, or that the policy
   * does not want one, or that the intensity does not allow it.
   */
  after(ending: Ending, atMs: number): number | "unwanted" | "too-many" {
    const { restart, intensity, backoff } = this.#rules;
    if (!wantsRestart(restart, ending)) return "unwanted";
    const { allowed, recentMs } = addRestart(this.#recentMs, atMs, intensity);
    this.#recentMs = recentMs;
    this.#limitReached = !allowed;
    return allowed ? backoffMs(backoff, recentMs.length) : "too-many";
  }

  /** Schedules a restart. */
  putOff(delayMs: number, bringBack: () => void): void {
    this.#due = this.#clock.after(delayMs, bringBack);
  }

  /** Counts a restart, so long after the server's end. */
  counted(backoffMs: number): void {
    this.#lastBackoffMs = backoffMs;
    this.#count++;
  }
}
