/**
 * Reports that limits are reached, however often, in few log lines.
 *
 * @module
 */
import type { LogFields, ServerLog } from "./log.ts";
import type { Clock, Timer } from "./platform.ts";

const EVERY_MS = 60_000;

export interface Telling {
  /** Events of one kind are reported together; the limit by default. */
  readonly kind?: string;
  /** Severity; a warning by default. */
  readonly level?: "info" | "warn" | "error";
}

/** How often a limit was reached since its last report. */
interface Met {
  readonly limit: string;
  readonly level: Required<Telling>["level"];
  count: number;
  fields: LogFields;
  timer: Timer;
}

/** Reports reached limits once a minute per kind, with a count. */
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
   * A limit was reached. The first time is reported at once, later ones
   * together.
   *
   * @param telling How it is reported: by limit, as a warning, by default.
   * @returns Whether it was reported at once.
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

  /** Reports what is still pending. */
  stop(): void {
    for (const { limit, level, count, fields, timer } of this.#met.values()) {
      timer.cancel();
      if (count > 0) this.#log[level](limit, { ...fields, count });
    }
  }
}
