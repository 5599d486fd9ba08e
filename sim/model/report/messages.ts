/**
 * The messages of a run: each AT line sent from one server to another, as one
 * object with a beginning and an end, and each fix from a client.
 *
 * A history records the two ends of a message separately. `crossings.ts`
 * matches them.
 *
 * @module
 */
import { HUB } from "../../../herd/core/hub/name.ts";
import { isFix } from "../checks/evidence.ts";
import { type Crossing, CrossingReader } from "../crossings.ts";
import type { Delivery, Sent } from "../history_parts.ts";
import type { HistoryEvent } from "../history.ts";

export interface Message {
  readonly update: number;
  /**
   * The sender's number; the one after the last server's stands for a client.
   */
  readonly from: number;
  readonly to: number;
  /** When it was sent; if that was not recorded, when it arrived. */
  sentMs: number;
  /** When it arrived; `undefined`: it is not known to have arrived. */
  readonly receivedMs: number | undefined;
  /** Whether it was newer than what the receiver held. */
  readonly isNew: boolean;
  /** Whether it is known to be lost. */
  readonly isLost: boolean;
}

export interface Request {
  readonly op: number;
  readonly f: "iamat" | "whatsat" | "send";
  readonly server: number;
  readonly invokedMs: number;
  /** When it was due: in an open loop earlier than it could be sent. */
  readonly dueMs: number;
  readonly line: string;
  /** When it ended; `undefined`: it never did. */
  endedMs: number | undefined;
  /** How it ended; `info` if it never did. */
  outcome: "ok" | "fail" | "info";
  /** The reply, or why there is none. */
  told: string | undefined;
  /** The number of the update that it made, if any. */
  update: number | undefined;
}

/** Everything that was sent in a run. */
export interface Traffic {
  /** The AT lines, by the number of the update. */
  readonly updates: readonly string[];
  /** In the order in which they were sent. */
  readonly messages: readonly Message[];
  /** In the order in which they were made. */
  readonly requests: readonly Request[];
}

type Ends = Omit<Message, "update" | "from" | "to">;

/** Matches the ends of messages and requests. */
class Matcher {
  readonly updates: string[] = [];
  readonly requests: Request[] = [];
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #updateNumbers = new Map<string, number>();
  readonly #requestOf = new Map<number, Request>();
  readonly #links = new CrossingReader();
  readonly #fromClients: Delivery[] = [];
  /** By line, how the hub was first told of it. */
  readonly #published = new Map<string, Sent>();

  constructor(servers: readonly string[]) {
    this.#numbers = new Map(servers.map((name, index) => [name, index]));
  }

  take(event: HistoryEvent): void {
    const { atMs } = event;
    this.#links.take(event);
    switch (event.kind) {
      case "sent":
        this.#updateOf(event.line);
        if (event.to === HUB) this.#published.getOrInsert(event.line, event);
        break;
      case "delivery":
        this.#updateOf(event.line);
        if (event.from === null) this.#fromClients.push(event);
        break;
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
        if (event.reply !== undefined && isFix(request)) {
          request.update = this.#updateNumbers.get(event.reply);
        }
      }
    }
  }

  /** The messages so far, in no particular order. */
  messages(): Message[] {
    const messages: Message[] = [];
    const { crossings, strays } = this.#links.crossings();
    for (const crossing of crossings) {
      for (const [line, ends] of endsOf(crossing)) {
        this.#add(messages, crossing.sent.server, crossing.sent.to, line, ends);
      }
    }
    // The sending of these, by clients or unseen, was not recorded.
    for (const stray of [...strays, ...this.#fromClients]) {
      const { from, server, line, atMs } = stray;
      if (from === HUB) this.#addByHub(messages, stray);
      else this.#add(messages, from, server, line, readAt(stray, atMs));
    }
    return messages;
  }

  /** What came by the hub is from the gateway that told the hub first. */
  #addByHub(messages: Message[], read: Delivery): void {
    const { server, line, atMs } = read;
    const sent = this.#published.get(line);
    // The hub tells who told it, too.
    if (sent?.server === server) return;
    const ends = readAt(read, sent?.atMs ?? atMs);
    this.#add(messages, sent?.server ?? null, server, line, ends);
  }

  #add(
    messages: Message[],
    fromName: string | null,
    toName: string,
    line: string,
    ends: Ends,
  ): void {
    const from = fromName === null
      ? this.#numbers.size
      : this.#numbers.get(fromName);
    const to = this.#numbers.get(toName);
    if (from === undefined || to === undefined) return;
    messages.push({ update: this.#updateOf(line), from, to, ...ends });
  }

  #updateOf(line: string): number {
    return this.#updateNumbers
      .getOrInsertComputed(line, () => this.updates.push(line) - 1);
  }
}

function readAt({ atMs, isNew }: Delivery, sentMs: number): Ends {
  // The clocks of two threads differ by microseconds.
  const receivedMs = Math.max(atMs, sentMs);
  return { sentMs, receivedMs, isNew, isLost: false };
}

/** What happened to a written line: one message, or one for each copy. */
function* endsOf(crossing: Crossing): Iterable<readonly [string, Ends]> {
  const { sent, fate, copies, corrupted } = crossing;
  for (const read of [...copies, ...corrupted]) {
    yield [read.line, readAt(read, sent.atMs)];
  }
  if (copies.length > 0) return;
  const isLost = fate !== "unknown";
  const ends = { sentMs: sent.atMs, receivedMs: undefined, isNew: false };
  yield [sent.line, { ...ends, isLost }];
}

/**
 * The traffic of a history.
 *
 * @param events The history, in order of time.
 * @param servers The servers' names; their numbers are the indexes.
 */
export function trafficOf(
  events: Iterable<HistoryEvent>,
  servers: readonly string[],
): Traffic {
  const matcher = new Matcher(servers);
  for (const event of events) matcher.take(event);
  const { updates, requests } = matcher;
  const messages = matcher.messages();
  startAtRequests(messages, requests, servers.length);
  messages.sort((a, b) => a.sentMs - b.sentMs);
  return { updates, messages, requests };
}

/** A fix from a client was sent when the client made the request. */
function startAtRequests(
  messages: readonly Message[],
  requests: readonly Request[],
  client: number,
): void {
  const asked = new Map<number, number>();
  for (const { update, invokedMs } of requests) {
    if (update !== undefined) asked.getOrInsert(update, invokedMs);
  }
  for (const message of messages) {
    if (message.from !== client) continue;
    const askedMs = asked.get(message.update) ?? message.sentMs;
    message.sentMs = Math.min(askedMs, message.sentMs);
  }
}
