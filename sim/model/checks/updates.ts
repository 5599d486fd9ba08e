/**
 * The path of each update through the herd, from the client to every server.
 *
 * @module
 */
import { HUB } from "../../../herd/core/hub/name.ts";
import { type Delivery, type HistoryParts, partsOf } from "../history_parts.ts";
import {
  type Evidence,
  Fixes,
  iamatFields,
  type OperationRecord,
  valueKey,
} from "./evidence.ts";

/** When an update was first new to a server, and after how many links. */
export interface Arrival {
  readonly atMs: number;
  /**
   * Links from the server that received it from the client, which has 0. The
   * way by a hub is one link.
   */
  readonly hop: number;
}

export interface Update {
  readonly line: string;
  readonly client: string;
  readonly operation: OperationRecord | undefined;
  /** When it was due; if unknown, when it was first seen. */
  readonly dueMs: number;
  /** Whether the client got an acknowledgement, if only when it repeated it. */
  readonly isAcknowledged: boolean;
  /** Where it was new, and when it first was. */
  readonly arrivals: ReadonlyMap<string, Arrival>;
  /**
   * Times that a neighbour sent it, or received it if sending is not recorded.
   */
  readonly messages: number;
  /** Times that a neighbour sent it and it was not new. */
  readonly duplicates: number;
}

interface Draft {
  readonly line: string;
  readonly firstMs: number;
  readonly arrivals: Map<string, Arrival>;
  received: number;
  duplicates: number;
}

/** The updates of a drill, in the order in which they were first seen. */
export function updatesOf(
  { history }: Pick<Evidence, "history">,
  operations: readonly OperationRecord[],
  fixes: Fixes = new Fixes(),
): Update[] {
  const parts = partsOf(history);
  const { rest, lines, firstMs, sentLines, restLines } = parts;
  const publishers = publishersOf(parts);
  const drafts = lines.map((line, number): Draft => {
    const counts = { received: 0, duplicates: 0 };
    const arrivals = new Map<string, Arrival>();
    return { line, firstMs: firstMs[number]!, arrivals, ...counts };
  });
  for (const [at, event] of rest.entries()) {
    if (event.kind !== "delivery") continue;
    const line = restLines[at]!;
    // What comes by the hub is of the gateway that told it first.
    const from = event.from === HUB ? publishers.get(line) : event.from;
    deliver(drafts[line]!, event, from ?? event.from);
  }
  const sent = new Int32Array(lines.length);
  for (const line of sentLines) sent[line]!++;
  const isSentKnown = sentLines.length > 0;
  const known = fixes.lines(lines);
  const told = tellings(operations);
  return drafts.flatMap((draft, number): Update | never[] => {
    const { line, firstMs, arrivals, received, duplicates } = draft;
    if (arrivals.size === 0) return [];
    const { fields, key } = known[number]!;
    const tellings = key === undefined ? [] : told.get(key) ?? [];
    const operation = storedOf(tellings, line, firstMs);
    return {
      line,
      client: fields?.client ?? "",
      operation,
      dueMs: operation?.dueMs ?? firstMs,
      isAcknowledged: tellings.some(({ end }) => end?.kind === "ok"),
      arrivals,
      messages: isSentKnown ? sent[number]! : received,
      duplicates,
    };
  });
}

/** By the index of a line, the first server that sent it to the hub. */
function publishersOf(
  { sent, sentLines }: HistoryParts,
): Map<number, string> {
  const found = new Map<number, string>();
  for (const [at, { server, to }] of sent.entries()) {
    const line = sentLines[at]!;
    if (to === HUB) found.getOrInsert(line, server);
  }
  return found;
}

function deliver(
  draft: Draft,
  { server, isNew, atMs }: Delivery,
  from: string | null,
): void {
  if (from !== null) draft.received++;
  if (!isNew) {
    if (from !== null) draft.duplicates++;
    return;
  }
  if (draft.arrivals.has(server)) return;
  // If its arrival at that neighbour was not seen, count one link from there.
  const before = from === null ? -1 : draft.arrivals.get(from)?.hop ?? 0;
  draft.arrivals.set(server, { atMs, hop: before + 1 });
}

/** The operations that sent each value: several, if it was repeated. */
function tellings(
  operations: readonly OperationRecord[],
): Map<string, OperationRecord[]> {
  const told = new Map<string, OperationRecord[]>();
  for (const operation of operations) {
    const fields = iamatFields(operation);
    if (fields === undefined) continue;
    const key = valueKey(fields);
    told.getOrInsertComputed(key, () => []).push(operation);
  }
  return told;
}

/**
 * The operation that a line is of: a server tells its client the line that it
 * stores. If that reply was lost, the last one before the line was seen.
 */
function storedOf(
  tellings: readonly OperationRecord[],
  line: string,
  firstMs: number,
): OperationRecord | undefined {
  if (tellings.length < 2) return tellings[0];
  return tellings.find(({ end }) => end?.reply === line) ??
    tellings.findLast(({ invokedMs, end }) =>
      invokedMs <= firstMs && end?.reply === undefined
    ) ?? tellings[0];
}
