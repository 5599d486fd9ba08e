/**
 * How a server learns that a neighbour holds what it was sent.
 *
 * Between updates it sends a mark: `MARK <number> <sum>`, with the sum of the
 * checksums of all updates since the mark before. A neighbour that gets the
 * same sum has them all, and answers `HELD <number> <sum>` once it holds them
 * as safely as what it acknowledges itself: on disk, if it has one. Otherwise
 * it answers `MISSED <number>`, and they are sent again. `MARK 0 00000000` says
 * that sums are needed from there on: without it, a neighbour does not add them
 * up.
 *
 * @module
 */
import type { ByteBlock } from "../bytes/block.ts";
import type { ByteString } from "../bytes/bytes.ts";
import { crc32 } from "../bytes/crc32.ts";
import type { ByteWriter } from "../bytes/writer.ts";
import type { Line } from "../wire/line.ts";
import type { MarkMessage, MissedMessage } from "../wire/link_message.ts";
import type { ClientQueue } from "./client_queue.ts";
import type { LinkWatcher } from "./link_watcher.ts";

/** Heartbeats without an answer after which a mark is sent again. */
const ANSWER_HEARTBEATS_MAX = 3;
/** Unanswered marks that are remembered, since an answer may still come. */
const OPEN_MAX = 8;
const SUM_DIGITS = 8;

/** A sum of checksums, modulo 2³². */
class UpdateSum {
  #sum = 0;

  /** Adds an update: its line, without a line feed. */
  add({ bytes }: ByteBlock, start: number, end: number): void {
    this.#sum = this.#sum + crc32(bytes, start, end) | 0;
  }

  /** Returns the sum in hex, and starts a new one. */
  take(): ByteString {
    const text = (this.#sum >>> 0).toString(16).padStart(SUM_DIGITS, "0");
    this.#sum = 0;
    return text;
  }
}

/** What the neighbour is to confirm. */
interface Wish {
  /** What was asked for; it includes all that was sent before. */
  readonly ticket: number;
  /** The mark is sent once the queue has passed this place. */
  readonly after: number;
}

/** A mark that was sent. */
interface Mark {
  readonly sum: ByteString;
  /** The ticket that an answer to it confirms. */
  readonly ticket: number;
}

/** The marks of one link at the end that asks. */
class Asker {
  readonly #sum = new UpdateSum();
  #number = -1;
  /** What the next mark confirms, and what was asked for since. */
  #wanted: Wish | undefined;
  #latest: Wish | undefined;
  /** Unanswered marks, by number. */
  readonly #open = new Map<number, Mark>();
  #isWaiting = false;
  #heartbeats = 0;

  /** Asks for confirmation of all updates queued so far, and of this ticket. */
  want(wish: Wish): void {
    this.#latest = wish;
    // Keep the first wish: where the queue is never empty, one that is
    // postponed is never reached.
    this.#wanted ??= wish;
  }

  /**
   * The place in the queue after which a mark is sent; `undefined`: none is.
   */
  get dueAfter(): number | undefined {
    if (this.#number < 0) return 0;
    return this.#isWaiting ? undefined : this.#wanted?.after;
  }

  /** Whether the neighbour knows that sums are needed. */
  get hasBegun(): boolean {
    return this.#number >= 0;
  }

  /** An update was written. */
  wrote(block: ByteBlock, start: number, end: number): void {
    this.#sum.add(block, start, end);
  }

  /** Writes a mark, if the queue has passed the place for one. */
  pull(out: ByteWriter, passed: number): void {
    const number = ++this.#number;
    const sum = this.#sum.take();
    out.text(`MARK ${number} ${sum}\n`);
    if (number === 0) return;
    if (this.#open.size === OPEN_MAX) {
      const [first] = this.#open.keys();
      this.#open.delete(first!);
    }
    const [wanted, latest] = [this.#wanted!, this.#latest!];
    const isAll = latest.after <= passed;
    this.#open.set(number, { sum, ticket: (isAll ? latest : wanted).ticket });
    this.#wanted = isAll ? undefined : latest;
    this.#isWaiting = true;
    this.#heartbeats = 0;
  }

  /** The ticket that an answer confirms; 0 if it confirms nothing. */
  onHeld(number: number, sum: ByteString): number {
    const mark = this.#open.get(number);
    if (mark === undefined || mark.sum !== sum) return 0;
    // An answer confirms all marks before it too.
    for (const other of this.#open.keys()) {
      if (other <= number) this.#open.delete(other);
    }
    if (number === this.#number) this.#isWaiting = false;
    return mark.ticket;
  }

  /**
   * The neighbour has missed updates; returns whether that is news. Whatever is
   * wanted must be asked for again, after the updates are sent again.
   */
  onMissed(number: number): boolean {
    if (!this.#open.delete(number)) return false;
    if (number === this.#number) this.#isWaiting = false;
    this.#wanted = undefined;
    return true;
  }

  /** Call it once a second; returns whether an answer is overdue. */
  heartbeat(): boolean {
    if (!this.#isWaiting) return false;
    if (++this.#heartbeats < ANSWER_HEARTBEATS_MAX) return false;
    this.#isWaiting = false;
    this.#wanted = undefined;
    return true;
  }
}

/**
 * The marks of one link: those of this server, if it asks, and the neighbour's.
 */
export class Marks {
  readonly #asker: Asker | undefined;
  readonly #watcher: Pick<LinkWatcher, "marked" | "held" | "missed">;
  readonly #say: (line: ByteString) => void;
  readonly #queue: Pick<ClientQueue, "size" | "passed" | "end">;
  /** The sum since the neighbour's last mark, once it has sent one. */
  #heard: UpdateSum | undefined;

  /** @param asks Whether this server asks for confirmation of what it sends. */
  constructor(
    asks: boolean,
    queue: Pick<ClientQueue, "size" | "passed" | "end">,
    watcher: Pick<LinkWatcher, "marked" | "held" | "missed">,
    say: (line: ByteString) => void,
  ) {
    this.#asker = asks ? new Asker() : undefined;
    this.#queue = queue;
    this.#watcher = watcher;
    this.#say = say;
  }

  /** See {@linkcode Link.want}. */
  want(ticket: number): void {
    this.#asker?.want({ ticket, after: this.#queue.end });
  }

  /** Whether a mark is to be sent now. */
  get isDue(): boolean {
    const after = this.#asker?.dueAfter;
    return after !== undefined && after <= this.#passed;
  }

  /** The place that the queue has passed: its end, if it is empty. */
  get #passed(): number {
    return this.#queue.size === 0 ? Infinity : this.#queue.passed;
  }

  /** Whether the neighbour has to be told first that there will be marks. */
  get isFirstDue(): boolean {
    return this.#asker?.hasBegun === false;
  }

  pull(out: ByteWriter): void {
    this.#asker?.pull(out, this.#passed);
  }

  /** An update was written; it begins at `start` and includes its line feed. */
  wrote(out: ByteWriter, start: number): void {
    this.#asker?.wrote(out.block, start, out.length - 1);
  }

  heard({ block, start, end }: Line): void {
    this.#heard?.add(block, start, end);
  }

  heartbeat(): void {
    if (this.#asker?.heartbeat()) this.#watcher.missed();
  }

  /** Handles a MARK, HELD or MISSED line of the neighbour. */
  onMessage(message: MarkMessage | MissedMessage): void {
    const { kind, number } = message;
    if (kind === "mark") this.#onMark(number, message.sum);
    else if (kind === "held") {
      const ticket = this.#asker?.onHeld(number, message.sum) ?? 0;
      if (ticket > 0) this.#watcher.held(ticket);
    } else if (this.#asker?.onMissed(number)) this.#watcher.missed();
  }

  #onMark(number: number, sum: ByteString): void {
    const isWhole = this.#heard?.take() === sum;
    this.#heard ??= new UpdateSum();
    if (number === 0) return;
    if (isWhole) this.#watcher.marked(`HELD ${number} ${sum}`);
    else this.#say(`MISSED ${number}`);
  }
}
