/**
 * Sync at link-up: anti-entropy between two neighbours (Demers et al. 1987).
 *
 * Both tell how much they hold. If that differs, the one that holds less lists
 * its versions; the other one sends what is newer or missing there, and asks for
 * what is newer or missing here. So an empty server lists nothing, and is sent
 * everything. Whatever goes out is read at the time it goes out.
 *
 * @module
 */
import type { ByteString } from "./bytes.ts";
import { compareDecimals } from "./decimal.ts";
import type { Fix } from "./fix.ts";
import { hashText } from "./hash.ts";
import type { Version } from "./message.ts";
import type { Digest, Store } from "./store.ts";

/** Lines of one HAVE or WANT: few enough that live updates pass between two. */
const LIST_LINES_MAX = 256;

/** How a sync with a neighbour went, as far as this side can tell. */
export interface SyncOutcome {
  /**
   * `equal`: both held the same. `listed`: this side has listed all its
   * versions. `offered`: this side has answered the neighbour's list.
   */
  readonly role: "equal" | "listed" | "offered";
  /** Versions that were listed, by either side. */
  readonly listed: number;
  /** Fixes that this side has sent. */
  readonly sent: number;
  /** Fixes that this side has asked for. */
  readonly wanted: number;
}

/** One side of the sync on one link. */
export class Sync {
  readonly #store: Store;
  /** Names of this server and of the neighbour. */
  readonly #names: readonly [ByteString, ByteString];
  readonly #send: (client: ByteString, fix: Fix) => void;
  readonly #done: (outcome: SyncOutcome) => void;
  /** What we told in our SYNC, until theirs has come. */
  #told: Digest | undefined;
  #isToldOut = true;
  #listing: IterableIterator<[ByteString, Fix]> | undefined;
  #offering: IterableIterator<[ByteString, Fix]> | undefined;
  /** Clients that the neighbour has listed. */
  #listed = new Set<ByteString>();
  readonly #wanted = new Set<ByteString>();
  #counts = { listed: 0, sent: 0, wanted: 0 };

  /**
   * @param names This server and the neighbour.
   * @param send Queues a fix for the neighbour, as an update.
   * @param done Hears how the sync went.
   */
  constructor(
    store: Store,
    names: readonly [ByteString, ByteString],
    send: (client: ByteString, fix: Fix) => void,
    done: (outcome: SyncOutcome) => void,
  ) {
    this.#store = store;
    this.#names = names;
    this.#send = send;
    this.#done = done;
  }

  /** Whether there is something to send. */
  get hasOutput(): boolean {
    return !this.#isToldOut || this.#wanted.size > 0 ||
      this.#listing !== undefined || this.#offering !== undefined;
  }

  /** Begins: what this server holds is told to the neighbour. */
  start(): void {
    this.#told = this.#store.digest();
    this.#isToldOut = false;
  }

  /** The neighbour has told what it holds. */
  onDigest(theirs: Digest): void {
    if (this.#told === undefined) this.start();
    const ours = this.#told!;
    this.#told = undefined;
    this.#listed = new Set();
    this.#counts = { listed: 0, sent: 0, wanted: 0 };
    if (
      ours.count === theirs.count && ours.fingerprint === theirs.fingerprint
    ) {
      this.#done({ role: "equal", ...this.#counts });
    } else if (this.#isLister(ours.count, theirs.count)) {
      this.#listing = this.#store.entries();
    }
  }

  /** The side with fewer fixes lists them; of two equal ones, the name decides. */
  #isLister(ours: number, theirs: number): boolean {
    const [self, peer] = this.#names;
    return ours < theirs || ours === theirs && self < peer;
  }

  /** The neighbour lists a version. */
  onVersion({ client, time, tie }: Version): void {
    this.#listed.add(client);
    this.#counts.listed++;
    const held = this.#store.get(client);
    const order = held === undefined ? -1 : compareDecimals(held.time, time);
    if (
      held !== undefined && order === 0 &&
      hashText(this.#store.hashOf(held)) === tie
    ) return;
    // Equal times and other bytes: only both lines together tell which is newer.
    if (order <= 0) {
      this.#wanted.add(client);
      this.#counts.wanted++;
    }
    if (held !== undefined && order >= 0) {
      this.#send(client, held);
      this.#counts.sent++;
    }
  }

  /** The neighbour's list is complete: what it did not name is missing there. */
  onListEnd(): void {
    this.#offering = this.#store.entries();
  }

  /** The neighbour asks for a fix. */
  onWanted(client: ByteString): void {
    const fix = this.#store.get(client);
    if (fix !== undefined) this.#send(client, fix);
  }

  /** The next lines of this sync but for its updates; empty when there are none now. */
  pullLines(): ByteString {
    if (!this.#isToldOut) {
      this.#isToldOut = true;
      const { count, fingerprint } = this.#told ?? this.#store.digest();
      return `SYNC ${count} ${fingerprint}\n`;
    }
    if (this.#wanted.size > 0) return this.#pullWanted();
    if (this.#listing !== undefined) return this.#pullVersions(this.#listing);
    return "";
  }

  /** The next fix that the neighbour lacks. */
  pullFix(): Fix | undefined {
    if (this.#offering === undefined) return undefined;
    for (const [client, fix] of this.#offering) {
      if (this.#listed.has(client)) continue;
      this.#counts.sent++;
      return fix;
    }
    this.#offering = undefined;
    this.#listed = new Set();
    this.#done({ role: "offered", ...this.#counts });
    return undefined;
  }

  #pullWanted(): ByteString {
    let lines = "";
    let count = 0;
    for (const client of this.#wanted) {
      if (count === LIST_LINES_MAX) break;
      this.#wanted.delete(client);
      lines += client + "\n";
      count++;
    }
    return `WANT ${count}\n${lines}`;
  }

  #pullVersions(listing: IterableIterator<[ByteString, Fix]>): ByteString {
    let lines = "";
    let count = 0;
    while (count < LIST_LINES_MAX) {
      const { done, value } = listing.next();
      if (done) break;
      const [client, fix] = value;
      lines += `${client} ${fix.time} ${hashText(this.#store.hashOf(fix))}\n`;
      count++;
    }
    this.#counts.listed += count;
    if (count > 0) return `HAVE ${count}\n${lines}`;
    this.#listing = undefined;
    this.#done({ role: "listed", ...this.#counts });
    return "HAVE 0\n";
  }
}
