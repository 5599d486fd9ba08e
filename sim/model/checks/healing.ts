/**
 * What must hold once all faults have ended.
 *
 * @module
 */
import { IN_MEMORY, isKept } from "../durability.ts";
import { Ledger, type Lost, type Verdict } from "../ledger.ts";
import type { ServerState } from "../lifecycle.ts";
import {
  type Evidence,
  Fixes,
  iamatFields,
  isFix,
  type OperationRecord,
} from "./evidence.ts";
import { eventsOf, partsOf } from "../history_parts.ts";
import { LossAttribution, WIPE } from "./loss_attribution.ts";
import { faultsOf, isMix, isResidual } from "./faults.ts";
import type { Update } from "./updates.ts";
import { isOwed, Uptimes } from "./uptime.ts";

const EXPLAINED_MS = 200;

/**
 * How the herd recovered in a drill, by the names of the metrics. Values are
 * `undefined` if there is nothing to measure.
 */
export function healingOf(
  evidence: Evidence,
  operations: readonly OperationRecord[],
  updates: readonly Update[],
  fixes: Fixes = new Fixes(),
): Record<string, number | boolean | undefined> {
  const { records } = evidence;
  const converged = isComparable(evidence) ? isConverged(records) : undefined;
  const ledger = ledgerOf(evidence, operations, fixes);
  const held = new Map(
    [...records].map(([server, lines]) => [
      server,
      lines.map((line) => ({
        line,
        client: fixes.fields(line)?.client ?? "",
      })),
    ]),
  );
  const verdict = ledger.judge(held);
  // Where every fix is held by somebody, there is nothing to explain.
  const isMissing = verdict.died.length > 0 ||
    verdict.lost.some(({ heldBy }) => heldBy.length === 0);
  const attribution = new LossAttribution(evidence.history, evidence.keeping);
  const lenient = isMissing
    ? ledger.judge(held, (fix) => attribution.endOf(fix, EXPLAINED_MS))
    : verdict;
  const frozen = frozenOf(evidence, fixes);
  const areSeen = evidence.seen?.sees.has("deliveries") ?? true;
  const behind = areSeen
    ? behindOf(evidence, updates, fixes)
    : owesToNobody(evidence, operations)
    ? new Set<string>()
    : undefined;
  const isKnown = records.size > 0 && verdict.acknowledged > 0 &&
    (areSeen || frozen.length === 0 || !isMissing);
  const found = isKnown
    ? losses(
      verdict,
      lenient,
      behind,
      ({ client, line }) =>
        frozen.some((held) => isCovered(line, held.get(client), fixes)),
    )
    : { lost: undefined, "lost.unexplained": undefined, stale: undefined };
  // What is on no server did not come to all.
  const isHealed = converged && (found.lost ?? 0) === 0;
  return {
    // Whether all servers that are up hold the same records, byte for byte.
    // Unknown if one did not answer, or was the only one of several.
    converged,
    acknowledged: verdict.acknowledged,
    ...found,
    // Milliseconds from the end of the last fault until every server had
    // everything sent before it, if there was any.
    time_to_heal: isHealed ? timeToHealMs(evidence, updates) : undefined,
  };
}

/** Whether no fix is owed to a server that can't be asked at the end. */
function owesToNobody(
  { topology, history, records, mode }: Evidence,
  operations: readonly OperationRecord[],
): boolean {
  if (mode === "ondemand") return true;
  const servers = topology.servers.map(({ name }) => name);
  const uptimes = new Uptimes(history, servers);
  const told = operations.filter((it) => isFix(it) && it.end?.kind === "ok");
  return servers.every((server) =>
    records.has(server) ||
    !told.some((it) => isOwed(uptimes.last(server), it.invokedMs))
  );
}

/** Clients whose owed fix a server that is down has never had. */
function behindOf(
  evidence: Evidence,
  updates: readonly Update[],
  fixes: Fixes,
): Set<string> {
  const { topology, history, records, mode } = evidence;
  // In this mode servers are not owed what others received.
  if (mode === "ondemand") return new Set();
  const servers = topology.servers.map(({ name }) => name);
  const uptimes = new Uptimes(history, servers);
  const behind = new Set<string>();
  for (const server of servers) {
    const uptime = uptimes.last(server);
    if (records.has(server) || uptime === undefined) continue;
    const held = heldAt(uptime.toMs, server, evidence, fixes);
    for (const { client, line, isAcknowledged, operation } of updates) {
      if (!isAcknowledged || operation === undefined) continue;
      if (!isOwed(uptime, operation.invokedMs)) continue;
      if (!isCovered(line, held.get(client), fixes)) behind.add(client);
    }
  }
  return behind;
}

/** Whether what is held of a client is this fix, or a newer one. */
function isCovered(
  line: string,
  held: string | undefined,
  fixes: Fixes,
): boolean {
  return held !== undefined && !fixes.isNewer(line, held);
}

/** What servers hold that are frozen at the end, so that none can be asked. */
function frozenOf(evidence: Evidence, fixes: Fixes): Map<string, string>[] {
  const last = new Map<string, { state: ServerState; atMs: number }>();
  for (const event of eventsOf(evidence.history, "state")) {
    last.set(event.server, event);
  }
  return [...last].flatMap(([server, { state, atMs }]) =>
    state === "paused" ? [heldAt(atMs, server, evidence, fixes)] : []
  );
}

/** By client, the newest fix that a server held when it ended, or froze. */
function heldAt(
  toMs: number,
  server: string,
  { history, keeping = IN_MEMORY }: Evidence,
  fixes: Fixes,
): Map<string, string> {
  const held = new Map<string, string>();
  for (const event of partsOf(history).rest) {
    if (event.atMs > toMs) break;
    if (event.kind === "state" && event.server === server) {
      if (event.state === "starting" && !keeping.hasDisks) held.clear();
    } else if (event.kind === "fault-begin" && event.fault === WIPE) {
      if (event.targets.includes(server)) held.clear();
    } else if (event.kind === "delivery" && event.server === server) {
      const client = fixes.fields(event.line)?.client;
      if (event.isNew && client !== undefined) held.set(client, event.line);
    }
  }
  return held;
}

function losses(
  strict: Verdict,
  lenient: Verdict,
  behind: ReadonlySet<string> | undefined,
  isFrozen: (fix: Lost) => boolean,
): Record<"lost" | "lost.unexplained" | "stale", number | undefined> {
  const outright = ({ lost }: Verdict) =>
    new Set(
      lost.filter((fix) => fix.heldBy.length === 0 && !isFrozen(fix))
        .map(({ client }) => client),
    );
  const lost = outright(strict);
  const lacking = new Set(strict.lost.map(({ client }) => client));
  return {
    // Clients whose newest acknowledged fix, or a newer one, no server holds.
    lost: lost.size,
    // Those whose fix did not die with its servers: one of these is alive, or
    // had 200 ms to send it to another; see `LossAttribution`.
    "lost.unexplained": outright(lenient).size,
    // Clients whose newest acknowledged fix only some servers hold. A server
    // that is down at the end counts by what it held then, and by what it is
    // owed; see `isOwed()`.
    stale: behind && lacking.union(behind).difference(lost).size,
  };
}

/** Whether all servers that are up told what they hold, and not one alone. */
function isComparable({ topology, history, records }: Evidence): boolean {
  const servers = topology.servers.map(({ name }) => name);
  if (records.size < Math.min(2, servers.length)) return false;
  const uptimes = new Uptimes(history, servers);
  return servers.every((server) =>
    records.has(server) || uptimes.last(server)?.toMs !== Infinity
  );
}

function isConverged(
  records: ReadonlyMap<string, readonly string[]>,
): boolean {
  const sorted = [...records.values()].map((lines) => lines.toSorted());
  const [first = []] = sorted;
  return sorted.every((lines) =>
    lines.length === first.length && lines.every((it, at) => it === first[at])
  );
}

function ledgerOf(
  { history, mode, keeping = IN_MEMORY }: Evidence,
  operations: readonly OperationRecord[],
  fixes: Fixes,
): Ledger {
  const ledger = new Ledger({
    staysPut: mode === "ondemand",
    isKept: isKept(keeping),
    fixOf: (line) => fixes.of(line),
  });
  const told = new Map(
    operations.map((operation) => [operation.op, operation]),
  );
  for (const event of partsOf(history).others) {
    if (event.kind === "state") {
      ledger.state(event.server, event.state, event.atMs);
    }
    if (!("op" in event) || event.kind !== "ok" || !event.reply) continue;
    const operation = told.get(event.op);
    const fields = fixes.fields(event.reply);
    if (operation && fields && iamatFields(operation)) {
      const { server, client } = fields;
      ledger.acknowledge({ server, client, line: event.reply }, event.atMs);
    }
  }
  return ledger;
}

function timeToHealMs(
  { history }: Evidence,
  updates: readonly Update[],
): number | undefined {
  const faults = faultsOf(history).filter((fault) => !isMix(fault));
  if (faults.length === 0) return undefined;
  let healedMs = 0;
  for (const fault of faults) {
    if (isResidual(fault)) return undefined;
    // One on nothing is over as it begins.
    const { beganMs, endedMs = beganMs } = fault;
    healedMs = Math.max(healedMs, endedMs);
  }
  const before = new Set(
    updates.filter(({ dueMs }) => dueMs < healedMs).map(({ line }) => line),
  );
  if (before.size === 0) return undefined;
  const last = partsOf(history).rest.findLast((event) =>
    event.kind === "delivery" && event.isNew && before.has(event.line)
  );
  return Math.max(0, (last?.atMs ?? 0) - healedMs);
}
