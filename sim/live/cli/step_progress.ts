/**
 * What a drill is at while a step takes long: on a terminal one line that is
 * written anew each second, and that is gone when there is something to tell;
 * elsewhere, as in the log of a CI job, a plain line now and then.
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

/** How often a terminal's line is written. */
const TERMINAL_MS = 1_000;

/** How often a plain line is. */
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
    // What is around others is shown by them.
    if (step.kind === "parallel" || step.kind === "repeat") return;
    this.#underWay.push({ step, sinceMs: this.#clock.nowMs() });
  }

  /** A step has ended; the line makes room for what is told of it. */
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

  /** Takes the line off the terminal. */
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
