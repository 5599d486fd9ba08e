/**
 * A server's log: one JSON object per line, one file per server.
 *
 * @module
 */
import { getLevelByName, type LevelName } from "@std/log/levels";
import { Logger, type LogRecord } from "@std/log/logger";
import { RotatingFileHandler } from "@std/log/rotating-file-handler";
import { type ByteString, readable } from "../core/bytes/bytes.ts";
import { visibleJson } from "../core/bytes/visible.ts";
import type { Clock } from "./platform.ts";

/** Fields of one log line, beside its times, level, server and event. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Bytes of a text of the wire that are logged; of more, it is told how many. */
const LOGGED_BYTES_MAX = 512;
/** A file that has grown so large is put aside, and the one before it removed. */
const FILE_BYTES_MAX = 64 * 1_048_576;
const OLDER_FILES = 1;

/**
 * A server's log. Texts of the wire are given as byte strings; they stand in it as
 * text, and their beginning only where they are long.
 */
export interface ServerLog {
  /** Whether each line in and out is to be logged. */
  readonly lines: boolean;
  /** Detail for those who mend the herd. */
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  /** What should not have happened, and was coped with. */
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** Writes out what is buffered and closes the file. */
  close(): void;
}

/** Where a log goes and how much of it. */
export interface LogOptions {
  readonly clock: Clock;
  readonly server: string;
  /** The folder. It must be there. */
  readonly directory: string;
  /** What is less important is left out. At `INFO`, each line in and out is logged. */
  readonly level: LevelName;
  /** Bytes of a file, at most; 64 MiB by default. */
  readonly fileBytesMax?: number;
}

/** The files of a server's log, the older one first; either may not be there. */
export function logFileNames(server: string): [older: string, newer: string] {
  return [`${server}.jsonl.1`, `${server}.jsonl`];
}

/** Opens a log; a file that is there is continued. */
export function openLog(options: LogOptions): ServerLog {
  const { clock, server, directory, level } = options;
  const { fileBytesMax = FILE_BYTES_MAX } = options;
  const handler = new RotatingFileHandler(level, {
    filename: `${directory}/${logFileNames(server)[1]}`,
    mode: "a",
    maxBytes: fileBytesMax,
    maxBackupCount: OLDER_FILES,
    formatter: (record) => jsonLine(clock, server, record),
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

export const SILENT_LOG: ServerLog = {
  lines: false,
  debug() {},
  info() {},
  warn() {},
  error() {},
  close() {},
};

function jsonLine(clock: Clock, server: string, record: LogRecord): string {
  return visibleJson({
    time: new Date(clock.wallMs()).toISOString(),
    // The system's clock may be set: the order of all servers' lines is by this.
    monotonicMs: Number(clock.nowMs().toFixed(3)),
    level: record.levelName,
    server,
    event: record.msg,
    ...shownFields(record.args[0] as LogFields | undefined),
  });
}

/** The fields as text, what is long cut, with the length of what was cut. */
export function shownFields(fields: LogFields = {}): LogFields {
  const told: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    // What went wrong is told by this side, as text already.
    const isWire = typeof value === "string" && name !== "error" &&
      !/[^\0-\xff]/.test(value);
    told[name] = isWire ? beginning(value, LOGGED_BYTES_MAX) : value;
    if (isWire && value.length > LOGGED_BYTES_MAX) told["bytes"] = value.length;
  }
  return { ...told, ..."bytes" in fields && { bytes: fields["bytes"] } };
}

/** The beginning of a text of the wire, as text, whole characters only. */
export function beginning(text: ByteString, bytesMax: number): string {
  if (text.length <= bytesMax) return readable(text);
  let end = bytesMax;
  while (end > bytesMax - 4 && isContinuation(text, end)) end--;
  return readable(text.slice(0, end));
}

/** Whether a byte goes on with a character of UTF-8. */
function isContinuation(text: ByteString, at: number): boolean {
  return (text.charCodeAt(at) & 0xc0) === 0x80;
}
