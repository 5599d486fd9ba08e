/**
 * Whether there is any use in more checks of a submission: servers that do not
 * start, or that take all they can get, do so again and again, and others wait
 * for their turn.
 *
 * @module
 */
import { failed, type Outcome, untried } from "./outcome.ts";

/** A start may fail by chance, but not twice in a row. */
const FAILED_STARTS = 2;
/** Herds in which a server was ended, for it used too much. */
const LIMITED_HERDS = 3;

/** What was seen of a submission so far. */
export class GivenUp {
  #failedStarts = 0;
  #limitedHerds = 0;
  #outcome: Outcome | undefined;
  #hasStarted = false;

  /** How all checks come out that are left, if there is no use in them. */
  get outcome(): Outcome | undefined {
    return this.#outcome;
  }

  /** Whether any herd has started. */
  get hasStarted(): boolean {
    return this.#hasStarted;
  }

  /** A herd has started. */
  started(): void {
    this.#hasStarted = true;
    this.#failedStarts = 0;
  }

  /** A herd has not. */
  notStarted(why: string): void {
    if (++this.#failedStarts < FAILED_STARTS) return;
    this.#outcome ??= untried("all servers to start", `${why}, as before`);
  }

  /** A server of a herd was ended, for it used too much. */
  limited(how: string): void {
    if (++this.#limitedHerds < LIMITED_HERDS) return;
    this.#outcome ??= failed(
      "servers that use no more than they may",
      `${how}, as in ${LIMITED_HERDS - 1} herds before; no more was tried`,
    );
  }
}
