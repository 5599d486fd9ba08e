/**
 * What must always hold, whatever is done to the herd.
 *
 * @module
 */
import { IN_MEMORY } from "../durability.ts";
import { HUB } from "../../../herd/core/hub/outbox.ts";
import { neighboursOf } from "../topology/topology.ts";
import {
  atFields,
  type Evidence,
  Fixes,
  iamatFields,
  isTraffic,
  Lives,
  type OperationRecord,
  operationsOf,
  valueKey,
} from "./evidence.ts";
import { noBadLine, oneConnection } from "./link_safety.ts";
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
    ...repliesInOrder(operations),
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
    const fields = fixes.fields(line);
    if (fields === undefined || told.has(valueKey(fields))) return;
    found.push({ check, atMs, text: `${how} ${line}, which nobody told it` });
  };
  for (const event of history) {
    if (event.kind === "delivery") {
      if (seen.has(event.line)) continue;
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
  held: Map<string, Map<string, string>>,
  onDisk: Map<string, Map<string, string>>,
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
function noOlderOverNewer(
  { history, keeping = IN_MEMORY }: Evidence,
  told: ReadonlyMap<string, number>,
  fixes: Fixes,
): Violation[] {
  const check = "no older fix over a newer";
  const held = new Map<string, Map<string, string>>();
  const found: Violation[] = [];
  const onDisk = new Map<string, Map<string, string>>();
  const lives = new Lives();
  const begunMs = new Map<string, number>();
  for (const event of history) {
    if (lives.read(event)) {
      if (keeping.hasDisks) {
        putAside(event.server, held, onDisk);
        if (lives.of(event.server) > 1) begunMs.set(event.server, event.atMs);
      }
      held.delete(event.server);
    }
    if (event.kind !== "delivery") continue;
    const { server, line, isNew, atMs } = event;
    const fields = fixes.fields(line);
    if (fields === undefined) continue;
    const { client } = fields;
    const store = held.get(server) ?? new Map<string, string>();
    held.set(server, store);
    const before = store.get(client);
    if (isNew) {
      const isOld = before !== undefined && !fixes.isNewer(line, before) &&
        !fixes.isTie(line, before);
      if (isOld) {
        const text = `${server} stored ${line} over ${before}`;
        found.push({ check, atMs, text });
      }
      store.set(client, line);
    } else if (before === undefined || fixes.isNewer(line, before)) {
      const again = onDisk.get(server)?.get(client);
      if (again !== undefined && !fixes.isNewer(line, again)) continue;
      const toldMs = told.get(valueKey(fields)) ?? 0;
      const mayBeOnDisk = toldMs <= (begunMs.get(server) ?? -Infinity);
      if (before === undefined && mayBeOnDisk) continue;
      const instead = before ?? "nothing";
      const text = `${server} passed over ${line}, and held ${instead}`;
      found.push({ check, atMs, text });
    }
  }
  return found;
}

/**
 * A client that has read a fix from a server reads no older one from it
 * afterwards, as long as the server lives. Overlapping reads are not compared.
 */
function monotonicReads(
  { history }: Evidence,
  operations: readonly OperationRecord[],
  fixes: Fixes,
): Violation[] {
  const check = "monotonic reads";
  const reads = new Map(
    operations.filter(({ f }) => f === "whatsat").map((it) => [it.op, it]),
  );
  const lives = new Lives();
  const newest = new Map<string, string>();
  /** For each read under way: the fix it must not fall behind. */
  const floors = new Map<number, { key: string; line: string | undefined }>();
  const found: Violation[] = [];
  for (const event of history) {
    if (isTraffic(event)) continue;
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
      found.push({ check, atMs, text });
    }
    const known = newest.get(key);
    if (known === undefined || fixes.isNewer(reply, known)) {
      if (fixes.of(reply) !== undefined) newest.set(key, reply);
    }
  }
  return found;
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
    topology.servers.map(({ name }) => [
      name,
      neighboursOf({ name: "", ...topology }, name),
    ]),
  );
  const sent = new SentLines();
  for (const event of history) {
    if (event.kind === "sent") sent.add(event.line, event.server, event.to);
  }
  const isTold = memo((line) => {
    const fields = fixes.fields(line);
    return fields !== undefined && told.has(valueKey(fields));
  });
  const found: Violation[] = [];
  for (const event of history) {
    if (event.kind !== "delivery") continue;
    const { server, from, line, atMs } = event;
    const complain = (text: string) => {
      found.push({ check, atMs, text: `${server} took ${line} from ${text}` });
    };
    if (from === null) {
      if (fixes.fields(line)?.server !== server || !isTold(line)) {
        complain("a client that did not tell it so");
      }
    } else if (from === HUB) {
      // What one gateway sends to the hub reaches all gateways.
      if (!sent.isEmpty && isTold(line) && !sent.hasAny(line, HUB)) {
        complain("the hub, which nobody told it");
      }
    } else if (!neighbours.get(server)?.includes(from)) {
      complain(`${from}, which is no neighbour`);
    } else if (
      !sent.isEmpty && isTold(line) && !sent.has(line, from, server)
    ) {
      complain(`${from}, which did not send it`);
    }
  }
  return found;
}

/**
 * Who sent each line to whom. Compact, because there are more of them than of
 * anything else.
 */
class SentLines {
  readonly #links = new Map<string, Map<string, number>>();
  readonly #byLine = new Map<string, Set<number>>();
  #count = 0;

  get isEmpty(): boolean {
    return this.#byLine.size === 0;
  }

  add(line: string, from: string, to: string): void {
    const link = this.#link(from, to);
    const known = this.#byLine.get(line);
    if (known === undefined) this.#byLine.set(line, new Set([link]));
    else known.add(link);
  }

  has(line: string, from: string, to: string): boolean {
    return this.#byLine.get(line)?.has(this.#link(from, to)) ?? false;
  }

  /** Whether any server sent a line to this one. */
  hasAny(line: string, to: string): boolean {
    const ways = this.#byLine.get(line);
    return [...this.#links.values()].some((links) => {
      const link = links.get(to);
      return link !== undefined && ways?.has(link) === true;
    });
  }

  /** The number of the direction from one server to another. */
  #link(from: string, to: string): number {
    let ways = this.#links.get(from);
    if (ways === undefined) this.#links.set(from, ways = new Map());
    let link = ways.get(to);
    if (link === undefined) ways.set(to, link = this.#count++);
    return link;
  }
}

/** Caches the answer for each line. */
function memo(ask: (line: string) => boolean): (line: string) => boolean {
  const answers = new Map<string, boolean>();
  return (line) => {
    const known = answers.get(line);
    if (known !== undefined) return known;
    const answer = ask(line);
    answers.set(line, answer);
    return answer;
  };
}

/**
 * The replies on a connection come in the order of its lines, each to its own.
 */
function repliesInOrder(operations: readonly OperationRecord[]): Violation[] {
  const check = "replies in order";
  const found: Violation[] = [];
  const last = new Map<string, OperationRecord>();
  for (const operation of operations) {
    const { connection, line, server, end } = operation;
    if (end?.reply === undefined) continue;
    const { reply, atMs } = end;
    if (!isAnswer(operation, reply)) {
      const text = `${server} answered ${reply} to ${line}`;
      found.push({ check, atMs, text });
    }
    const before = last.get(connection);
    if (before !== undefined && before.end!.atMs > atMs) {
      const text =
        `${connection}: the reply to ${before.line} came after that to ` +
        `${line}, which was sent later`;
      found.push({ check, atMs: before.end!.atMs, text });
    } else last.set(connection, operation);
  }
  return found;
}

/**
 * As long as there was no fault, the ends of an idle link hold the same. If
 * they don't, the herd has lost a fix by itself.
 */
function noCauselessRepair({ history }: Evidence): Violation[] {
  const check = "no repair without a fault";
  const firstFault = history.findIndex(({ kind }) => kind === "fault-begin");
  const before = firstFault < 0 ? history : history.slice(0, firstFault);
  return before.flatMap((event) => {
    if (event.kind !== "sync-repair") return [];
    const { server, peer, ours, theirs, atMs } = event;
    const text = `${server} held something else than ${peer} ` +
      `(records: ${ours} and ${theirs})`;
    return [{ check, atMs, text }];
  });
}

function isAnswer(operation: OperationRecord, reply: string): boolean {
  const { f, line, server } = operation;
  if (f === "send") return true;
  if (reply.startsWith("? ")) return reply.slice(2) === line;
  const fields = atFields(reply);
  if (fields === undefined) return false;
  if (f === "whatsat") return fields.client === line.split(" ")[1];
  const told = iamatFields({ server, line });
  return told !== undefined && valueKey(told) === valueKey(fields);
}
