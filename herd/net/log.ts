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

/** Fields of a log line, in addition to its times, level, server and event. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Bytes of a wire text that are logged; of a longer one, its length is given.
 */
const LOGGED_BYTES_MAX = 512;
/** Size at which a file is rotated, and the previous one removed. */
const FILE_BYTES_MAX = 64 * 1_048_576;
const OLDER_FILES = 1;

/**
 * A server's log. Texts of the wire are passed as byte strings; they are logged
 * as text, and shortened if they are long.
 */
export interface ServerLog {
  /** Whether each line received and sent is to be logged. */
  readonly lines: boolean;
  /** Details for debugging a herd. */
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  /** Something that should not have happened, and was handled. */
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** Writes buffered lines and closes the file. */
  close(): void;
}

/** The location and the detail of a log. */
export interface LogOptions {
  readonly clock: Clock;
  readonly server: string;
  /** The folder, which must exist. */
  readonly directory: string;
  /** The lowest level that is logged; at `INFO`, all lines in and out are. */
  readonly level: LevelName;
  /** Maximum bytes of a file; 64 MiB by default. */
  readonly fileBytesMax?: number;
}

/** The names of a server's log files, older first; either may not exist. */
export function logFileNames(server: string): [older: string, newer: string] {
  return [`${server}.jsonl.1`, `${server}.jsonl`];
}

/** Opens a log; an existing file is continued. */
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
    // The system's clock may be set, so the lines of all servers are ordered by
    // this.
    monotonicMs: Number(clock.nowMs().toFixed(3)),
    level: record.levelName,
    server,
    event: record.msg,
    ...shownFields(record.args[0] as LogFields | undefined),
  });
}

/** The fields as text; long ones are cut, and their length is added. */
export function shownFields(fields: LogFields = {}): LogFields {
  const told: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    // Error messages are this side's own, and are text already.
    const isWire = typeof value === "string" && name !== "error" &&
      !/[^\0-\xff]/.test(value);
    told[name] = isWire ? beginning(value, LOGGED_BYTES_MAX) : value;
    if (isWire && value.length > LOGGED_BYTES_MAX) told["bytes"] = value.length;
  }
  return { ...told, ..."bytes" in fields && { bytes: fields["bytes"] } };
}

/** The beginning of a wire text, as text, in whole characters. */
export function beginning(text: ByteString, bytesMax: number): string {
  if (text.length <= bytesMax) return readable(text);
  let end = bytesMax;
  while (end > bytesMax - 4 && isContinuation(text, end)) end--;
  return readable(text.slice(0, end));
}

/** Whether a byte continues a UTF-8 character. */
function isContinuation(text: ByteString, at: number): boolean {
  return (text.charCodeAt(at) & 0xc0) === 0x80;
}
