/**
 * Formats a line of a server's log: time, event, peer or client, the line
 * itself.
 *
 * @module
 */
import { clockText } from "./clock_text.ts";

/** The width of the column for the event. */
const EVENT_COLUMNS = 10;

/** Formats a line of JSON; one that was cut short is returned as it is. */
export function logText(json: string): string {
  const record = recordOf(json);
  if (record === undefined) return json;
  const { time, monotonicMs: _, level, server: __, event, ...fields } = record;
  const { peer, client, address, line, bytes, ...others } = fields;
  const what = level === "INFO" || level === "DEBUG"
    ? `${event}`
    : `${level}: ${event}`;
  const told = [
    peer ?? client ?? address,
    line,
    ...Object.entries(others).map(([name, value]) => `${name} ${shown(value)}`),
    bytes !== undefined && `(${bytes} bytes)`,
  ].filter((part) => part !== undefined && part !== false);
  const at = clockText(Date.parse(`${time}`));
  return `${at}  ${what.padEnd(EVENT_COLUMNS)}  ${told.join("  ")}`.trimEnd();
}

function recordOf(json: string): Record<string, unknown> | undefined {
  try {
    const record = JSON.parse(json);
    const isLog = typeof record?.time === "string" &&
      !Number.isNaN(Date.parse(record.time));
    return isLog ? record : undefined;
  } catch {
    return undefined;
  }
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
