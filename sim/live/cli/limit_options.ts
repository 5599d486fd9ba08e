/**
 * The options for the limits of servers.
 *
 * @module
 */
import { LIMIT_KEYS, LIMITS, type Limits } from "../../../herd/core/limits.ts";
import {
  limitKey,
  limitName,
  limitText,
  readLimit,
} from "../../model/topology/limits.ts";
import { wrapped } from "./word_list.ts";
import { UsageError } from "./usage_error.ts";

/** Options with a value; `limit` may be repeated. */
export const LIMIT_OPTIONS = ["limit", "future-max"] as const;

export const LIMIT_HELP =
  `  --limit NAME=VALUE  what each server allows at most; may be repeated. There is
                      (with the default; see docs/protocol.md):
                      ${
    wrapped(LIMIT_KEYS.map((key) => `${limitName(key)}=${usualText(key)}`))
  }
  --future-max TIME   refuse a client's time so far ahead of the server's clock:
                      60s (default ${
    usualText("futureMsMax")
  }); the same as --limit future_max=TIME`;

function usualText(key: keyof Limits): string {
  return limitText(key, LIMITS[key].usual);
}

/**
 * The limits in the options, if any; if one is given twice, the last value
 * counts.
 *
 * @throws {UsageError} If there is no such limit, or the value is not allowed.
 */
export function limitsOf(
  texts: readonly string[],
  futureMax: string | undefined,
): Partial<Limits> | undefined {
  const told = texts.map((text) => limitOf("limit", text));
  if (futureMax !== undefined) {
    told.push(limitOf("future-max", `future_max=${futureMax}`));
  }
  return told.length === 0 ? undefined : Object.assign({}, ...told);
}

function limitOf(option: string, text: string): Partial<Limits> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    const like = limitKey(text) === undefined ? "" : `: ${text}=…`;
    throw new UsageError(`--${option}: "${text}" is not NAME=VALUE${like}`);
  }
  const read = readLimit(name, value);
  if ("limit" in read) return read.limit;
  const { message, hint } = read;
  const why = hint === undefined ? message : `${message}, ${hint}`;
  throw new UsageError(`--${option}: ${why}`);
}
