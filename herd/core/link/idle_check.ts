/**
 * The check of an idle link: whether both ends hold the same, as they must. A
 * difference would otherwise stay unnoticed until the next link-up.
 *
 * A CHECK line says: everything I hold, I have either sent to you or received
 * from you. One of the two servers asks. If the other one holds something else,
 * it may just have learned something, so it answers with its own digest. If the
 * asker has learned nothing since it asked, then both now have all that the
 * other had: if they still differ, something was lost. On an idle link nothing
 * delays an answer, and a link that is silent for three heartbeats is down, so
 * an answer always belongs to the last CHECK.
 *
 * @module
 */
import type { Digest, Store } from "../store/store.ts";
import type { ByteWriter } from "../bytes/writer.ts";

/** Heartbeats without other lines after which a link is idle. */
const IDLE_HEARTBEATS = 3;

/** Digests of two servers that should be equal. */
export interface Difference {
  readonly ours: Digest;
  readonly theirs: Digest;
}

/** One end of the checks on one link. */
export class IdleCheck {
  readonly #store: Store;
  readonly #isAsker: boolean;
  #heartbeats = 0;
  #idleHeartbeats = 0;
  /** The line to be sent. */
  #due: "CHECK" | "UNEQUAL" | undefined;
  /** The store's number of merges when it asked. */
  #askedAt = -1;

  constructor(store: Store, isAsker: boolean) {
    this.#store = store;
    this.#isAsker = isAsker;
  }

  /** Whether there is something to send, once everything else is sent. */
  get hasOutput(): boolean {
    return this.#due !== undefined;
  }

  /** A line has passed that is neither a heartbeat nor part of a check. */
  onTraffic(): void {
    this.#idleHeartbeats = 0;
  }

  heartbeat(): void {
    this.#heartbeats++;
    this.#idleHeartbeats++;
    if (
      !this.#isAsker || !this.#isIdle ||
      this.#heartbeats < this.#store.tuning.checkHeartbeats
    ) return;
    this.#heartbeats = 0;
    this.#due = "CHECK";
  }

  /**
   * A server that would have to hash many fixes first does not count as idle.
   */
  get #isIdle(): boolean {
    return this.#idleHeartbeats > IDLE_HEARTBEATS && this.#store.isTidy;
  }

  /** The neighbour asks. */
  onCheck(theirs: Digest): void {
    if (this.#isIdle && this.#compare(theirs)) this.#due = "UNEQUAL";
  }

  /**
   * The neighbour holds something else than our CHECK said; returns the
   * difference if fixes were lost.
   */
  onUnequal(theirs: Digest): Difference | undefined {
    const isUnchanged = this.#askedAt === this.#store.merges;
    this.#askedAt = -1;
    return isUnchanged ? this.#compare(theirs) : undefined;
  }

  #compare(theirs: Digest): Difference | undefined {
    const ours = this.#store.digest();
    const { count, fingerprint } = theirs;
    const isEqual = ours.count === count && ours.fingerprint === fingerprint;
    return isEqual ? undefined : { ours, theirs: { count, fingerprint } };
  }

  /** Writes the line that is due, if any, once all that is held was sent. */
  pull(out: ByteWriter): void {
    if (this.#due === undefined) return;
    const { count, fingerprint } = this.#store.digest();
    out.text(`${this.#due} ${count} ${fingerprint}\n`);
    if (this.#due === "CHECK") this.#askedAt = this.#store.merges;
    this.#due = undefined;
  }
}
