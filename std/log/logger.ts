/**
 * Loggers: they make records of messages and pass them to handlers.
 *
 * @module
 */
import {
  getLevelByName,
  type LevelName,
  type LogLevel,
  LogLevels,
} from "./levels.ts";

/** A message, with its level. */
export interface LogRecord {
  readonly msg: string;
  readonly level: LogLevel;
  readonly levelName: LevelName;
  /** What was passed in addition to the message. */
  readonly args: unknown[];
}

export interface LoggerOptions {
  handlers: readonly { handle(record: LogRecord): void }[];
}

/**
 * Makes records of messages. A message below the level costs a comparison.
 */
export class Logger {
  readonly loggerName: string;
  readonly #level: LogLevel;
  readonly #handlers: LoggerOptions["handlers"];

  constructor(name: string, level: LevelName, { handlers }: LoggerOptions) {
    this.loggerName = name;
    this.#level = getLevelByName(level);
    this.#handlers = handlers;
  }

  /** For debugging. */
  debug(msg: string, ...args: unknown[]): void {
    this.#log("DEBUG", msg, args);
  }

  /** For normal events. */
  info(msg: string, ...args: unknown[]): void {
    this.#log("INFO", msg, args);
  }

  /** For problems that were handled. */
  warn(msg: string, ...args: unknown[]): void {
    this.#log("WARN", msg, args);
  }

  /** For failures. */
  error(msg: string, ...args: unknown[]): void {
    this.#log("ERROR", msg, args);
  }

  #log(levelName: LevelName, msg: string, args: unknown[]): void {
    const level = LogLevels[levelName];
    if (level < this.#level) return;
    for (const handler of this.#handlers) {
      handler.handle({ msg, level, levelName, args });
    }
  }
}
