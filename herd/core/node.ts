/**
 * A server without sockets, clock or timers: lines and events go in, effects
 * come out.
 *
 * Effects are calls on an object that the shell gives, not a list: a list would
 * cost two allocations a line on the hot path, and a test records calls as well
 * as it compares lists.
 *
 * @module
 */
import { type ByteString, owned } from "./bytes.ts";
import { differenceText, type Instant } from "./decimal.ts";
import { Fix } from "./fix.ts";
import { Link } from "./link.ts";
import {
  type At,
  type BadLine,
  type Iamat,
  parseClientLine,
  questionReply,
  type Whatsat,
} from "./message.ts";
import { type Digest, Store } from "./store.ts";
import type { SyncOutcome } from "./sync.ts";

/**
 * What a node asks of the shell.
 *
 * @typeParam C What the shell knows a client's connection by.
 */
export interface Effects<C> {
  /** Send this reply, in its turn. */
  reply(connection: C, text: ByteString): void;
  /** Look up places around a fix, and reply with both, in its turn. */
  lookup(connection: C, fix: Fix, query: Whatsat): void;
  /** A fix was stored, newer than what was held. */
  stored(client: ByteString, fix: Fix): void;
  /** A sync with a neighbour has come to its end. */
  synced(peer: ByteString, outcome: SyncOutcome): void;
}

/** What a node has done since it began. */
export interface NodeStats {
  /** IAMAT lines that were understood. */
  readonly iamat: number;
  /** WHATSAT lines that were understood, of a known client. */
  readonly whatsat: number;
  /** Client lines that were answered by `?`. */
  readonly bad: number;
  /** Fixes stored, newer than what was held. */
  readonly stored: number;
  /** AT lines that came from neighbours. */
  readonly atIn: number;
  /** AT lines that went out to neighbours. */
  readonly atOut: number;
  /** AT lines that came and were not newer than what was held. */
  readonly duplicates: number;
}

/** How a node is set up. */
export interface NodeOptions {
  /** The server's name. */
  readonly name: ByteString;
  /**
   * Whether a fix that waits for a neighbour is dropped when the neighbour
   * sends the very same. Off only to measure what plain flooding costs.
   */
  readonly echoCancellation: boolean;
}

/** The state machine of one server. */
export class Node<C> {
  readonly #options: NodeOptions;
  readonly #effects: Effects<C>;
  readonly #store = new Store();
  readonly #links = new Map<ByteString, Link>();
  readonly #stats = {
    iamat: 0,
    whatsat: 0,
    bad: 0,
    stored: 0,
    atIn: 0,
    atOut: 0,
    duplicates: 0,
  };

  /** Holds nothing yet, and is linked to none. */
  constructor(options: NodeOptions, effects: Effects<C>) {
    this.#options = options;
    this.#effects = effects;
  }

  /** What was done so far. */
  get stats(): NodeStats {
    return { ...this.#stats };
  }

  /** Names of the neighbours whose link is up. */
  get linked(): ByteString[] {
    return [...this.#links.keys()];
  }

  /** Fixes that wait for a neighbour, all links together. */
  get queued(): number {
    let queued = 0;
    for (const link of this.#links.values()) queued += link.queued;
    return queued;
  }

  /** Clients whose fix is held. */
  get count(): number {
    return this.#store.count;
  }

  /** A short account of what is held. */
  digest(): Digest {
    return this.#store.digest();
  }

  /** The newest fix of a client. */
  fix(client: ByteString): Fix | undefined {
    return this.#store.get(client)?.fix;
  }

  /** The newest fix of every client. */
  *fixes(): IterableIterator<Fix> {
    for (const { fix } of this.#store.entries()) yield fix;
  }

  /** A client's line, `text` from `start` to `end`. */
  onClientLine(
    connection: C,
    text: ByteString,
    start: number,
    end: number,
    now: Instant,
  ): void {
    const message = parseClientLine(text, start, end);
    switch (message.kind) {
      case "iamat":
        return this.#onIamat(connection, message, now);
      case "whatsat": {
        const held = this.#store.get(message.client);
        if (held === undefined) break;
        this.#stats.whatsat++;
        return this.#effects.lookup(connection, held.fix, message);
      }
      case "blank":
        return;
      case "bad":
        break;
    }
    this.#stats.bad++;
    this.#effects.reply(connection, questionReply(text.slice(start, end)));
  }

  #onIamat(connection: C, message: Iamat, now: Instant): void {
    this.#stats.iamat++;
    const { client, rest, time, instant } = message;
    const difference = differenceText(now, instant, time);
    const line = owned(`AT ${this.#options.name} ${difference} `, rest);
    this.#learn(client, new Fix(line, instant), undefined);
    this.#effects.reply(connection, line + "\n");
  }

  /** Keeps a fix if it is newer, and floods it to all but the link it came by. */
  #learn(client: ByteString, fix: Fix, source: Link | undefined): boolean {
    const held = this.#store.merge(client, fix);
    if (held === undefined) return false;
    this.#stats.stored++;
    for (const link of this.#links.values()) {
      if (link !== source) link.queue(held);
    }
    this.#effects.stored(client, fix);
    return true;
  }

  /** A neighbour's link has come up, its handshake done. */
  onLinkUp(peer: ByteString): void {
    const link = new Link(this.#options.name, peer, this.#store, {
      at: (at) => this.#onAt(link, at),
      synced: (outcome) => this.#effects.synced(peer, outcome),
    });
    this.#links.set(peer, link);
  }

  /** A neighbour's link has gone down. */
  onLinkDown(peer: ByteString): void {
    this.#links.delete(peer);
  }

  /** A neighbour's line; names what is wrong with it, if anything is. */
  onLinkLine(
    peer: ByteString,
    text: ByteString,
    start: number,
    end: number,
  ): BadLine | undefined {
    return this.#link(peer).onLine(text, start, end);
  }

  #onAt(link: Link, { client, fix }: At): void {
    this.#stats.atIn++;
    const isNewer = this.#learn(client, fix, link);
    if (!isNewer) this.#stats.duplicates++;
    if (!this.#options.echoCancellation) return;
    // The neighbour holds this very fix: it need not be sent back.
    if (isNewer || this.#store.get(client)!.fix.line === fix.line) {
      link.unqueue(client);
    }
  }

  /** Whether there is something to send to a neighbour. */
  hasOutput(peer: ByteString): boolean {
    return this.#links.get(peer)?.hasOutput ?? false;
  }

  /** Whether updates wait for a neighbour. */
  hasUpdates(peer: ByteString): boolean {
    const link = this.#links.get(peer);
    return link !== undefined && link.queued > 0;
  }

  /** Takes about `bytesMax` bytes of lines to send to a neighbour. */
  pull(peer: ByteString, bytesMax: number): ByteString {
    return this.#link(peer).pull(bytesMax, (fixes) => {
      this.#stats.atOut += fixes;
    });
  }

  /** Once a second and link: `false` if the neighbour has stopped answering. */
  beat(peer: ByteString): boolean {
    return this.#link(peer).beat();
  }

  #link(peer: ByteString): Link {
    const link = this.#links.get(peer);
    if (link === undefined) {
      throw new RangeError(`Cannot use the link to ${peer}: it is down`);
    }
    return link;
  }
}
