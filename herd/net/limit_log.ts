/**
 * Tells that limits are met: often, but in few lines.
 *
 * @module
 */
import type { LogFields, ServerLog } from "./log.ts";

const EVERY_MS = 60_000;

/** How often a limit was met since it was last told. */
interface Met {
  count: number;
  fields: LogFields;
  timer: ReturnType<typeof setTimeout>;
}

/** Writes down that limits are met, once a minute and kind, with a count. */
export class LimitLog {
  readonly #log: ServerLog;
  readonly #everyMs: number;
  readonly #met = new Map<string, Met>();

  /** No limit was met yet. */
  constructor(log: ServerLog, everyMs: number = EVERY_MS) {
    this.#log = log;
    this.#everyMs = everyMs;
  }

  /** A limit was met. The first time is told at once, further ones later, as one. */
  met(limit: string, fields: LogFields = {}): void {
    const met = this.#met.get(limit);
    if (met !== undefined) {
      met.count++;
      met.fields = fields;
      return;
    }
    this.#log.warn(limit, { ...fields, count: 1 });
    const timer = setTimeout(() => this.#due(limit), this.#everyMs);
    this.#met.set(limit, { count: 0, fields, timer });
  }

  #due(limit: string): void {
    const met = this.#met.get(limit)!;
    if (met.count === 0) {
      this.#met.delete(limit);
      return;
    }
    this.#log.warn(limit, { ...met.fields, count: met.count });
    met.count = 0;
    met.timer = setTimeout(() => this.#due(limit), this.#everyMs);
  }

  /** Tells what is still untold. */
  stop(): void {
    for (const [limit, { count, fields, timer }] of this.#met) {
      clearTimeout(timer);
      if (count > 0) this.#log.warn(limit, { ...fields, count });
    }
    this.#met.clear();
  }
}
