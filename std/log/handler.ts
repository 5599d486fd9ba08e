/**
 * What all handlers have: a level, and a formatter.
 *
 * @module
 */
import { Levelled } from "./levelled.ts";
import type { LevelName } from "./levels.ts";
import type { LogRecord } from "./record.ts";

export type FormatterFunction = (record: LogRecord) => string;

export interface BaseHandlerOptions {
  /** By default the level and the message. */
  formatter?: FormatterFunction;
}

const levelAndMessage: FormatterFunction = (record) =>
  `${record.levelName} ${record.msg}`;

/** Logs the text of records of its level and above. */
export abstract class BaseHandler extends Levelled implements Disposable {
  formatter: FormatterFunction;

  /** @param level The lowest level that it handles. */
  constructor(level: LevelName, options: BaseHandlerOptions = {}) {
    super(level);
    this.formatter = options.formatter ?? levelAndMessage;
  }

  /** Logs `record`, if its level is high enough. */
  handle(record: LogRecord): void {
    if (record.level >= this.level) this.log(this.format(record));
  }

  format(record: LogRecord): string {
    return this.formatter(record);
  }

  /** Logs the text of a record. */
  abstract log(msg: string): void;

  /** Called before the first record. */
  setup(): void {}

  /** Releases everything; no record follows. */
  destroy(): void {}

  /** The same as `destroy()`. */
  [Symbol.dispose](): void {
    this.destroy();
  }
}
