/**
 * Loggers: they make records of messages and hand them to handlers.
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

/** A message, or a function that makes it, called only if it is recorded. */
export type Message<T> = (T extends GenericFunction ? never : T) | (() => T);

/** Where the records of a {@linkcode Logger} go. */
export interface LoggerOptions {
  /** By default none. */
  handlers?: BaseHandler[];
}

/**
 * Makes records of messages. A message below the level costs a comparison; one
 * that is a function is called only if the level lets it through. Each method
 * returns its message.
 */
export class Logger extends Levelled {
  /** Where the records go. */
  handlers: BaseHandler[];
  readonly #name: string;

  /** A logger of this name, from this level on. */
  constructor(name: string, level: LevelName, options: LoggerOptions = {}) {
    super(level);
    this.#name = name;
    this.handlers = options.handlers ?? [];
  }

  /** Who speaks. */
  get loggerName(): string {
    return this.#name;
  }

  /** Records what helps to find a fault. */
  debug<T>(msg: Message<T>, ...args: unknown[]): T | undefined {
    return this.#log(LogLevels.DEBUG, msg, args);
  }

  /** Records what happens in the normal course of things. */
  info<T>(msg: Message<T>, ...args: unknown[]): T | undefined {
    return this.#log(LogLevels.INFO, msg, args);
  }

  /** Records what is odd, but dealt with. */
  warn<T>(msg: Message<T>, ...args: unknown[]): T | undefined {
    return this.#log(LogLevels.WARN, msg, args);
  }

  /** Records what failed. */
  error<T>(msg: Message<T>, ...args: unknown[]): T | undefined {
    return this.#log(LogLevels.ERROR, msg, args);
  }

  /** Records what ends the work. */
  critical<T>(msg: Message<T>, ...args: unknown[]): T | undefined {
    return this.#log(LogLevels.CRITICAL, msg, args);
  }

  /** `data` as the text of a message. */
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
