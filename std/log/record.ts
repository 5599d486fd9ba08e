/**
 * A log record, which a logger makes and handlers take.
 *
 * @module
 */
import { getLevelName, type LevelName, type LogLevel } from "./levels.ts";

export interface LogRecordOptions {
  msg: string;
  /** What was passed in addition to the message. */
  args: unknown[];
  level: LogLevel;
  loggerName: string;
}

/** A message, with its logger and its level. */
export class LogRecord {
  readonly msg: string;
  readonly level: LogLevel;
  readonly levelName: LevelName;
  readonly loggerName: string;
  /** What was passed in addition to the message. */
  readonly args: unknown[];

  constructor(options: LogRecordOptions) {
    this.msg = options.msg;
    this.level = options.level;
    this.levelName = getLevelName(options.level);
    this.loggerName = options.loggerName;
    this.args = options.args;
  }
}
