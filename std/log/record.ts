/**
 * The record of a message, which a logger makes and handlers take.
 *
 * @module
 */
import { getLevelName, type LevelName, type LogLevel } from "./levels.ts";

/** What a {@linkcode LogRecord} is made of. */
export interface LogRecordOptions {
  /** The message. */
  msg: string;
  /** What was passed beside the message. */
  args: unknown[];
  /** How important it is. */
  level: LogLevel;
  /** Who says it. */
  loggerName: string;
}

/** A message, with who said it, and how important it is. */
export class LogRecord {
  /** The message. */
  readonly msg: string;
  /** How important it is. */
  readonly level: LogLevel;
  /** The name of that level. */
  readonly levelName: LevelName;
  /** Who said it. */
  readonly loggerName: string;
  readonly #args: unknown[];

  /** A record. */
  constructor(options: LogRecordOptions) {
    this.msg = options.msg;
    this.level = options.level;
    this.levelName = getLevelName(options.level);
    this.loggerName = options.loggerName;
    this.#args = [...options.args];
  }

  /** What was passed beside the message. */
  get args(): unknown[] {
    return [...this.#args];
  }
}
