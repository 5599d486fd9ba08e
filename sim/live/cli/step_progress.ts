/**
 * Shows the current step of a drill while it takes long: on a terminal a line
 * that is rewritten each second and cleared before other output; elsewhere,
 * such as in a CI log, a plain line from time to time.
 *
 * @module
 */
import { visible } from "../../../herd/core/bytes/visible.ts";
import type { Clock, Timer } from "../../../herd/net/platform.ts";
import { every } from "../../../herd/net/timing.ts";
import { formatDuration } from "../../model/duration.ts";
import type { HistoryFact } from "../../model/history.ts";
import { describeStep, isTimed } from "../../model/steps/kinds.ts";
import type { PlacedStep } from "../../model/scenario/scenario.ts";
import { StatusLine } from "./status_line.ts";

/** The interval on a terminal. */
const TERMINAL_MS = 1_000;

/** The interval of plain lines. */
const PLAIN_MS = 10_000;

export class StepProgress implements Disposable {
  readonly #clock: Clock;
  readonly #isTerminal: boolean;
  readonly #underWay: {
    readonly step: PlacedStep;
    readonly sinceMs: number;
  }[] = [];
  readonly #timer: Timer;
  #invoked = 0;
  #faults = 0;
  #lastFault = "";
  #lookedMs: number;
  readonly #line = new StatusLine();

  constructor(clock: Clock, isTerminal: boolean) {
    this.#clock = clock;
    this.#lookedMs = clock.nowMs();
    this.#isTerminal = isTerminal;
    const everyMs = isTerminal ? TERMINAL_MS : PLAIN_MS;
    this.#timer = every(clock, everyMs, () => this.#show());
  }

  begin(step: PlacedStep): void {
    // The steps within these are shown instead.
    if (step.kind === "parallel" || step.kind === "repeat") return;
    this.#underWay.push({ step, sinceMs: this.#clock.nowMs() });
  }

  /** A step has ended. Clears the line, so that the step can be reported. */
  end(step: PlacedStep): void {
    const at = this.#underWay.findIndex((it) => it.step === step);
    if (at >= 0) this.#underWay.splice(at, 1);
    this.clear();
  }

  hear(fact: HistoryFact): void {
    if (fact.kind === "invoke") this.#invoked++;
    if (fact.kind !== "fault-begin") return;
    this.#faults++;
    this.#lastFault = `${fact.fault} on ${fact.targets.join(", ")}`;
  }

  clear(): void {
    this.#line.clear();
  }

  [Symbol.dispose](): void {
    this.#timer.cancel();
    this.clear();
  }

  #show(): void {
    const atMs = this.#clock.nowMs();
    const perSecond = this.#invoked * 1_000 / (atMs - this.#lookedMs);
    this.#invoked = 0;
    this.#lookedMs = atMs;
    const steps = this.#underWay.filter(({ sinceMs }) =>
      atMs - sinceMs >= TERMINAL_MS / 2
    );
    if (steps.length === 0) return;
    const parts = steps.map(({ step, sinceMs }) =>
      `${elapsedText(step, atMs - sinceMs)} ${describeStep(step)}`
    );
    if (perSecond >= 1) parts.push(`${Math.round(perSecond)} lines/s`);
    if (this.#faults > 0) {
      parts.push(`faults: ${this.#faults}, the last ${this.#lastFault}`);
    }
    const text = parts.join("; ");
    if (this.#isTerminal) this.#line.show(text);
    else console.log(visible(`… ${text}`));
  }
}

function elapsedText(step: PlacedStep, elapsedMs: number): string {
  const seconds = formatDuration(Math.floor(elapsedMs / 1_000) * 1_000);
  return isTimed(step) && "durationMs" in step
    ? `${seconds} of ${formatDuration(Number(step.durationMs))}`
    : seconds;
}
