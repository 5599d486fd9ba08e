/**
 * What it took to get updates to all servers. The terms are those of the papers
 * on epidemic broadcast: Leitão et al., Plumtree, 2007.
 *
 * @module
 */
import { partsOf } from "../history_parts.ts";
import { type Evidence, Fixes, type KnownLine } from "./evidence.ts";
import type { Update } from "./updates.ts";
import { isOwed, Uptimes } from "./uptime.ts";

/**
 * How updates spread, by the names of the metrics. Values are `undefined` if
 * there is nothing to measure.
 */
export function disseminationOf(
  evidence: Evidence,
  updates: readonly Update[],
  fixes: Fixes = new Fixes(evidence),
): { readonly messages: number } & Record<string, number | undefined> {
  const { servers, links } = evidence.topology;
  const messages = sum(updates.map((update) => update.messages));
  const reached = sum(updates.map(({ arrivals }) => arrivals.size - 1));
  const lastHops = updates.map(({ arrivals }) => {
    let last = -Infinity;
    for (const { hop } of arrivals.values()) last = Math.max(last, hop);
    return last;
  });
  return {
    // The average share of the servers an acknowledged update is owed to that
    // got it, or a newer one of its client. See `isOwed()`.
    reliability: reliability(evidence, updates, fixes),
    // Fixes that at least one server stored.
    updates: updates.length,
    // AT lines written to links.
    messages,
    // AT lines received that were not newer than what was held.
    duplicates: sum(updates.map(({ duplicates }) => duplicates)),
    messages_per_update: ratio(messages, updates.length),
    // The cost of plain flooding: 2E−(N−1), for E links and N servers.
    flood_messages: 2 * links.length - (servers.length - 1),
    // The minimum: N−1.
    least_messages: servers.length - 1,
    // Relative message redundancy (RMR): messages for each server reached beyond
    // the first, minus 1. A spanning tree has 0.
    redundancy: ratio(messages - reached, reached),
    // Links from the first server to the last one that an update reached.
    "last_hop.mean": ratio(sum(lastHops), lastHops.length),
    "last_hop.max": lastHops.length === 0
      ? undefined
      : lastHops.reduce((a, b) => Math.max(a, b)),
  };
}

function reliability(
  { history, topology }: Evidence,
  updates: readonly Update[],
  fixes: Fixes,
): number | undefined {
  const acknowledged = updates.filter(({ isAcknowledged }) => isAcknowledged);
  const servers = topology.servers.map(({ name }) => name);
  const uptimes = new Uptimes(history, servers);
  const newest = new Map<string, Map<string | undefined, KnownLine>>();
  const { rest, lines, restLines } = partsOf(history);
  const known = fixes.lines(lines);
  for (const [at, event] of rest.entries()) {
    if (event.kind !== "delivery" || !event.isNew) continue;
    const its = newest.getOrInsertComputed(event.server, () => new Map());
    const line = known[restLines[at]!]!;
    const client = line.fields?.client;
    const before = its.get(client);
    if (before === undefined || fixes.isNewerLine(line, before)) {
      its.set(client, line);
    }
  }
  const shares = acknowledged.flatMap((update): Share[] => {
    const { client, dueMs, operation } = update;
    const line = fixes.line(update.line);
    const toldMs = operation?.invokedMs ?? dueMs;
    const owed = servers.filter((server) =>
      isOwed(uptimes.at(server, toldMs), toldMs)
    );
    const got = owed.filter((server) => {
      const held = newest.get(server)?.get(client);
      return held !== undefined && !fixes.isNewerLine(line, held);
    });
    return owed.length === 0 ? [] : [[got.length, owed.length]];
  });
  return meanOf(shares);
}

/** A part of a whole, both counts. */
type Share = readonly [part: number, whole: number];

/**
 * The mean of shares, over a common denominator: a sum of fractions is off, and
 * so 80 % of all would not be 0.8.
 */
function meanOf(shares: readonly Share[]): number | undefined {
  const wholes = new Set(shares.map(([, whole]) => whole));
  const common = [...wholes].reduce((a, b) => a / divisorOf(a, b) * b, 1);
  const parts = shares.map(([part, whole]) => part * (common / whole));
  return ratio(sum(parts), common * shares.length);
}

/** The greatest common divisor. */
function divisorOf(a: number, b: number): number {
  return b === 0 ? a : divisorOf(b, a % b);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** A share, or an average; `undefined` if `whole` is 0. */
export function ratio(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole;
}
