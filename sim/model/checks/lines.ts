/**
 * Figures about what servers sent each other beside updates, and about ties
 * between fixes: states that many runs together should reach.
 *
 * @module
 */
import type { HistoryEvent } from "../history.ts";
import { eventsOf, partsOf } from "../history_parts.ts";
import {
  type Evidence,
  type Fixes,
  isAsOld,
  type KnownLine,
  Lives,
} from "./evidence.ts";

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
  for (const event of eventsOf(history, "control").filter(counts)) {
    const before = lines.get(event.command);
    if (before !== undefined) lines.set(event.command, before + event.lines);
  }
  return [...lines].map(([command, count]) => [metricOf(command), count]);
}

/** How often a server received a fix as old as the held one, but different. */
export function tiesOf({ history }: Evidence, fixes: Fixes): number {
  const lives = new Lives();
  const held = new Map<string, Map<string, KnownLine>>();
  let ties = 0;
  const { rest, lines, restLines } = partsOf(history);
  const known = fixes.lines(lines);
  for (const [at, event] of rest.entries()) {
    if (lives.read(event)) held.delete(event.server);
    if (event.kind !== "delivery") continue;
    const { server, isNew } = event;
    const line = known[restLines[at]!]!;
    if (line.fix === undefined) continue;
    const its = held.getOrInsertComputed(server, () => new Map());
    const { client } = line.fields!;
    const before = its.get(client);
    if (before !== undefined && before !== line && isAsOld(line, before)) {
      ties++;
    }
    if (isNew) its.set(client, line);
  }
  return ties;
}
