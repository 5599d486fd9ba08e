/**
 * Sync at link-up: anti-entropy between two neighbours (Demers et al. 1987).
 *
 * Each sends a digest of what it holds. If they differ, the one that holds less
 * lists its versions; the other one sends what is newer or missing there, and
 * asks for what is newer or missing here. So an empty server lists nothing, and
 * is sent everything. If both hold a lot, they compare sums first, and only the
 * contents of buckets that differ are listed. Fixes and versions are read from
 * the store when they are sent.
 *
 * @module
 */
import { childrenOf } from "../store/buckets.ts";
import type { ByteString } from "../bytes/bytes.ts";
import { clientText } from "../wire/fix.ts";
import { Lister } from "./lister.ts";
import { Offerer } from "./offerer.ts";
import type { Digest, Store } from "../store/store.ts";
import { clientOf, heldOrder, type Version } from "./version.ts";
import type { ByteWriter } from "../bytes/writer.ts";
import { writeNames } from "./list.ts";

/** How a sync with a neighbour went, as seen by this side. */
export interface SyncOutcome {
  /**
   * `equal`: both held the same. `listed`: this side listed all its versions.
   * `offered`: this side answered the neighbour's list.
   */
  readonly role: "equal" | "listed" | "offered";
  /** Versions listed by either side. */
  readonly listed: number;
  /** Fixes that this side sent. */
  readonly sent: number;
  /** Fixes that this side asked for. */
  readonly wanted: number;
}

/** What a sync needs from its link. */
export interface SyncNeeds {
  /** Queues a client's fix for the neighbour, as an update. */
  send(client: number): void;
  done(outcome: SyncOutcome): void;
}

/** One side of the sync on one link. */
export class Sync {
  readonly #store: Store;
  /**
   * Whether this side lists if both hold the same number of fixes. After
   * link-up only this side begins syncs; see `idle_check.ts`.
   */
  readonly #isFirst: boolean;
  readonly #link: SyncNeeds;
  /** Whether this side has ever begun a sync; in some modes it only answers. */
  #hasBegun = false;
  /** Whether this side has still to send its digest. */
  #isDue = false;
  /** The digest in our SYNC, until the neighbour's has arrived. */
  #told: Digest | undefined;
  /** The SYNC line, until it is sent. */
  #line: ByteString = "";
  #lister: Lister | undefined;
  #offerer: Offerer | undefined;
  readonly #wanted = new Set<ByteString>();
  #counts = { listed: 0, sent: 0, wanted: 0 };

  /**
   * @param isFirst Whether this side lists if both hold the same number of
   * fixes.
   */
  constructor(store: Store, isFirst: boolean, link: SyncNeeds) {
    this.#store = store;
    this.#isFirst = isFirst;
    this.#link = link;
  }

  get hasOutput(): boolean {
    return this.#isDue || this.#line !== "" || this.#wanted.size > 0 ||
      this.#lister?.hasOutput === true || this.#offerer?.hasOutput === true;
  }

  /** Begins a sync: sends this server's digest as of then. */
  start(): void {
    this.#hasBegun = true;
    this.#isDue = true;
    this.#told = undefined;
  }

  #tell(): Digest {
    const digest = this.#store.digest();
    this.#isDue = false;
    this.#told = digest;
    this.#line = `SYNC ${digest.count} ${digest.fingerprint}\n`;
    return digest;
  }

  /** The neighbour has sent its digest. */
  onDigest(theirs: Digest): void {
    const isAnswer = this.#isDue || this.#told !== undefined;
    // A repeated SYNC. If it were answered, the answer would be too, without
    // end.
    if (this.#isFirst && this.#hasBegun && !isAnswer) return;
    const ours = this.#told ?? this.#tell();
    this.#told = undefined;
    this.#lister = undefined;
    this.#offerer = undefined;
    this.#counts = { listed: 0, sent: 0, wanted: 0 };
    if (
      ours.count === theirs.count && ours.fingerprint === theirs.fingerprint
    ) {
      this.#link.done({ role: "equal", ...this.#counts });
    } else if (
      ours.count < theirs.count ||
      ours.count === theirs.count && this.#isFirst
    ) {
      const { bucketsFrom } = this.#store.tuning;
      this.#lister = new Lister(this.#store, ours.count >= bucketsFrom);
    } else this.#offerer = new Offerer(this.#store, ours.count);
  }

  /** The neighbour has sent sums: of its buckets, or of the leaves in one. */
  onSums(bucket: number | undefined, sums: string): void {
    if (bucket === undefined) this.#offerer?.onBucketSums(sums);
    else this.#lister?.onLeafSums(bucket, sums);
  }

  /**
   * The neighbour has named the buckets in which we differ, or the leaves of
   * one; see {@linkcode childrenOf}.
   */
  onDifference(bucket: number | undefined, text: string): void {
    const children = childrenOf(text);
    if (bucket !== undefined) this.#offerer?.onLeaves(bucket, children);
    else this.#lister?.onBuckets(children);
    this.#settle();
  }

  onVersion(version: Version): void {
    this.#counts.listed++;
    const client = clientOf(this.#store, version);
    if (client >= 0) this.#offerer?.onListed(client);
    const held = heldOrder(this.#store, client, version);
    if (held === "same") return;
    // If it is undecided, both lines together tell which is newer.
    if (held !== "newer") {
      this.#wanted.add(clientText(version));
      this.#counts.wanted++;
    }
    if (held === "newer" || held === "undecided") {
      this.#link.send(client);
      this.#counts.sent++;
    }
  }

  /**
   * The neighbour's list has ended: it lacks the clients that are not in it.
   */
  onListEnd(): void {
    this.#offerer?.onListEnd();
  }

  /** The neighbour asks for a fix. */
  onWanted(name: ByteString): void {
    const client = this.#store.findClient(name);
    if (client >= 0) this.#link.send(client);
  }

  /**
   * Writes the next lines of this sync, other than updates: about `bytesMax`
   * bytes at most, but at least one line of a list.
   */
  pullLines(out: ByteWriter, bytesMax: number): void {
    if (this.#isDue) this.#tell();
    if (this.#line !== "") {
      out.text(this.#line);
      this.#line = "";
    } else if (this.#wanted.size > 0) {
      const { listLines } = this.#store.tuning;
      writeNames("WANT", listLines, out, bytesMax, this.#wanted);
    } else if (this.#offerer?.hasLines === true) this.#offerer.pull(out);
    else this.#lister?.pull(out, bytesMax);
    this.#settle();
  }

  /** The next client whose fix the neighbour lacks; -1 if there is none now. */
  pullClient(): number {
    const client = this.#offerer?.pullClient() ?? -1;
    if (client < 0) this.#settle();
    else this.#counts.sent++;
    return client;
  }

  /** Reports the outcome once this side has done its part. */
  #settle(): void {
    if (this.#lister?.isDone === true) {
      this.#counts.listed = this.#lister.listed;
      this.#lister = undefined;
      this.#link.done({ role: "listed", ...this.#counts });
    } else if (this.#offerer?.isDone === true) {
      this.#offerer = undefined;
      this.#link.done({ role: "offered", ...this.#counts });
    }
  }
}
