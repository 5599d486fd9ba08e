/**
 * Records on the terminal.
 *
 * @module
 */
import { BaseHandler, type BaseHandlerOptions } from "./handler.ts";
import { type LevelName, type LogLevel, LogLevels } from "./levels.ts";
import type { LogRecord } from "./record.ts";

/** Settings of a {@linkcode ConsoleHandler}. */
export interface ConsoleHandlerOptions extends BaseHandlerOptions {
  /** By default on a terminal, unless `NO_COLOR` is set. */
  useColors?: boolean;
  /** By default standard error, so that output stays clean. */
  output?: "stderr" | "stdout";
}

const COLORS: Partial<Record<LogLevel, string>> = {
  [LogLevels.INFO]: "34",
  [LogLevels.WARN]: "33",
  [LogLevels.ERROR]: "31",
  [LogLevels.CRITICAL]: "1;31",
};

/** Writes each record as a line, in the colour of its level. */
export class ConsoleHandler extends BaseHandler {
  readonly #colors: boolean;
  readonly #write: (line: string) => void;

  /** A handler for records of this level and above. */
  constructor(level: LevelName, options: ConsoleHandlerOptions = {}) {
    super(level, options);
    const stdout = options.output === "stdout";
    this.#colors = options.useColors ??
      (!Deno.noColor && Deno[stdout ? "stdout" : "stderr"].isTerminal());
    this.#write = stdout ? console.log : console.error;
  }

  /** The text of `record`, in the colour of its level. */
  override format(record: LogRecord): string {
    const text = super.format(record);
    const color = this.#colors ? COLORS[record.level] : undefined;
    return color === undefined ? text : `\x1b[${color}m${text}\x1b[0m`;
  }

  /** Writes a line. */
  override log(msg: string): void {
    this.#write(msg);
  }
}
