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
import { ByteBlock } from "./block.ts";
import { bytesOf, type ByteString } from "./bytes.ts";
import { type Instant, writeDifference } from "./decimal.ts";
import { fieldsOf, type FixSpan, isLater, isNewer, lineText } from "./fix.ts";
import type { Line } from "./line.ts";
import { Link } from "./link.ts";
import {
  type BadLine,
  parseClientLine,
  questionReply,
  type Whatsat,
} from "./message.ts";
import type { Difference } from "./check.ts";
import { type Digest, Store } from "./store.ts";
import type { SyncOutcome } from "./sync.ts";
import type { ByteWriter } from "./writer.ts";

const LF = 10;
const SPACE = 32;

/**
 * What a node asks of the shell.
 *
 * @typeParam C What the shell knows a client's connection by.
 */
export interface Effects<C> {
  /** Look up places around a position, and reply with the AT line and them, in its turn. */
  lookup(
    connection: C,
    at: ByteString,
    position: ByteString,
    query: Whatsat,
  ): void;
  /** A fix was stored, newer than what was held. The span is good for this call only. */
  stored(fix: FixSpan): void;
  /** A sync with a neighbour has come to its end. */
  synced(peer: ByteString, outcome: SyncOutcome): void;
  /**
   * The check of an idle link has found that both ends do not hold the same: a
   * fix was lost. A sync mends it.
   */
  repairing?(peer: ByteString, difference: Difference): void;
  /**
   * A fix has come, from a client where `from` is left open; `isNew`: it was
   * stored. For those who record everything; nothing is done where it is left
   * out. The span is good for this call only.
   */
  delivered?(fix: FixSpan, from: ByteString | undefined, isNew: boolean): void;
  /** A fix was written for a neighbour. As {@linkcode Effects.delivered}. */
  sent?(fix: FixSpan, to: ByteString): void;
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
  /** Checks of idle links that found a fix lost, and had it mended by a sync. */
  readonly repairs: number;
}

/**
 * A bug that is planted on purpose, to see that drills find it. `no-sync`: links
 * come up without a sync, and are never checked. `time-only`: of two fixes with equal times, none is
 * newer.
 */
export type PlantedBug = typeof PLANTED_BUGS[number];

/** All bugs that can be planted. */
export const PLANTED_BUGS = ["no-sync", "time-only"] as const;

/** How a node is set up. */
export interface NodeOptions {
  /** The server's name. */
  readonly name: ByteString;
  /** Any whole number that clients can't know; see {@linkcode Store}. */
  readonly seed: number;
  /**
   * Whether a fix that waits for a neighbour is dropped when the neighbour
   * sends the very same. Off only to measure what plain flooding costs.
   */
  readonly echoCancellation: boolean;
  /** Nothing but for drills of the checks themselves. */
  readonly plantedBug?: PlantedBug;
}

/** The state machine of one server. */
export class Node<C> {
  readonly #options: NodeOptions;
  readonly #effects: Effects<C>;
  readonly #store: Store;
  /** What each AT line of this server begins with. */
  readonly #atBegin: ByteBlock;
  readonly #links = new Map<ByteString, Link>();
  #longestQueue = 0;
  readonly #stats = {
    iamat: 0,
    whatsat: 0,
    bad: 0,
    stored: 0,
    atIn: 0,
    atOut: 0,
    duplicates: 0,
    repairs: 0,
  };

  /** Holds nothing yet, and is linked to none. */
  constructor(options: NodeOptions, effects: Effects<C>) {
    this.#options = options;
    this.#effects = effects;
    const { seed, plantedBug } = options;
    const order = plantedBug === "time-only" ? isLater : isNewer;
    this.#store = new Store(seed, order);
    this.#atBegin = new ByteBlock(bytesOf(`AT ${options.name} `));
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

  /** The most fixes that have ever waited for one neighbour. */
  get longestQueue(): number {
    for (const { queued } of this.#links.values()) this.#noteQueue(queued);
    return this.#longestQueue;
  }

  #noteQueue(queued: number): void {
    if (queued > this.#longestQueue) this.#longestQueue = queued;
  }

  /** Clients whose fix is held. */
  get count(): number {
    return this.#store.count;
  }

  /** A short account of what is held. */
  digest(): Digest {
    return this.#store.digest();
  }

  /** The AT line of every client's newest fix. */
  *lines(): IterableIterator<ByteString> {
    for (let client = 0; client < this.#store.count; client++) {
      yield lineText(this.#store.fix(client));
    }
  }

  /** The AT line of one client's newest fix; `undefined` if it is unknown. */
  lineOf(client: ByteString): ByteString | undefined {
    const found = this.#store.findClient(client);
    return found < 0 ? undefined : lineText(this.#store.fix(found));
  }

  /** Whether this fix is held, or a newer one of the same client. */
  holds(fix: FixSpan): boolean {
    return this.#store.holds(fix);
  }

  /** A client's line. Its reply is written to `out`, unless it comes later. */
  onClientLine(connection: C, line: Line, out: ByteWriter, now: Instant): void {
    const message = parseClientLine(line);
    switch (message.kind) {
      case "iamat":
        return this.#onIamat(line, message.instant, out, now);
      case "whatsat": {
        const client = this.#store.findClient(message.client);
        if (client < 0) break;
        this.#stats.whatsat++;
        const fix = this.#store.fix(client);
        const { position } = fieldsOf(fix);
        return this.#effects.lookup(
          connection,
          lineText(fix),
          position,
          message,
        );
      }
      case "blank":
        return;
      case "bad":
        break;
    }
    this.#stats.bad++;
    out.text(questionReply(line.text));
  }

  /** The reply is the AT line: it is written once, and kept and flooded from there. */
  #onIamat(
    line: Line,
    instant: Instant,
    out: ByteWriter,
    now: Instant,
  ): void {
    this.#stats.iamat++;
    const start = out.length;
    out.copy(this.#atBegin, 0, this.#atBegin.bytes.length);
    const { bytes } = line.block;
    const [timeStart, timeEnd] = [line.fieldStart(3), line.fieldEnd(3)];
    writeDifference(out, now, instant, bytes, timeStart, timeEnd);
    out.byte(SPACE);
    const clientStart = out.length;
    if (line.isPlain(1, 3)) {
      out.copy(line.block, line.fieldStart(1), line.fieldEnd(3));
    } else out.text(`${line.field(1)} ${line.field(2)} ${line.field(3)}`);
    this.#learn({
      block: out.block,
      start,
      end: out.length,
      clientStart,
      clientEnd: clientStart + line.fieldEnd(1) - line.fieldStart(1),
      seconds: instant.seconds,
      nanos: instant.nanos,
    }, undefined);
    out.byte(LF);
  }

  /**
   * Keeps a fix if it is newer, and floods it to all but the link it came by.
   *
   * @returns The client's number, or -1 if the fix was not newer.
   */
  #learn(fix: FixSpan, source: Link | undefined): number {
    const client = this.#store.merge(fix);
    this.#effects.delivered?.(fix, source?.peer, client >= 0);
    if (client < 0) return client;
    this.#stats.stored++;
    for (const link of this.#links.values()) {
      if (link !== source) link.queue(client);
    }
    this.#effects.stored(fix);
    return client;
  }

  /** A neighbour's link has come up, its handshake done. */
  onLinkUp(peer: ByteString): void {
    const link = new Link(this.#options.name, peer, this.#store, {
      at: (fix) => this.#onAt(link, fix),
      synced: (outcome) => this.#effects.synced(peer, outcome),
      differs: (difference) => {
        this.#stats.repairs++;
        this.#effects.repairing?.(peer, difference);
      },
      ...this.#effects.sent &&
        { sent: (fix) => this.#effects.sent?.(fix, peer) },
    }, this.#options.plantedBug !== "no-sync");
    this.#links.set(peer, link);
  }

  /** A neighbour's link has gone down. */
  onLinkDown(peer: ByteString): void {
    this.#links.delete(peer);
  }

  /** A neighbour's line; names what is wrong with it, if anything is. */
  onLinkLine(peer: ByteString, line: Line): BadLine | undefined {
    return this.#link(peer).onLine(line);
  }

  #onAt(link: Link, fix: FixSpan): void {
    this.#stats.atIn++;
    const stored = this.#learn(fix, link);
    if (stored < 0) this.#stats.duplicates++;
    if (!this.#options.echoCancellation || !link.hasUpdates) return;
    // The neighbour holds this very fix: it need not be sent back.
    const { block, clientStart, clientEnd } = fix;
    const client = stored >= 0
      ? stored
      : this.#store.find(block, clientStart, clientEnd);
    if (stored >= 0 || this.#store.isHeld(fix, client)) link.unqueue(client);
  }

  /** Whether there is something to send to a neighbour. */
  hasOutput(peer: ByteString): boolean {
    return this.#links.get(peer)?.hasOutput ?? false;
  }

  /** Whether updates wait for a neighbour. */
  hasUpdates(peer: ByteString): boolean {
    return this.#links.get(peer)?.hasUpdates ?? false;
  }

  /** Writes about `bytesMax` bytes of lines to send to a neighbour. */
  pull(peer: ByteString, out: ByteWriter, bytesMax: number): void {
    const link = this.#link(peer);
    // A queue only grows from one pull to the next.
    this.#noteQueue(link.queued);
    this.#stats.atOut += link.pull(out, bytesMax);
  }

  /** Once a second and link: `false` if the neighbour has stopped answering. */
  beat(peer: ByteString): boolean {
    this.#store.tidy();
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
