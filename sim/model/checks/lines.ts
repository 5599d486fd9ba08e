/**
 * Figures about what servers sent each other beside updates, and about ties
 * between fixes: states that many runs together should reach.
 *
 * @module
 */
import { compareTimes } from "../../../herd/core/wire/fix.ts";
import type { HistoryEvent } from "../history.ts";
import { type Evidence, type Fixes, Lives } from "./evidence.ts";

/** Messages whose lines are counted; SYNC stands for all of a sync. */
const COUNTED = ["SYNC", "IHAVE", "GRAFT", "PRUNE", "QUERY", "ANSWER"] as const;

/** Names of the metrics that count them. */
export const LINE_METRICS: readonly string[] = COUNTED.map(metricOf);

function metricOf(command: string): string {
  return `lines.${command.toLowerCase()}`;
}

/** The number of lines of each kind of message, from events that count. */
export function lineMetrics(
  { history }: Evidence,
  counts: (event: HistoryEvent) => boolean,
): [string, number][] {
  const lines = new Map<string, number>(COUNTED.map((it) => [it, 0]));
  for (const event of history) {
    if (event.kind !== "control" || !counts(event)) continue;
    const before = lines.get(event.command);
    if (before !== undefined) lines.set(event.command, before + event.lines);
  }
  return [...lines].map(([command, count]) => [metricOf(command), count]);
}

/** How often a server received a fix as old as the held one, but different. */
export function tiesOf({ history }: Evidence, fixes: Fixes): number {
  const lives = new Lives();
  const held = new Map<string, Map<string, string>>();
  let ties = 0;
  for (const event of history) {
    if (lives.read(event)) held.delete(event.server);
    if (event.kind !== "delivery") continue;
    const { server, line, isNew } = event;
    const fix = fixes.of(line);
    if (fix === undefined) continue;
    let its = held.get(server);
    if (its === undefined) held.set(server, its = new Map());
    const { client } = fixes.fields(line)!;
    const before = its.get(client);
    if (before !== undefined && before !== line) {
      if (compareTimes(fix, fixes.of(before)!) === 0) ties++;
    }
    if (isNew) its.set(client, line);
  }
  return ties;
}
