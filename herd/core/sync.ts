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
import type { Version } from "./message.ts";
import type { Digest, Held, Store } from "./store.ts";

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
  readonly #send: (held: Held) => void;
  readonly #done: (outcome: SyncOutcome) => void;
  /**
   * What our SYNC tells, until theirs has come. Both sides compare the same two
   * digests, or both would list, or none.
   */
  #told: Digest | undefined;
  /** Our SYNC, until it is sent. */
  #syncLine: ByteString = "";
  #listing: IterableIterator<Held> | undefined;
  #offering: IterableIterator<Held> | undefined;
  /** Clients that the neighbour has listed. */
  #listed = new Set<ByteString>();
  readonly #wanted = new Set<ByteString>();
  #counts = { listed: 0, sent: 0, wanted: 0 };

  /**
   * One side, which has not begun.
   *
   * @param store What is held; it may change while the sync goes on.
   * @param names This server and the neighbour.
   * @param send Queues a fix for the neighbour, as an update.
   * @param done Hears how the sync went.
   */
  constructor(
    store: Store,
    names: readonly [ByteString, ByteString],
    send: (held: Held) => void,
    done: (outcome: SyncOutcome) => void,
  ) {
    this.#store = store;
    this.#names = names;
    this.#send = send;
    this.#done = done;
  }

  /** Whether there is something to send. */
  get hasOutput(): boolean {
    return this.#syncLine !== "" || this.#wanted.size > 0 ||
      this.#listing !== undefined || this.#offering !== undefined;
  }

  /** Begins: what this server holds is told to the neighbour. */
  start(): void {
    this.#told = this.#store.digest();
    const { count, fingerprint } = this.#told;
    this.#syncLine = `SYNC ${count} ${fingerprint}\n`;
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
    const order = held && compareDecimals(held.fix.time, time);
    if (order === 0 && this.#store.tie(client) === tie) return;
    // Equal times and other bytes: only both lines together tell which is newer.
    if (order === undefined || order <= 0) {
      this.#wanted.add(client);
      this.#counts.wanted++;
    }
    if (order !== undefined && order >= 0) {
      this.#send(held!);
      this.#counts.sent++;
    }
  }

  /** The neighbour's list is complete: what it did not name is missing there. */
  onListEnd(): void {
    this.#offering = this.#store.entries();
  }

  /** The neighbour asks for a fix. */
  onWanted(client: ByteString): void {
    const held = this.#store.get(client);
    if (held !== undefined) this.#send(held);
  }

  /**
   * The next lines of this sync but for its updates, about `bytesMax` bytes at
   * most; empty when there are none now.
   */
  pullLines(bytesMax: number): ByteString {
    if (this.#syncLine !== "") {
      const line = this.#syncLine;
      this.#syncLine = "";
      return line;
    }
    if (this.#wanted.size > 0) return this.#pullWanted(bytesMax);
    return this.#pullVersions(bytesMax);
  }

  /** The next fix that the neighbour lacks. */
  pullFix(): Fix | undefined {
    if (this.#offering === undefined) return undefined;
    // An iterator of a Map goes on where a loop over it was left.
    for (const { client, fix } of this.#offering) {
      if (this.#listed.has(client)) continue;
      this.#counts.sent++;
      return fix;
    }
    this.#offering = undefined;
    this.#listed = new Set();
    this.#done({ role: "offered", ...this.#counts });
    return undefined;
  }

  #pullWanted(bytesMax: number): ByteString {
    let lines = "";
    let count = 0;
    for (const client of this.#wanted) {
      if (count === LIST_LINES_MAX || lines.length >= bytesMax) break;
      this.#wanted.delete(client);
      lines += client + "\n";
      count++;
    }
    return `WANT ${count}\n${lines}`;
  }

  #pullVersions(bytesMax: number): ByteString {
    if (this.#listing === undefined) return "";
    let lines = "";
    let count = 0;
    for (const { client, fix } of this.#listing) {
      lines += `${client} ${fix.time} ${this.#store.tie(client)}\n`;
      count++;
      if (count === LIST_LINES_MAX || lines.length >= bytesMax) break;
    }
    this.#counts.listed += count;
    if (count > 0) return `HAVE ${count}\n${lines}`;
    this.#listing = undefined;
    this.#done({ role: "listed", ...this.#counts });
    return "HAVE 0\n";
  }
}
