/**
 * What a server logs: events with fields.
 *
 * @module
 */
import { type ByteString, readable } from "../core/bytes/bytes.ts";

/** What a line has beside the fields of its event. */
type Common = "time" | "monotonicMs" | "level" | "server" | "event";

/** Fields of a log line, in addition to its times, level, server and event. */
export type LogFields =
  & Readonly<Record<string, unknown>>
  & { readonly [Name in Common]?: never };

/**
 * Bytes of a wire text that are logged; of a longer one, its length is given.
 */
export const LOGGED_BYTES_MAX = 512;

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

export const SILENT_LOG: ServerLog = {
  lines: false,
  debug() {},
  info() {},
  warn() {},
  error() {},
  close() {},
};

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
