/**
 * The messages of a run: each AT line that went from one server to another, as
 * one thing with a beginning and an end, and each that came from a client.
 *
 * A history has the two ends of a message apart, each recorded where it was
 * seen. They belong together by sender, receiver and line, in order of time.
 *
 * @module
 */
import type { HistoryEvent } from "../history.ts";

/** One message. */
export interface Message {
  /** The number of the update that it carries. */
  readonly update: number;
  /** The sender's number; that after the last server's stands for a client. */
  readonly from: number;
  /** The receiver's number. */
  readonly to: number;
  /** When it was sent; where nobody recorded that, when it came. */
  sentMs: number;
  /** When it came; `undefined`: it never did. */
  receivedMs: number | undefined;
  /** Whether it was newer than what the receiver held. */
  isNew: boolean;
}

/** One request of a client. */
export interface Request {
  /** The number of the operation. */
  readonly op: number;
  /** What was asked for. */
  readonly f: "iamat" | "whatsat" | "send";
  /** The number of the server. */
  readonly server: number;
  /** When it was asked. */
  readonly invokedMs: number;
  /** When it had to be asked: in an open loop before it could be. */
  readonly dueMs: number;
  /** The line that was sent. */
  readonly line: string;
  /** When it ended; `undefined`: it never did. */
  endedMs: number | undefined;
  /** How it ended; what never ended is unknown too. */
  outcome: "ok" | "fail" | "info";
  /** The reply, or why there is none. */
  told: string | undefined;
  /** The number of the update that it made, if it made one. */
  update: number | undefined;
}

/** All that went over the wire in a run. */
export interface Traffic {
  /** The AT lines, by the number of the update. */
  readonly updates: readonly string[];
  /** The messages, in the order in which they were sent. */
  readonly messages: readonly Message[];
  /** The requests, in the order in which they were made. */
  readonly requests: readonly Request[];
}

/** Puts the ends of messages and requests together. */
class Matcher {
  readonly updates: string[] = [];
  readonly messages: Message[] = [];
  readonly requests: Request[] = [];
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #updateNumbers = new Map<string, number>();
  readonly #requestOf = new Map<number, Request>();
  /** Messages with one end, by update, sender and receiver; oldest first. */
  readonly #sent = new Map<number, Message[]>();
  readonly #received = new Map<number, Message[]>();

  constructor(servers: readonly string[]) {
    this.#numbers = new Map(servers.map((name, index) => [name, index]));
  }

  take(event: HistoryEvent): void {
    const { atMs } = event;
    switch (event.kind) {
      case "sent": {
        const { server, to, line } = event;
        this.#end(server, to, line, { atMs, isNew: false }, true);
        break;
      }
      case "delivery": {
        const { from, server, line, isNew } = event;
        this.#end(from, server, line, { atMs, isNew }, false);
        break;
      }
      case "invoke": {
        const { op, f, server, line, dueMs = atMs } = event;
        const request: Request = {
          op,
          f,
          server: this.#numbers.get(server) ?? 0,
          invokedMs: atMs,
          dueMs,
          line,
          endedMs: undefined,
          outcome: "info",
          told: undefined,
          update: undefined,
        };
        this.requests.push(request);
        this.#requestOf.set(op, request);
        break;
      }
      case "ok":
      case "fail":
      case "info": {
        const request = this.#requestOf.get(event.op);
        if (request === undefined) break;
        request.endedMs = atMs;
        request.outcome = event.kind;
        request.told = event.why ?? event.reply;
        if (request.f === "iamat" && event.reply !== undefined) {
          request.update = this.#updateNumbers.get(event.reply);
        }
      }
    }
  }

  #end(
    fromName: string | null,
    toName: string,
    line: string,
    end: { atMs: number; isNew: boolean },
    isSent: boolean,
  ): void {
    const count = this.#numbers.size;
    const from = fromName === null ? count : this.#numbers.get(fromName);
    const to = this.#numbers.get(toName);
    if (from === undefined || to === undefined) return;
    const update = this.#updateOf(line);
    const key = (update * (count + 1) + from) * (count + 1) + to;
    const other = shiftFrom(isSent ? this.#received : this.#sent, key);
    const { atMs, isNew } = end;
    if (other !== undefined) {
      if (isSent) other.sentMs = Math.min(atMs, other.sentMs);
      else {
        other.receivedMs = Math.max(atMs, other.sentMs);
        other.isNew = isNew;
      }
      return;
    }
    const receivedMs = isSent ? undefined : atMs;
    const message = { update, from, to, sentMs: atMs, receivedMs, isNew };
    this.messages.push(message);
    // What a client sends, nobody has recorded the sending of.
    if (fromName === null) return;
    const waiting = isSent ? this.#sent : this.#received;
    const queue = waiting.get(key);
    if (queue === undefined) waiting.set(key, [message]);
    else queue.push(message);
  }

  #updateOf(line: string): number {
    const known = this.#updateNumbers.get(line);
    if (known !== undefined) return known;
    const number = this.updates.push(line) - 1;
    this.#updateNumbers.set(line, number);
    return number;
  }
}

function shiftFrom<T>(queues: Map<number, T[]>, key: number): T | undefined {
  const queue = queues.get(key);
  const first = queue?.shift();
  if (queue?.length === 0) queues.delete(key);
  return first;
}

/**
 * The traffic of a history.
 *
 * @param events The history, in the order of its time.
 * @param servers The servers' names; their numbers are the places in it.
 */
export function trafficOf(
  events: Iterable<HistoryEvent>,
  servers: readonly string[],
): Traffic {
  const matcher = new Matcher(servers);
  for (const event of events) matcher.take(event);
  const { updates, messages, requests } = matcher;
  startAtRequests(messages, requests, servers.length);
  messages.sort((a, b) => a.sentMs - b.sentMs);
  return { updates, messages, requests };
}

/** What came from a client was sent when the client asked. */
function startAtRequests(
  messages: readonly Message[],
  requests: readonly Request[],
  client: number,
): void {
  const asked = new Map<number, number>();
  for (const { update, invokedMs } of requests) {
    if (update !== undefined && !asked.has(update)) {
      asked.set(update, invokedMs);
    }
  }
  for (const message of messages) {
    if (message.from !== client) continue;
    const askedMs = asked.get(message.update) ?? message.sentMs;
    message.sentMs = Math.min(askedMs, message.sentMs);
  }
}
