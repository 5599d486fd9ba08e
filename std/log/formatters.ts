/**
 * Formatters of records.
 *
 * @module
 */
import type { LogRecord } from "./record.ts";

/** `record` as one line of JSON. */
export function jsonFormatter(record: LogRecord): string {
  const args = record.args;
  return JSON.stringify({
    level: record.levelName,
    datetime: record.datetime.getTime(),
    message: record.msg,
    args: args.length > 1 ? args : args[0],
  });
}

/** All formatters. */
export const formatters: { readonly jsonFormatter: typeof jsonFormatter } = {
  jsonFormatter,
};
