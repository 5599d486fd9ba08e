/**
 * A server's log: one JSON object per line, one file per server and run.
 *
 * @module
 */
import { FileHandler } from "@std/log/file-handler";
import { getLevelByName, type LevelName } from "@std/log/levels";
import { Logger, type LogRecord } from "@std/log/logger";

/** Fields of one log line, beside time, level, server and event. */
export type LogFields = Readonly<Record<string, unknown>>;

/** A server's log. Bytes above 127 stand in it as Latin-1. */
export interface ServerLog {
  /** Whether each line in and out is to be logged. */
  readonly lines: boolean;
  /** Detail for those who mend the herd. */
  debug(event: string, fields?: LogFields): void;
  /** What happened. */
  info(event: string, fields?: LogFields): void;
  /** What should not have happened, and was coped with. */
  warn(event: string, fields?: LogFields): void;
  /** What went wrong. */
  error(event: string, fields?: LogFields): void;
  /** Writes out what is buffered and closes the file. */
  close(): void;
}

/** Where a log goes and how much of it. */
export interface LogOptions {
  /** The server's name. */
  readonly server: string;
  /** The folder. It must be there. */
  readonly directory: string;
  /** What is less important is left out. At `INFO`, each line in and out is logged. */
  readonly level: LevelName;
  /** When the run began, in milliseconds since the epoch: it names the file. */
  readonly startedAtMs: number;
}

/** The file of a server's log: `Alford-2026-03-01T12-00-00Z.jsonl`. */
export function logFileName(server: string, startedAtMs: number): string {
  const time = new Date(startedAtMs).toISOString().slice(0, 19);
  return `${server}-${time.replaceAll(":", "-")}Z.jsonl`;
}

/** Opens a log; a file of the same run is continued. */
export function openLog(options: LogOptions): ServerLog {
  const { server, directory, level, startedAtMs } = options;
  const handler = new FileHandler(level, {
    filename: `${directory}/${logFileName(server, startedAtMs)}`,
    mode: "a",
    formatter: (record) => jsonLine(server, record),
  });
  handler.setup();
  const logger = new Logger(server, level, { handlers: [handler] });
  return {
    lines: getLevelByName(level) <= getLevelByName("INFO"),
    debug: (event, fields) => logger.debug(event, fields),
    info: (event, fields) => logger.info(event, fields),
    warn: (event, fields) => logger.warn(event, fields),
    error: (event, fields) => logger.error(event, fields),
    close: () => handler.destroy(),
  };
}

/** A log that keeps nothing. */
export const SILENT_LOG: ServerLog = {
  lines: false,
  debug() {},
  info() {},
  warn() {},
  error() {},
  close() {},
};

function jsonLine(server: string, record: LogRecord): string {
  return JSON.stringify({
    time: record.datetime.toISOString(),
    level: record.levelName,
    server,
    event: record.msg,
    ...record.args[0] as LogFields | undefined,
  });
}
