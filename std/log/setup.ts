/**
 * The loggers of a program, by name.
 *
 * @module
 */
import { ConsoleHandler } from "./console_handler.ts";
import type { BaseHandler } from "./handler.ts";
import type { LevelName } from "./levels.ts";
import { Logger } from "./logger.ts";

/** The settings of one logger. */
export interface LoggerConfig {
  /** By default `INFO`. */
  level?: LevelName;
  /** The names of its handlers. */
  handlers?: string[];
}

/** The handlers and loggers of a program. */
export interface LogConfig {
  /** Handlers by name; `default` is a console. */
  handlers?: Record<string, BaseHandler>;
  /** Loggers by name; `default` is the one without a name. */
  loggers?: Record<string, LoggerConfig>;
}

const handlers = new Map<string, BaseHandler>();
const loggers = new Map<string, Logger>();

/** Sets up handlers and loggers, in place of those that were there. */
export function setup(config: LogConfig): void {
  for (const handler of handlers.values()) handler.destroy();
  handlers.clear();
  loggers.clear();
  const all = { default: new ConsoleHandler("INFO"), ...config.handlers };
  for (const [name, handler] of Object.entries(all)) {
    handler.setup();
    handlers.set(name, handler);
  }
  const named: Record<string, LoggerConfig> = {
    default: { level: "INFO", handlers: ["default"] },
    ...config.loggers,
  };
  for (const [name, logger] of Object.entries(named)) {
    loggers.set(
      name,
      new Logger(name, logger.level ?? "INFO", {
        handlers: (logger.handlers ?? []).flatMap((name) =>
          handlers.get(name) ?? []
        ),
      }),
    );
  }
}

/** The logger called `name`; one without handlers, if it was not set up. */
export function getLogger(name = "default"): Logger {
  let logger = loggers.get(name);
  if (logger === undefined) {
    logger = new Logger(name, "NOTSET");
    loggers.set(name, logger);
  }
  return logger;
}

setup({});
