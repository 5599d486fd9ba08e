/**
 * The log of a served server: warnings are printed to standard error, whatever
 * else is written to a file.
 *
 * @module
 */
import { visibleJson } from "../../../herd/core/bytes/visible.ts";
import {
  type LogFields,
  type ServerLog,
  shownFields,
} from "../../../herd/net/log.ts";

/** The same log, which prints warnings and errors to standard error too. */
export function toldLog(log: ServerLog): ServerLog {
  return {
    ...log,
    warn(event, fields) {
      console.error(`warning: ${lineOf(event, fields)}`);
      log.warn(event, fields);
    },
    error(event, fields) {
      console.error(`error: ${lineOf(event, fields)}`);
      log.error(event, fields);
    },
  };
}

/** `transport-failed {"address":"10.0.0.1:40000","why":"…"}`. */
function lineOf(event: string, fields: LogFields = {}): string {
  const { count: _, ...rest } = shownFields(fields);
  return `${event} ${visibleJson(rest)}`;
}
