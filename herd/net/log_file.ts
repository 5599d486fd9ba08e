/**
 * A server's log in files: one JSON object a line.
 *
 * @module
 */
import { getLevelByName, type LevelName } from "@std/log/levels";
import { Logger, type LogRecord } from "@std/log/logger";
import { RotatingFileHandler } from "@std/log/rotating-file-handler";
import { visibleJson } from "../core/bytes/visible.ts";
import {
  type LogFields,
  LOGGED_BYTES_MAX,
  type ServerLog,
  shownFields,
} from "./log.ts";
import type { Clock } from "./platform.ts";

/** Size at which a file is rotated, and the previous one removed. */
const FILE_BYTES_MAX = 64 * 1_048_576;
const OLDER_FILES = 1;

const MS_PER_S = 1_000;
const US_PER_MS = 1_000;

/** The location and the detail of a log. */
export interface LogOptions {
  readonly clock: Clock;
  /** What sets the timers of its buffer; the runtime by default. */
  readonly timers?: Pick<Clock, "after">;
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
  const { clock, timers, server, directory, level } = options;
  const { fileBytesMax = FILE_BYTES_MAX } = options;
  const format = new LineFormat(clock, server);
  const handler = new RotatingFileHandler(level, {
    filename: `${directory}/${logFileNames(server)[1]}`,
    maxBytes: fileBytesMax,
    maxBackupCount: OLDER_FILES,
    formatter: (record) => format.line(record),
    ...timers && { timers },
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

/**
 * Makes lines of records. A server logs thousands of lines a second, and several
 * at the same time: what these begin with is put together once.
 */
class LineFormat {
  readonly #clock: Clock;
  readonly #server: string;
  #wallMs = NaN;
  #nowMs = NaN;
  #times = "";
  /** The second of the last line, and its text up to the milliseconds. */
  #second = NaN;
  #secondText = "";
  /** What follows the times, by event. */
  readonly #events = new Map<string, { level: string; text: string }>();

  constructor(clock: Clock, server: string) {
    this.#clock = clock;
    this.#server = server;
  }

  line({ levelName, msg, args: [fields = {}] }: LogRecord): string {
    const beginning = this.#timesNow() + this.#eventText(levelName, msg);
    const simple = simpleText(fields as LogFields);
    if (simple !== undefined) return `${beginning}${simple}}`;
    const rest = visibleJson(shownFields(fields as LogFields));
    return beginning + (rest === "{}" ? "}" : "," + rest.slice(1));
  }

  #timesNow(): string {
    const [wallMs, nowMs] = [this.#clock.wallMs(), this.#clock.nowMs()];
    if (nowMs === this.#nowMs && wallMs === this.#wallMs) return this.#times;
    this.#wallMs = wallMs;
    this.#nowMs = nowMs;
    // The system's clock may be set, so the lines of all servers are ordered by
    // the other one.
    const monotonicMs = Math.round(nowMs * US_PER_MS) / US_PER_MS;
    this.#times = `{"time":"${this.#isoText(wallMs)}",` +
      `"monotonicMs":${monotonicMs}`;
    return this.#times;
  }

  #isoText(wallMs: number): string {
    const second = Math.floor(wallMs / MS_PER_S);
    if (second !== this.#second) {
      this.#second = second;
      this.#secondText = new Date(second * MS_PER_S).toISOString()
        .slice(0, -"000Z".length);
    }
    const ms = Math.floor(wallMs) - second * MS_PER_S;
    return `${this.#secondText}${String(ms).padStart(3, "0")}Z`;
  }

  /** What each line has after its times. */
  #eventText(level: string, event: string): string {
    const known = this.#events.get(event);
    if (known?.level === level) return known.text;
    const common = { level, server: this.#server, event };
    const text = "," + visibleJson(common).slice(1, -1);
    this.#events.set(event, { level, text });
    return text;
  }
}

/** Text that is the same in JSON: neither cut, nor escaped. */
const SIMPLE = new RegExp(`^[ !#-\\[\\]-~]{0,${LOGGED_BYTES_MAX}}$`);

/** Fields as JSON, if all of them are simple text, as nearly all are. */
function simpleText(fields: LogFields): string | undefined {
  let text = "";
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (typeof value !== "string" || !SIMPLE.test(value)) return undefined;
    text += `,"${name}":"${value}"`;
  }
  return text;
}
