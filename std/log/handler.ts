/**
 * What handlers have in common: a level, and a formatter.
 *
 * @module
 */
import {
  getLevelByName,
  getLevelName,
  type LevelName,
  type LogLevel,
} from "./levels.ts";
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
export abstract class BaseHandler implements Disposable {
  /** Makes the text of a record. */
  formatter: FormatterFunction;
  #level: LogLevel;

  /** A handler for records of this level and above. */
  constructor(level: LevelName, options: BaseHandlerOptions = {}) {
    this.#level = getLevelByName(level);
    this.formatter = options.formatter ?? levelAndMessage;
  }

  /** The level from which on records are taken. */
  get level(): LogLevel {
    return this.#level;
  }

  set level(level: LogLevel) {
    this.#level = getLevelByName(getLevelName(level));
  }

  /** The name of that level. */
  get levelName(): LevelName {
    return getLevelName(this.#level);
  }

  set levelName(name: LevelName) {
    this.#level = getLevelByName(name);
  }

  /** Logs `record`, if its level is high enough. */
  handle(record: LogRecord): void {
    if (record.level >= this.#level) this.log(this.format(record));
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
