/**
 * Reads a run's `history.jsonl`.
 *
 * @module
 */
import type { HistoryEvent } from "../../model/history.ts";
import { fromJson } from "../json.ts";

/**
 * The events of a history, in the order of time.
 *
 * @throws {SyntaxError} If a line is not an event; the message names the line.
 */
export function readEvents(text: string): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() !== "") events.push(eventOf(line, index + 1));
  }
  if (events.length === 0) throw new SyntaxError("There is no event in it.");
  return events.sort((a, b) => a.atMs - b.atMs);
}

function eventOf(line: string, number: number): HistoryEvent {
  const event = fromJson(line);
  const { atMs, kind } = (event ?? {}) as Record<string, unknown>;
  if (typeof atMs === "number" && typeof kind === "string") {
    return event as HistoryEvent;
  }
  throw new SyntaxError(`Line ${number} is no event of a history.`);
}
