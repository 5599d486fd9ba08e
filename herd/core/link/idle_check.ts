/**
 * The check of an idle link: whether both ends hold the same, as they must. What
 * is found to differ would otherwise stay so, unseen, until the next link-up.
 *
 * A line of this check says: all that I hold, I have sent you before, or I have
 * it from you. One server asks. If the other one holds something else, it may
 * only have learned something meanwhile, so it answers in kind. When the asker
 * has learned nothing since it asked, both have by then all that the other had:
 * if they differ now, something was lost. On an idle link nothing stands before an
 * answer, and one that is silent for three heartbeats is down: so an answer is always
 * that to the last CHECK.
 *
 * @module
 */
import type { Digest, Store } from "../store/store.ts";
import type { ByteWriter } from "../bytes/writer.ts";

/** Heartbeats without a line of another kind, after which a link is idle. */
const IDLE_HEARTBEATS = 3;

/** What two servers hold that should hold the same. */
export interface Difference {
  /** What this server holds. */
  readonly ours: Digest;
  /** What the neighbour holds. */
  readonly theirs: Digest;
}

/** One end of the checks on one link. */
export class IdleCheck {
  readonly #store: Store;
  readonly #isAsker: boolean;
  #heartbeats = 0;
  #idleHeartbeats = 0;
  /** What is to be sent. */
  #due: "CHECK" | "UNEQUAL" | undefined;
  /** How many fixes the store had kept when it asked. */
  #askedAt = -1;

  /** A link that is not idle yet. Of its two ends, one asks. */
  constructor(store: Store, isAsker: boolean) {
    this.#store = store;
    this.#isAsker = isAsker;
  }

  /** Whether there is something to send, once all else is sent. */
  get hasOutput(): boolean {
    return this.#due !== undefined;
  }

  /** Something has passed on the link that is neither a heartbeat nor of a check. */
  onTraffic(): void {
    this.#idleHeartbeats = 0;
  }

  /** Once a second. */
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

  /** Idle too is only who does not have to hash many fixes first. */
  get #isIdle(): boolean {
    return this.#idleHeartbeats > IDLE_HEARTBEATS && this.#store.isTidy;
  }

  /** The neighbour asks. */
  onCheck(theirs: Digest): void {
    if (this.#isIdle && this.#compare(theirs)) this.#due = "UNEQUAL";
  }

  /** The neighbour holds something else than we told; the difference, if there is one. */
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

  /** Writes its line, if one is due. All that is held must have been sent. */
  pull(out: ByteWriter): void {
    if (this.#due === undefined) return;
    const { count, fingerprint } = this.#store.digest();
    out.text(`${this.#due} ${count} ${fingerprint}\n`);
    if (this.#due === "CHECK") this.#askedAt = this.#store.merges;
    this.#due = undefined;
  }
}
