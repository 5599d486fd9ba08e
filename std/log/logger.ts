/**
 * Loggers: they make records of messages and pass them to handlers.
 *
 * @module
 */
import { Levelled } from "./levelled.ts";
import { type LevelName, type LogLevel, LogLevels } from "./levels.ts";
import type { BaseHandler } from "./handler.ts";
import { LogRecord } from "./record.ts";

export { LogRecord };

/** Any function; as a message, one that makes the message. */
// deno-lint-ignore no-explicit-any
export type GenericFunction = (...args: any[]) => any;

/** A message, or a function that makes it, called only if it is logged. */
export type Message<T> = (T extends GenericFunction ? never : T) | (() => T);

export interface LoggerOptions {
  /** None by default. */
  handlers?: BaseHandler[];
}

/**
 * Makes records of messages. A message below the level costs a comparison; if
 * it is a function, it is called only if it is logged. Each method returns its
 * message.
 */
export class Logger extends Levelled {
  handlers: BaseHandler[];
  readonly #name: string;

  constructor(name: string, level: LevelName, options: LoggerOptions = {}) {
    super(level);
    this.#name = name;
    this.handlers = options.handlers ?? [];
  }

  get loggerName(): string {
    return this.#name;
  }

  /** For debugging. */
  debug<T>(msg: Message<T>, ...args: unknown[]): T | undefined {
    return this.#log(LogLevels.DEBUG, msg, args);
  }

  /** For normal events. */
  info<T>(msg: Message<T>, ...args: unknown[]): T | undefined {
    return this.#log(LogLevels.INFO, msg, args);
  }

  /** For problems that were handled. */
  warn<T>(msg: Message<T>, ...args: unknown[]): T | undefined {
    return this.#log(LogLevels.WARN, msg, args);
  }

  /** For failures. */
  error<T>(msg: Message<T>, ...args: unknown[]): T | undefined {
    return this.#log(LogLevels.ERROR, msg, args);
  }

  /** For failures that end the program. */
  critical<T>(msg: Message<T>, ...args: unknown[]): T | undefined {
    return this.#log(LogLevels.CRITICAL, msg, args);
  }

  asString(data: unknown): string {
    if (typeof data === "string") return data;
    if (data instanceof Error) return data.stack ?? String(data);
    if (typeof data === "object" && data !== null) return JSON.stringify(data);
    return String(data);
  }

  #log<T>(level: LogLevel, msg: Message<T>, args: unknown[]): T | undefined {
    if (level < this.level) {
      return msg instanceof Function ? undefined : msg;
    }
    const value: T = msg instanceof Function ? msg() : msg;
    const record = new LogRecord({
      msg: this.asString(value),
      args,
      level,
      loggerName: this.#name,
    });
    for (const handler of this.handlers) handler.handle(record);
    return value;
  }
}
