/**
 * How a server comes to know that a neighbour holds what it was sent.
 *
 * Between updates it sets a mark: `MARK <number> <sum>`, where the sum is that of
 * the checksums of all updates since the mark before. A neighbour that comes to
 * the same sum has them all, and answers `HELD <number> <sum>` when it holds them
 * as it holds what it acknowledges itself: on disk, if it has one. Else it answers
 * `MISSED <number>`, and is sent them again. `MARK 0 00000000` says that sums are
 * wanted from there on: where nobody asks, nobody adds up.
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
import type { LinkHooks } from "./link_hooks.ts";

/** Heartbeats without an answer after which a mark is set again. */
const ANSWER_HEARTBEATS_MAX = 3;
/** Marks without an answer that are remembered: it may still come. */
const OPEN_MAX = 8;
const SUM_DIGITS = 8;

/** A sum of checksums, modulo 2³². */
class UpdateSum {
  #sum = 0;

  /** Adds an update: its line, without a line feed. */
  add({ bytes }: ByteBlock, start: number, end: number): void {
    this.#sum = this.#sum + crc32(bytes, start, end) | 0;
  }

  /** The sum, in hex; the next one begins. */
  take(): ByteString {
    const text = (this.#sum >>> 0).toString(16).padStart(SUM_DIGITS, "0");
    this.#sum = 0;
    return text;
  }
}

/** What is to be held. */
interface Wish {
  /** What stands for it; all that was sent before is included. */
  readonly ticket: number;
  /** It is written once the queue has passed this place. */
  readonly after: number;
}

/** A mark that was set. */
interface Mark {
  readonly sum: ByteString;
  /** What is held if its updates are. */
  readonly ticket: number;
}

/** The marks of one link, at the end that asks. */
class Asker {
  readonly #sum = new UpdateSum();
  #number = -1;
  /** What the next mark stands for, and what has been asked for since. */
  #wanted: Wish | undefined;
  #latest: Wish | undefined;
  /** Marks that have no answer yet, by number. */
  readonly #open = new Map<number, Mark>();
  #isWaiting = false;
  #heartbeats = 0;

  /** All updates that are queued by now are to be held, and so is what this stands for. */
  want(wish: Wish): void {
    this.#latest = wish;
    // Where the queue is never empty, a wish that is put off is never reached.
    this.#wanted ??= wish;
  }

  /** Which place must be passed before a mark is set; `undefined`: none is due. */
  get dueAfter(): number | undefined {
    if (this.#number < 0) return 0;
    return this.#isWaiting ? undefined : this.#wanted?.after;
  }

  /** Whether the neighbour knows that sums are wanted. */
  get hasBegun(): boolean {
    return this.#number >= 0;
  }

  /** An update was written. */
  wrote(block: ByteBlock, start: number, end: number): void {
    this.#sum.add(block, start, end);
  }

  /** Sets a mark, where the queue has passed this place. */
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

  /** What the neighbour holds by its answer; 0 if that says nothing. */
  onHeld(number: number, sum: ByteString): number {
    const mark = this.#open.get(number);
    if (mark === undefined || mark.sum !== sum) return 0;
    // What has come before it is held as well.
    for (const other of this.#open.keys()) {
      if (other <= number) this.#open.delete(other);
    }
    if (number === this.#number) this.#isWaiting = false;
    return mark.ticket;
  }

  /**
   * The neighbour has not got all; whether that is news. What is wanted must be
   * asked for anew then, behind what is sent again.
   */
  onMissed(number: number): boolean {
    if (!this.#open.delete(number)) return false;
    if (number === this.#number) this.#isWaiting = false;
    this.#wanted = undefined;
    return true;
  }

  /** Once a second; whether an answer is so late that it may never come. */
  heartbeat(): boolean {
    if (!this.#isWaiting) return false;
    if (++this.#heartbeats < ANSWER_HEARTBEATS_MAX) return false;
    this.#isWaiting = false;
    this.#wanted = undefined;
    return true;
  }
}

/** The marks of one link: those of this server, if it asks, and the neighbour's. */
export class Marks {
  readonly #asker: Asker | undefined;
  readonly #hooks: Pick<LinkHooks, "marked" | "held" | "missed">;
  readonly #say: (line: ByteString) => void;
  readonly #queue: Pick<ClientQueue, "size" | "passed" | "end">;
  /** What came since the neighbour's last mark, once it has set one. */
  #heard: UpdateSum | undefined;

  /** None is set yet; whether this server asks at all, of what it queues. */
  constructor(
    asks: boolean,
    queue: Pick<ClientQueue, "size" | "passed" | "end">,
    hooks: Pick<LinkHooks, "marked" | "held" | "missed">,
    say: (line: ByteString) => void,
  ) {
    this.#asker = asks ? new Asker() : undefined;
    this.#queue = queue;
    this.#hooks = hooks;
    this.#say = say;
  }

  /** See `Link.want`. */
  want(ticket: number): void {
    this.#asker?.want({ ticket, after: this.#queue.end });
  }

  /** Whether a mark is to be set now. */
  get isDue(): boolean {
    const after = this.#asker?.dueAfter;
    return after !== undefined && after <= this.#passed;
  }

  /** What of the queue is passed; all of it, where nobody waits. */
  get #passed(): number {
    return this.#queue.size === 0 ? Infinity : this.#queue.passed;
  }

  /** Whether it is to be said first that there will be marks. */
  get isFirstDue(): boolean {
    return this.#asker?.hasBegun === false;
  }

  /** Sets a mark. */
  pull(out: ByteWriter): void {
    this.#asker?.pull(out, this.#passed);
  }

  /** An update was written, which begins at `start`; its line feed too. */
  wrote(out: ByteWriter, start: number): void {
    this.#asker?.wrote(out.block, start, out.length - 1);
  }

  /** An update has come. */
  heard({ block, start, end }: Line): void {
    this.#heard?.add(block, start, end);
  }

  /** Once a second. */
  heartbeat(): void {
    if (this.#asker?.heartbeat()) this.#hooks.missed();
  }

  /** A line of the neighbour's that is about marks. */
  onMessage(message: MarkMessage | MissedMessage): void {
    const { kind, number } = message;
    if (kind === "mark") this.#onMark(number, message.sum);
    else if (kind === "held") {
      const ticket = this.#asker?.onHeld(number, message.sum) ?? 0;
      if (ticket > 0) this.#hooks.held(ticket);
    } else if (this.#asker?.onMissed(number)) this.#hooks.missed();
  }

  #onMark(number: number, sum: ByteString): void {
    const isWhole = this.#heard?.take() === sum;
    this.#heard ??= new UpdateSum();
    if (number === 0) return;
    if (isWhole) this.#hooks.marked(`HELD ${number} ${sum}`);
    else this.#say(`MISSED ${number}`);
  }
}
