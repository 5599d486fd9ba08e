/**
 * How often one server was started again, and when it may be the next time.
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

/** The restarts of one server. */
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

  /** Milliseconds from the server's end to its last restart; 0 before the first. */
  get backoffMs(): number {
    return this.#lastBackoffMs;
  }

  /** Whether it crashed once too often, and is down for that. */
  get limitReached(): boolean {
    return this.#limitReached;
  }

  /** It is started by hand, and begins anew, as under a new supervisor of OTP's. */
  forget(): void {
    this.#recentMs = [];
  }

  /** It starts, whoever starts it: no restart is due any more. */
  starts(): void {
    this.cancel();
    this.#limitReached = false;
  }

  /** No restart is due any more. */
  cancel(): void {
    this.#due?.cancel();
  }

  /**
   * What follows from an end: milliseconds until it is to be restarted, or that
   * the policy does not want it, or that the intensity does not allow it.
   */
  after(ending: Ending, atMs: number): number | "unwanted" | "too-many" {
    const { restart, intensity, backoff } = this.#rules;
    if (!wantsRestart(restart, ending)) return "unwanted";
    const { allowed, recentMs } = addRestart(this.#recentMs, atMs, intensity);
    this.#recentMs = recentMs;
    this.#limitReached = !allowed;
    return allowed ? backoffMs(backoff, recentMs.length) : "too-many";
  }

  /** Has it brought back in so many milliseconds. */
  putOff(delayMs: number, bringBack: () => void): void {
    this.#due = this.#clock.after(delayMs, bringBack);
  }

  /** It is brought back, so long after its end. */
  counted(backoffMs: number): void {
    this.#lastBackoffMs = backoffMs;
    this.#count++;
  }
}
