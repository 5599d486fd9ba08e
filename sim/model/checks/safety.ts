/**
 * What must always hold, whatever is done to the herd.
 *
 * @module
 */
import { IN_MEMORY } from "../durability.ts";
import { HUB } from "../../../herd/core/hub/name.ts";
import { partsOf } from "../history_parts.ts";
import { neighboursOf } from "../topology/topology.ts";
import {
  type Evidence,
  Fixes,
  iamatFields,
  type KnownLine,
  Lives,
  type OperationRecord,
  operationsOf,
  valueKey,
} from "./evidence.ts";
import { noBadLine, oneConnection } from "./link_safety.ts";
import { SentLines } from "./sent_lines.ts";
import { nothingMissed } from "./on_demand.ts";
import type { Violation } from "./violation.ts";

/** All violations, check by check. */
export function checkSafety(
  evidence: Evidence,
  fixes: Fixes = new Fixes(evidence),
): Violation[] {
  const operations = operationsOf(evidence.history);
  const told = toldValues(operations);
  return [
    ...noInventedValue(evidence, told, fixes),
    ...noOlderOverNewer(evidence, told, fixes),
    ...monotonicReads(evidence, operations, fixes),
    ...noStranger(evidence, told, fixes),
    ...repliesInOrder(operations, fixes),
    ...noCauselessRepair(evidence),
    ...noBadLine(evidence),
    ...oneConnection(evidence),
    ...nothingMissed(evidence, operations, fixes),
  ];
}

/** The values that clients have sent, and when each was first sent. */
function toldValues(
  operations: readonly OperationRecord[],
): Map<string, number> {
  const values = new Map<string, number>();
  for (const operation of operations) {
    const told = iamatFields(operation);
    if (told === undefined) continue;
    const key = valueKey(told);
    const first = values.get(key) ?? Infinity;
    values.set(key, Math.min(first, operation.invokedMs));
  }
  return values;
}

/**
 * Each fix that a server accepted, held or returned is one that a client sent
 * it.
 */
function noInventedValue(
  { history, records }: Evidence,
  told: ReadonlyMap<string, number>,
  fixes: Fixes,
): Violation[] {
  const check = "no invented value";
  const found: Violation[] = [];
  const seen = new Set<string>();
  const look = (line: string, atMs: number, how: string) => {
    if (seen.has(line)) return;
    seen.add(line);
    const { key } = fixes.line(line);
    if (key === undefined || told.has(key)) return;
    found.push({ check, atMs, text: `${how} ${line}, which nobody told it` });
  };
  const { rest, lines, restLines } = partsOf(history);
  const isSeen = new Uint8Array(lines.length);
  for (const [at, event] of rest.entries()) {
    if (event.kind === "delivery") {
      const number = restLines[at]!;
      if (isSeen[number]) continue;
      isSeen[number] = 1;
      look(event.line, event.atMs, `${event.server} took`);
    } else if (event.kind === "ok" && "reply" in event && event.reply) {
      look(event.reply, event.atMs, "a reply was");
    }
  }
  const endMs = history.at(-1)?.atMs ?? 0;
  for (const [server, lines] of records) {
    for (const line of lines) look(line, endMs, `${server} held at the end`);
  }
  return found;
}

/** Moves what a server held in a finished life to what may be on its disk. */
function putAside(
  server: string,
  held: Map<string, Map<string, KnownLine>>,
  onDisk: Map<string, Map<string, KnownLine>>,
): void {
  const before = onDisk.get(server) ?? [];
  const last = held.get(server) ?? [];
  onDisk.set(server, new Map([...before, ...last]));
}

/**
 * A server keeps the newest fix of a client for as long as it lives; one with a
 * disk may restore any fix it had. It may also hold earlier fixes that nobody
 * saw it accept: when it is killed, the record of that may lag behind the disk.
 */
function* noOlderOverNewer(
  { history, keeping = IN_MEMORY }: Evidence,
  told: ReadonlyMap<string, number>,
  fixes: Fixes,
): Iterable<Violation> {
  const check = "no older fix over a newer";
  const held = new Map<string, Map<string, KnownLine>>();
  const onDisk = new Map<string, Map<string, KnownLine>>();
  const lives = new Lives();
  const begunMs = new Map<string, number>();
  const { rest, lines, restLines } = partsOf(history);
  const known = fixes.lines(lines);
  for (const [at, event] of rest.entries()) {
    if (lives.read(event)) {
      if (keeping.hasDisks) {
        putAside(event.server, held, onDisk);
        if (lives.of(event.server) > 1) begunMs.set(event.server, event.atMs);
      }
      held.delete(event.server);
    }
    if (event.kind !== "delivery") continue;
    const { server, isNew, atMs } = event;
    const line = known[restLines[at]!]!;
    const { fields, key } = line;
    if (fields === undefined || key === undefined) continue;
    const { client } = fields;
    const store = held.getOrInsertComputed(server, () => new Map());
    const before = store.get(client);
    if (isNew) {
      const isOld = before !== undefined && !fixes.isNewerLine(line, before) &&
        !fixes.isTie(line, before);
      if (isOld) {
        const text = `${server} stored ${line.text} over ${before.text}`;
        yield { check, atMs, text };
      }
      store.set(client, line);
    } else if (before === undefined || fixes.isNewerLine(line, before)) {
      const again = onDisk.get(server)?.get(client);
      if (again !== undefined && !fixes.isNewerLine(line, again)) continue;
      const toldMs = told.get(key) ?? 0;
      const mayBeOnDisk = toldMs <= (begunMs.get(server) ?? -Infinity);
      if (before === undefined && mayBeOnDisk) continue;
      const instead = before?.text ?? "nothing";
      const text = `${server} passed over ${line.text}, and held ${instead}`;
      yield { check, atMs, text };
    }
  }
}

/**
 * A client that has read a fix from a server reads no older one from it
 * afterwards, as long as the server lives. Overlapping reads are not compared.
 */
function* monotonicReads(
  { history }: Evidence,
  operations: readonly OperationRecord[],
  fixes: Fixes,
): Iterable<Violation> {
  const check = "monotonic reads";
  const reads = new Map(
    operations.filter(({ f }) => f === "whatsat").map((it) => [it.op, it]),
  );
  const lives = new Lives();
  const newest = new Map<string, string>();
  /** For each read under way: the fix it must not fall behind. */
  const floors = new Map<number, { key: string; line: string | undefined }>();
  for (const event of partsOf(history).others) {
    lives.read(event);
    const read = "op" in event ? reads.get(event.op) : undefined;
    if (read === undefined || !("op" in event)) continue;
    const client = read.line.trim().split(/[ \t\r\f\v]+/)[1];
    const key = `${lives.of(read.server)} ${read.server} ${client}`;
    if (event.kind === "invoke") {
      floors.set(event.op, { key, line: newest.get(key) });
      continue;
    }
    const floor = floors.get(event.op);
    const { reply, atMs } = event;
    if (floor?.key !== key || reply === undefined) continue;
    const isBehind = floor.line !== undefined &&
      (reply.startsWith("?") || fixes.isNewer(floor.line, reply));
    if (isBehind) {
      const text = `${read.server} answered ${reply} after ${floor.line}`;
      yield { check, atMs, text };
    }
    const known = newest.get(key);
    if (known === undefined || fixes.isNewer(reply, known)) {
      if (fixes.of(reply) !== undefined) newest.set(key, reply);
    }
  }
}

/**
 * Fixes come from neighbours that sent them, and from clients of the server.
 */
function noStranger(
  { topology, history }: Evidence,
  told: ReadonlyMap<string, number>,
  fixes: Fixes,
): Violation[] {
  const check = "no AT from a stranger";
  const neighbours = new Map(
    topology.servers.map(({ name }) => [name, neighboursOf(topology, name)]),
  );
  const parts = partsOf(history);
  const sent = new SentLines(parts);
  const known = fixes.lines(parts.lines);
  const isTold = ({ key }: KnownLine) => key !== undefined && told.has(key);
  const found: Violation[] = [];
  for (const [at, event] of parts.rest.entries()) {
    if (event.kind !== "delivery") continue;
    const number = parts.restLines[at]!;
    const its = known[number]!;
    const { server, from, line, atMs } = event;
    const complain = (text: string) => {
      found.push({ check, atMs, text: `${server} took ${line} from ${text}` });
    };
    if (from === null) {
      if (its.fields?.server !== server || !isTold(its)) {
        complain("a client that did not tell it so");
      }
    } else if (from === HUB) {
      // What one gateway sends to the hub reaches all gateways.
      if (!sent.isEmpty && !sent.hasAny(number, HUB) && isTold(its)) {
        complain("the hub, which nobody told it");
      }
    } else if (!neighbours.get(server)?.includes(from)) {
      complain(`${from}, which is no neighbour`);
    } else if (
      !sent.isEmpty && !sent.has(number, from, server) && isTold(its)
    ) {
      complain(`${from}, which did not send it`);
    }
  }
  return found;
}

/**
 * The replies on a connection come in the order of its lines, each to its own.
 */
function* repliesInOrder(
  operations: readonly OperationRecord[],
  fixes: Fixes,
): Iterable<Violation> {
  const check = "replies in order";
  const last = new Map<string, OperationRecord>();
  for (const operation of operations) {
    const { connection, line, server, end } = operation;
    if (end?.reply === undefined) continue;
    const { reply, atMs } = end;
    if (!isAnswer(operation, reply, fixes)) {
      const text = `${server} answered ${reply} to ${line}`;
      yield { check, atMs, text };
    }
    const before = last.get(connection);
    if (before !== undefined && before.end!.atMs > atMs) {
      const text =
        `${connection}: the reply to ${before.line} came after that to ` +
        `${line}, which was sent later`;
      yield { check, atMs: before.end!.atMs, text };
    } else last.set(connection, operation);
  }
}

/**
 * As long as there was no fault, the ends of an idle link hold the same. If
 * they don't, the herd has lost a fix by itself.
 */
function* noCauselessRepair({ history }: Evidence): Iterable<Violation> {
  const check = "no repair without a fault";
  for (const event of partsOf(history).others) {
    if (event.kind === "fault-begin") break;
    if (event.kind !== "sync-repair") continue;
    const { server, peer, ours, theirs, atMs } = event;
    const text = `${server} held something else than ${peer} ` +
      `(records: ${ours} and ${theirs})`;
    yield { check, atMs, text };
  }
}

function isAnswer(
  operation: OperationRecord,
  reply: string,
  fixes: Fixes,
): boolean {
  const { f, line, server } = operation;
  if (f === "send") return true;
  if (reply.startsWith("? ")) return reply.slice(2) === line;
  const { fields, key } = fixes.line(reply);
  if (fields === undefined) return false;
  if (f === "whatsat") return fields.client === line.split(" ")[1];
  const told = iamatFields({ server, line });
  return told !== undefined && valueKey(told) === key;
}
