/**
 * The progress of shrinking a plan. This runs the drill dozens of times, which
 * takes minutes: on a terminal a line shows the state each second.
 *
 * @module
 */
import type { Clock, Timer } from "../../../herd/net/platform.ts";
import { every } from "../../../herd/net/timing.ts";
import { formatDuration } from "../../model/duration.ts";
import {
  type PlanSize,
  type Replay,
  replaysText,
  sizeText,
} from "../../model/report/replay.ts";
import { StatusLine } from "./status_line.ts";

const SHOWN_MS = 1_000;

/** Shows that a plan is being shrunk. */
export class ShrinkProgress implements Disposable {
  readonly #clock: Clock;
  readonly #sinceMs: number;
  readonly #line = new StatusLine();
  readonly #timer: Timer | undefined;
  #runs = 0;
  #smallest: PlanSize | undefined;
  #replays = "";

  /** Shows nothing yet, and nothing at all without a terminal. */
  constructor(clock: Clock, isTerminal: boolean) {
    this.#clock = clock;
    this.#sinceMs = clock.nowMs();
    if (isTerminal) {
      this.#timer = every(clock, SHOWN_MS, () => this.#show());
    }
  }

  run(): void {
    this.#runs++;
  }

  /**
   * A smaller plan that fails too was found. Clears the line, so that it can be
   * reported.
   */
  smaller(size: PlanSize): void {
    this.#smallest = size;
    this.#line.clear();
  }

  /** The smallest plan was run again, `soFar.runs` of `times`. */
  replay(soFar: Replay, times: number): void {
    this.#replays = `, run again ${soFar.runs} of ${times} times: ` +
      replaysText([soFar]);
  }

  [Symbol.dispose](): void {
    this.#timer?.cancel();
    this.#line.clear();
  }

  #show(): void {
    const elapsedMs =
      Math.floor((this.#clock.nowMs() - this.#sinceMs) / 1_000) * 1_000;
    const smallest = this.#smallest === undefined
      ? ""
      : `; it still fails with ${sizeText(this.#smallest)}`;
    this.#line.show(
      `${formatDuration(elapsedMs)} making the plan smaller, ` +
        `run ${this.#runs}${smallest}${this.#replays}`,
    );
  }
}
