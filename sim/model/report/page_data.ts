/**
 * The data in `report.html`: the record of the run, and its history in the form
 * in which the page draws it.
 *
 * @module
 */
import { faultsOf, type FaultSpan } from "../checks/faults.ts";
import type { History } from "../history.ts";
import { eventsOf } from "../history_parts.ts";
import { ColumnWriter } from "./columns.ts";
import { type Message, type Request, trafficOf } from "./messages.ts";
import type { Rerun } from "./rerun.ts";
import type { RunRecord } from "./run_record.ts";

/** A fault, from its beginning to its end. */
export interface PageFault {
  readonly id: string;
  /** `cut`, `kill`, … */
  readonly fault: string;
  /** Its targets: servers, links, directions of links. */
  readonly targets: readonly string[];
  /** Its settings, in words. */
  readonly settings: string;
  /** When it began, in milliseconds since the start. */
  readonly beganMs: number;
  /** When it ended; `null`: it was still active. */
  readonly endedMs: number | null;
  /** How much it affected; `null`: unknown. */
  readonly touched: number | null;
  /** Of one that has ended in part: the targets on which it was still active. */
  readonly left?: readonly string[];
}

/** A time in which a server was not up. */
export interface PageDownTime {
  readonly server: number;
  /** The state: `stopped`, `paused`, … */
  readonly state: string;
  /** Its beginning, in milliseconds since the start. */
  readonly fromMs: number;
  toMs: number;
}

/** The page's data as JSON; times are milliseconds since the start. */
export interface PageData {
  readonly record: RunRecord;
  /** The end of the time that the page shows, which begins at 0. */
  readonly spanMs: number;
  /** The faults, in the order in which they began. */
  readonly faults: readonly PageFault[];
  /** When servers were not up. */
  readonly downTimes: readonly PageDownTime[];
  /** The AT lines of the updates in the page. */
  readonly updates: readonly string[];
  /** How much of the run is in the page. */
  readonly carried: {
    readonly updates: readonly [number, number];
    readonly messages: readonly [number, number];
  };
  /**
   * The messages, six numbers each: microseconds since the previous one was
   * sent (signed); 0 if it was lost, or else 1 more than the microseconds it
   * took; 1 if it was new, or 2 if it is unknown whether it arrived; sender;
   * receiver; update minus the previous one's (signed).
   */
  readonly messages: string;
  /**
   * The requests, seven numbers each: microseconds since the previous one
   * (signed); microseconds since it was due; 0 if it never ended, or else 1
   * more than the microseconds it took; its operation (0 iamat, 1 whatsat, 2
   * send); how it ended (0 ok, 1 fail, 2 info); server; 0, or else 1 more than
   * its update.
   */
  readonly requests: string;
  /** Requests that failed, by their index, each with the reason. */
  readonly troubles: readonly (readonly [number, string])[];
  /** How the page can repeat the run; absent if it can't. */
  readonly rerun?: Rerun;
}

/** Pages with more messages than this open too slowly. */
export const CARRIED_MESSAGES_MAX = 1_500_000;

/**
 * The data of a run for its page. If the run has too many messages, the page
 * gets those of every second, third, … update, and says so.
 */
export function pageData(
  record: RunRecord,
  history: History,
  messagesMax = CARRIED_MESSAGES_MAX,
): PageData {
  const { servers } = record.topology;
  const spanMs = Math.max(1, record.tookMs, history.at(-1)?.atMs ?? 0);
  const traffic = trafficOf(history, servers);
  const oneIn = Math.ceil(traffic.messages.length / messagesMax) || 1;
  const isCarried = (update: number) => update % oneIn === 0;
  const messages = traffic.messages.filter(({ update }) => isCarried(update));
  const updates = traffic.updates.filter((_, update) => isCarried(update));
  return {
    record,
    spanMs,
    faults: faultsOf(history).map(pageFault),
    downTimes: downTimesOf(history, servers, spanMs),
    updates,
    carried: {
      updates: [updates.length, traffic.updates.length],
      messages: [messages.length, traffic.messages.length],
    },
    messages: messageColumns(messages, oneIn),
    requests: requestColumns(traffic.requests, oneIn),
    troubles: traffic.requests.flatMap(({ outcome, line, told }, place) =>
      outcome === "ok" ? [] : [[place, trouble(line, told)] as const]
    ),
  };
}

function trouble(line: string, told = "no reply"): string {
  return `${line}: ${told}`;
}

function messageColumns(messages: readonly Message[], oneIn: number): string {
  const column = new ColumnWriter();
  let lastUs = 0;
  let lastUpdate = 0;
  for (const message of messages) {
    const sentUs = micros(message.sentMs);
    const update = message.update / oneIn;
    const { receivedMs } = message;
    column.addSigned(sentUs - lastUs);
    column.add(
      receivedMs === undefined
        ? 0
        : 1 + Math.max(0, micros(receivedMs) - sentUs),
    );
    column.add(message.isNew ? 1 : isUnknown(message) ? 2 : 0);
    column.add(message.from);
    column.add(message.to);
    column.addSigned(update - lastUpdate);
    lastUs = sentUs;
    lastUpdate = update;
  }
  return column.text();
}

function isUnknown({ receivedMs, isLost }: Message): boolean {
  return receivedMs === undefined && !isLost;
}

const OPERATIONS = { iamat: 0, whatsat: 1, send: 2 };
const OUTCOMES = { ok: 0, fail: 1, info: 2 };

function requestColumns(requests: readonly Request[], oneIn: number): string {
  const column = new ColumnWriter();
  let lastUs = 0;
  for (const request of requests) {
    const { invokedMs, dueMs, endedMs, f, outcome, server, update } = request;
    const invokedUs = micros(invokedMs);
    column.addSigned(invokedUs - lastUs);
    column.add(Math.max(0, invokedUs - micros(dueMs)));
    column.add(
      endedMs === undefined ? 0 : 1 + Math.max(0, micros(endedMs) - invokedUs),
    );
    column.add(OPERATIONS[f]);
    column.add(OUTCOMES[outcome]);
    column.add(server);
    const isCarried = update !== undefined && update % oneIn === 0;
    column.add(isCarried ? 1 + update / oneIn : 0);
    lastUs = invokedUs;
  }
  return column.text();
}

function micros(ms: number): number {
  return Math.round(ms * 1_000);
}

function pageFault(span: FaultSpan): PageFault {
  const { id, fault, targets, settings, beganMs, left } = span;
  const { endedMs = null, touched = null } = span;
  return {
    id,
    fault,
    targets,
    settings: Object.entries(settings).map((it) => it.join(" ")).join(", "),
    beganMs,
    endedMs,
    touched,
    ...endedMs === null && left !== targets && { left },
  };
}

/** When servers were not up, in a time that ends at `spanMs`. */
function downTimesOf(
  history: History,
  servers: readonly string[],
  spanMs: number,
): PageDownTime[] {
  const all: PageDownTime[] = [];
  const last = new Map<number, PageDownTime>();
  for (const event of eventsOf(history, "state")) {
    const { state, atMs } = event;
    const server = servers.indexOf(event.server);
    const before = last.get(server);
    if (before !== undefined) before.toMs = atMs;
    last.delete(server);
    if (state === "up" || server < 0) continue;
    const down = { server, state, fromMs: atMs, toMs: spanMs };
    last.set(server, down);
    all.push(down);
  }
  return all;
}
