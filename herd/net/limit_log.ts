/**
 * Tells that limits are met: often, but in few lines.
 *
 * @module
 */
import type { LogFields, ServerLog } from "./log.ts";
import type { Clock, Timer } from "./platform.ts";

const EVERY_MS = 60_000;

export interface Telling {
  /** What is told as one; the limit by default. */
  readonly kind?: string;
  /** How grave it is; a warning by default. */
  readonly level?: "info" | "warn" | "error";
}

/** How often a limit was met since it was last told. */
interface Met {
  readonly limit: string;
  readonly level: Required<Telling>["level"];
  count: number;
  fields: LogFields;
  timer: Timer;
}

/** Writes down that limits are met, once a minute and kind, with a count. */
export class LimitLog {
  readonly #clock: Clock;
  readonly #log: ServerLog;
  readonly #everyMs: number;
  readonly #met = new Map<string, Met>();

  constructor(clock: Clock, log: ServerLog, everyMs: number = EVERY_MS) {
    this.#clock = clock;
    this.#log = log;
    this.#everyMs = everyMs;
  }

  /**
   * A limit was met. The first time is told at once, further ones later, as one.
   *
   * @param telling What is told as one, and how: the limit, as a warning.
   * @returns Whether it was told at once.
   */
  met(limit: string, fields: LogFields = {}, telling: Telling = {}): boolean {
    const { kind = limit, level = "warn" } = telling;
    const met = this.#met.get(kind);
    if (met !== undefined) {
      met.count++;
      met.fields = fields;
      return false;
    }
    this.#log[level](limit, { ...fields, count: 1 });
    const timer = this.#clock.after(this.#everyMs, () => this.#due(kind));
    this.#met.set(kind, { limit, level, count: 0, fields, timer });
    return true;
  }

  #due(kind: string): void {
    const met = this.#met.get(kind)!;
    if (met.count === 0) {
      this.#met.delete(kind);
      return;
    }
    this.#log[met.level](met.limit, { ...met.fields, count: met.count });
    met.count = 0;
    met.timer = this.#clock.after(this.#everyMs, () => this.#due(kind));
  }

  /** Tells what is still untold. */
  stop(): void {
    for (const { limit, level, count, fields, timer } of this.#met.values()) {
      timer.cancel();
      if (count > 0) this.#log[level](limit, { ...fields, count });
    }
  }
}
