/**
 * What handlers have in common: a level, and a formatter.
 *
 * @module
 */
import { Levelled } from "./levelled.ts";
import type { LevelName } from "./levels.ts";
import type { LogRecord } from "./record.ts";

/** Makes the text of a record. */
export type FormatterFunction = (record: LogRecord) => string;

/** Settings that every handler has. */
export interface BaseHandlerOptions {
  /** By default the level and the message. */
  formatter?: FormatterFunction;
}

const levelAndMessage: FormatterFunction = (record) =>
  `${record.levelName} ${record.msg}`;

/** Takes records of its level and above, and logs their text. */
export abstract class BaseHandler extends Levelled implements Disposable {
  /** Makes the text of a record. */
  formatter: FormatterFunction;

  /** A handler for records of this level and above. */
  constructor(level: LevelName, options: BaseHandlerOptions = {}) {
    super(level);
    this.formatter = options.formatter ?? levelAndMessage;
  }

  /** Logs `record`, if its level is high enough. */
  handle(record: LogRecord): void {
    if (record.level >= this.level) this.log(this.format(record));
  }

  /** The text of `record`. */
  format(record: LogRecord): string {
    return this.formatter(record);
  }

  /** Takes the text of a record. */
  abstract log(msg: string): void;

  /** Makes ready; called before the first record. */
  setup(): void {}

  /** Lets go of everything; no record comes after it. */
  destroy(): void {}

  /** The same as `destroy()`. */
  [Symbol.dispose](): void {
    this.destroy();
  }
}
