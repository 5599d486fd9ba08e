/**
 * The path of each update through the herd, from the client to every server.
 *
 * @module
 */
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
  /** Links from the server that received it from the client, which has 0. */
  readonly hop: number;
}

export interface Update {
  readonly line: string;
  readonly client: string;
  readonly operation: OperationRecord | undefined;
  /** When it was due; if unknown, when it was first seen. */
  readonly dueMs: number;
  /** Whether the client got an acknowledgement. */
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
  sent: number;
  received: number;
  duplicates: number;
}

/** The updates of a drill, in the order in which they were first seen. */
export function updatesOf(
  { history }: Pick<Evidence, "history">,
  operations: readonly OperationRecord[],
  fixes: Fixes = new Fixes(),
): Update[] {
  const drafts = new Map<string, Draft>();
  for (const event of history) {
    if (event.kind !== "delivery" && event.kind !== "sent") continue;
    const { line, atMs } = event;
    let draft = drafts.get(line);
    if (draft === undefined) {
      const counts = { sent: 0, received: 0, duplicates: 0 };
      draft = { line, firstMs: atMs, arrivals: new Map(), ...counts };
      drafts.set(line, draft);
    }
    if (event.kind === "sent") draft.sent++;
    else deliver(draft, event);
  }
  const told = tellings(operations);
  const isSentKnown = [...drafts.values()].some(({ sent }) => sent > 0);
  return [...drafts.values()].filter(({ arrivals }) => arrivals.size > 0)
    .map((draft) => {
      const { line, firstMs, arrivals, sent, received, duplicates } = draft;
      const fields = fixes.fields(line);
      const operation = fields && told.get(valueKey(fields));
      return {
        line,
        client: fields?.client ?? "",
        operation,
        dueMs: operation?.dueMs ?? firstMs,
        isAcknowledged: operation?.end?.kind === "ok",
        arrivals,
        messages: isSentKnown ? sent : received,
        duplicates,
      };
    });
}

function deliver(
  draft: Draft,
  { server, from, isNew, atMs }: {
    server: string;
    from: string | null;
    isNew: boolean;
    atMs: number;
  },
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

/** The operation that sent each value, the first one if repeated. */
function tellings(
  operations: readonly OperationRecord[],
): Map<string, OperationRecord> {
  const told = new Map<string, OperationRecord>();
  for (const operation of operations) {
    const fields = iamatFields(operation);
    if (fields === undefined) continue;
    const key = valueKey(fields);
    if (!told.has(key)) told.set(key, operation);
  }
  return told;
}
