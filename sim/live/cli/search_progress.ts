/**
 * The progress of many seeds in virtual time: on a terminal a line that is
 * cleared at the end, elsewhere a line every ten seconds.
 *
 * @module
 */
import type { Clock, Timer } from "../../../herd/net/platform.ts";
import { every } from "../../../herd/net/timing.ts";
import type { SeedOutcome } from "../drill/seed_run.ts";
import { StatusLine } from "./status_line.ts";

const TERMINAL_MS = 500;
const PLAIN_MS = 10_000;

/** Counts seeds, and shows the count. */
export class SearchProgress implements Disposable {
  readonly #clock: Clock;
  readonly #total: number;
  readonly #sinceMs: number;
  readonly #line = new StatusLine();
  readonly #timer: Timer | undefined;
  /** How often each kind of failure occurred. */
  readonly kinds = new Map<string, number>();
  /** Counters that they reached, with "one" and "several" as separate points. */
  readonly points = new Set<string>();
  /** Those that differ from all others, by their counters. */
  readonly behaviours = new Set<string>();
  /** What they reached of what at least one has to. */
  readonly reached = new Set<string>();
  #done = 0;
  #failed = 0;

  /** Shows nothing yet; if `silent`, nothing at all. */
  constructor(
    clock: Clock,
    total: number,
    where: "terminal" | "plain" | "silent",
  ) {
    this.#clock = clock;
    this.#total = total;
    this.#sinceMs = clock.nowMs();
    if (where === "silent") return;
    this.#timer = where === "terminal"
      ? every(clock, TERMINAL_MS, () => this.#line.show(this.text))
      : every(clock, PLAIN_MS, () => console.error(this.text));
  }

  /** Adds a seed. */
  count({ verdict, kinds, points, reached }: SeedOutcome): void {
    for (const point of points) this.points.add(point);
    this.behaviours.add(points.join());
    for (const it of reached) this.reached.add(it);
    this.#done++;
    if (verdict === "failed") this.#failed++;
    for (const kind of kinds) {
      this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
    }
  }

  /** Seeds per second; with one decimal if they are few. */
  get perSecond(): number {
    const seconds = (this.#clock.nowMs() - this.#sinceMs) / 1_000;
    const perSecond = this.#done / seconds;
    return Number(perSecond.toFixed(perSecond < 10 ? 1 : 0));
  }

  /** The text of the line. */
  get text(): string {
    const kinds = [...this.kinds].toSorted(([, a], [, b]) => b - a)
      .map(([kind, times]) => `${kind} ${times}`);
    return `${this.#done} of ${this.#total} seeds, ${this.perSecond}/s, ` +
      `${this.#failed} failed` +
      (kinds.length === 0 ? "" : `: ${kinds.join(", ")}`) +
      `; ${this.behaviours.size} unlike each other, ` +
      `${this.points.size} points reached`;
  }

  [Symbol.dispose](): void {
    this.#timer?.cancel();
    this.#line.clear();
  }
}
