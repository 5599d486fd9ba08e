/**
 * A client's connection: commands in, replies out in the same order.
 *
 * @module
 */
import { type ByteString, byteString } from "../core/bytes/bytes.ts";
import { type Instant, instantOfMs } from "../core/bytes/decimal.ts";
import type { Line } from "../core/wire/line.ts";
import { isWebRequest, questionReply } from "../core/wire/message.ts";
import { type PendingReply, Replies } from "../core/bytes/replies.ts";
import type { ByteWriter } from "../core/bytes/writer.ts";
import type { WriterPool } from "../core/bytes/writer_pool.ts";
import type { Budget } from "./budget.ts";
import type { Channel } from "./channel.ts";
import { type Keeper, WITHHELD } from "./keeper.ts";
import type { Turn } from "./fairness.ts";
import type { ServerParts } from "./server_parts.ts";

/** What a client's connection needs from its server. */
export interface ClientNeeds extends
  Pick<
    ServerParts,
    "clock" | "limits" | "log" | "limitLog" | "fairness" | "flush"
  > {
  /** Unsent replies of all connections. */
  readonly unsent: Budget;
  /** Buffers for replies, shared by all connections. */
  readonly buffers: WriterPool;
  /** Carries out a line; its reply is written to `out`, or comes later. */
  onClientLine(
    session: ClientSession,
    line: Line,
    out: ByteWriter,
    now: Instant,
  ): void;
  /** What acknowledgements have to wait for in addition. */
  readonly keeper: Pick<Keeper, "isDurable" | "kept">;
}

export class ClientSession {
  readonly #channel: Channel;
  readonly #host: ClientNeeds;
  readonly #turn: Turn;
  readonly #replies: Replies;
  /** The buffer being written, and how much of it is left. */
  #writing: ByteWriter | undefined;
  #writingBytes = 0;
  /** Bytes of memory last reported to the shared budget. */
  #heldBytes = 0;
  /** Whether the line that showed it to be a client has still to be handled. */
  #hasLine = false;
  /** Whether replies are held back, until neighbours were written to. */
  #isHeld = false;
  /** Whether settled replies have still to be written. */
  #isWriteDue = false;
  /** Resolved at each progress of a write or a lookup. */
  #progress: PromiseWithResolvers<void> | undefined;

  constructor(channel: Channel, host: ClientNeeds) {
    this.#channel = channel;
    this.#host = host;
    this.#replies = new Replies(host.buffers);
    this.#turn = host.fairness.join("clients");
  }

  get address(): string {
    return this.#channel.address;
  }

  /**
   * Reserves the place of a reply that comes later, and `heldBytes` until then.
   */
  reserve(heldBytes = 0): PendingReply {
    return this.#replies.reserve(heldBytes);
  }

  /**
   * Sends a reply whose place was reserved. Replies settled in a row leave in
   * one write: the answer of a shared lookup settles many.
   */
  settle(reply: PendingReply, text: ByteString): void {
    if (this.#host.log.lines) this.#logOut(text);
    this.#replies.settle(reply, text);
    if (this.#isWriteDue) return;
    this.#isWriteDue = true;
    queueMicrotask(this.#writeSettled);
  }

  readonly #writeSettled = (): void => {
    this.#isWriteDue = false;
    this.#write();
    this.#progressed();
  };

  #logOut(text: ByteString): void {
    const line = text.slice(0, text.indexOf("\n"));
    const bytes = text.length;
    this.#host.log.info("line-out", { client: this.address, line, bytes });
  }

  /**
   * Serves the client until it closes, or breaks a limit.
   *
   * @param hasLine Whether the channel's current line has still to be handled.
   */
  async run(hasLine: boolean): Promise<void> {
    const channel = this.#channel;
    try {
      this.#hasLine = hasLine;
      await this.#onChunk();
      await channel.readAll(this.#onChunk);
      const first = this.#replies.place();
      if (channel.lines.overlong !== undefined) this.#refuse();
      else if (channel.lastLine()) this.#onLine(this.#now());
      await this.#finish(first);
    } finally {
      channel.close();
      this.#replies.drop();
      this.#noteUnsent();
    }
  }

  /** Handles a chunk; returns what to wait for before the next one is read. */
  readonly #onChunk = (): Promise<void> | undefined => {
    const handover = this.#work(this.#channel.askedBytes);
    const isDone = handover === undefined && !this.#mustWait;
    return isDone ? undefined : this.#catchUp(handover);
  };

  /**
   * Handles lines until none is left, too many lookups are under way, too much
   * is unsent (a short question may have a long answer), or it is the others'
   * turn.
   */
  #takeLines(): void {
    const { lines } = this.#channel;
    const turn = this.#turn;
    const now = this.#now();
    if (this.#hasLine) {
      this.#hasLine = false;
      this.#onLine(now);
    }
    while (!this.#isLookupsFull) {
      const place = this.#place;
      // Unsent bytes are checked as seldom as the clock, because that costs as
      // much.
      if (turn.isDue(place)) {
        if (this.#isUnsentFull || !turn.mayGoOn(place)) return;
      }
      if (!lines.next()) return;
      this.#onLine(now);
    }
  }

  /**
   * Bytes of input and output so far; a short question may have a long answer.
   */
  get #place(): number {
    return this.#channel.lines.place + this.#replies.bytes;
  }

  /** Handles lines and sends replies, which counts as work too. */
  #work(askedBytes?: number): Promise<void> | undefined {
    this.#turn.begin(this.#place, askedBytes);
    const first = this.#host.keeper.isDurable ? this.#replies.place() : 0;
    this.#takeLines();
    const place = this.#place;
    const handover = this.#sendAll(first);
    this.#turn.end(place);
    return handover;
  }

  async #catchUp(handover: Promise<void> | undefined): Promise<void> {
    await handover;
    while (this.#mustWait) {
      if (this.#isLookupsFull) await this.#lookupsBelowMax();
      else if (this.#isUnsentFull) await this.#unsentBelowMax();
      if (this.#turn.isOver) await this.#nextTurn();
      if (this.#channel.isClosed) return;
      await this.#work();
    }
  }

  async #nextTurn(): Promise<void> {
    const fields = { client: this.address };
    this.#host.limitLog.met("turn-over", fields, { level: "info" });
    await this.#turn.next();
  }

  /**
   * Whether reading must pause. Lines of a chunk may be left although there is
   * room again, which was made while neighbours were written to. If all lines
   * are done it reads on, whoever's turn it is: there may be nothing to wait
   * for.
   */
  get #mustWait(): boolean {
    return this.#isLookupsFull || this.#isUnsentFull ||
      !this.#channel.lines.isRead;
  }

  #now(): Instant {
    return instantOfMs(this.#host.clock.wallMs());
  }

  #onLine(now: Instant): void {
    const { lines } = this.#channel;
    const { line } = lines;
    const { out } = this.#replies;
    if (!this.#host.log.lines) {
      this.#host.onClientLine(this, line, out, now);
    } else this.#logLine(line, out, now);
    if (line.common === undefined && isWebRequest(line)) {
      this.#host.limitLog.met("web-request", { client: this.address });
      lines.end();
    }
  }

  #logLine(line: Line, out: ByteWriter, now: Instant): void {
    this.#host.log.info("line-in", { client: this.address, line: line.text });
    const before = out.length;
    this.#host.onClientLine(this, line, out, now);
    const reply = byteString(out.bytes.subarray(before));
    if (reply !== "") this.#logOut(reply);
  }

  get #isLookupsFull(): boolean {
    return this.#replies.pending >= this.#host.limits.lookupsPerConnectionMax;
  }

  async #lookupsBelowMax(): Promise<void> {
    this.#host.limitLog.met("lookups-full", { client: this.address });
    while (this.#isLookupsFull && !this.#channel.isClosed) {
      await this.#nextProgress();
    }
  }

  #refuse(): void {
    const head = this.#channel.lines.overlong!;
    this.#host.limitLog.met("line-too-long", { client: this.address, head });
    const reply = questionReply(head);
    if (this.#host.log.lines) this.#logOut(reply);
    this.#replies.out.text(reply);
  }

  /** Sends all replies that are still due, and closes. */
  async #finish(first: number): Promise<void> {
    await this.#sendAll(first);
    while (this.#isUnfinished && !this.#channel.isClosed) {
      await this.#nextProgress();
    }
    this.#noteUnsent();
    await this.#channel.closeGently();
  }

  /** Whether replies have still to come or to be sent. */
  get #isUnfinished(): boolean {
    return this.#writing !== undefined || this.#replies.pending > 0 ||
      this.#replies.bytes > 0;
  }

  /**
   * Sends what may be sent: to neighbours first, so that a client that asks the
   * next server as soon as it has its reply finds its update there. Reading
   * continues meanwhile: replies from `first` on wait until their fixes are
   * durable.
   */
  #sendAll(first: number): Promise<void> | undefined {
    const handover = this.#host.flush();
    const kept = this.#host.keeper.isDurable
      ? this.#host.keeper.kept()
      : undefined;
    if (kept !== undefined) void this.#sendKept(kept, first);
    if (handover !== undefined) return this.#sendAfter(handover);
    this.#write();
    return undefined;
  }

  async #sendAfter(handover: Promise<unknown>): Promise<void> {
    this.#isHeld = true;
    await handover;
    this.#isHeld = false;
    this.#write();
  }

  async #sendKept(kept: Promise<unknown>, first: number): Promise<void> {
    const hold = this.#replies.hold(first);
    if (await kept === WITHHELD) return this.#withhold();
    this.#replies.release(hold);
    this.#write();
    this.#progressed();
  }

  /** What the replies acknowledge may be lost, so the client gets none. */
  #withhold(): void {
    this.#host.limitLog.met("durable-late", { client: this.address });
    this.#channel.close();
    this.#progressed();
  }

  get #isUnsentFull(): boolean {
    const unsentBytes = this.#noteUnsent();
    return unsentBytes > this.#host.limits.unsentBytesMax ||
      this.#host.unsent.isTooMuch(unsentBytes);
  }

  /**
   * Reports the memory held to the shared budget; returns how much is unsent.
   */
  #noteUnsent(): number {
    const heldBytes = this.#replies.capacity + (this.#writing?.capacity ?? 0);
    if (heldBytes !== this.#heldBytes) {
      this.#host.unsent.change(this.#heldBytes, heldBytes);
      this.#heldBytes = heldBytes;
    }
    return this.#replies.bytes + this.#writingBytes;
  }

  /** Waits while too much is unsent. */
  async #unsentBelowMax(): Promise<void> {
    const isOwn = this.#noteUnsent() > this.#host.limits.unsentBytesMax;
    this.#host.limitLog.met(isOwn ? "unsent-full" : "unsent-total-full", {
      client: this.address,
    });
    while (this.#isUnsentFull && !this.#channel.isClosed) {
      await this.#nextProgress();
    }
  }

  /**
   * Waits for progress of a write or a lookup; closes if the client reads
   * nothing for too long. A lookup has a timeout of its own.
   */
  async #nextProgress(): Promise<void> {
    const { clock, limits } = this.#host;
    const stall = () => {
      this.#host.limitLog.met("stalled", { client: this.address });
      this.#channel.close();
      this.#progressed();
    };
    const timer = this.#writing &&
      clock.after(limits.unsentStallMsMax, stall);
    this.#progress ??= Promise.withResolvers();
    await this.#progress.promise;
    timer?.cancel();
  }

  #progressed(): void {
    this.#progress?.resolve();
    this.#progress = undefined;
  }

  readonly #writeReady = (): void => this.#write();

  /**
   * Sends what is ready, unless a write is under way or replies are held back.
   */
  #write(): void {
    if (this.#writing !== undefined || this.#isHeld) return;
    const ready = this.#replies.take();
    if (ready === undefined) return;
    this.#writing = ready;
    this.#writingBytes = ready.length;
    this.#channel.send(ready.bytes, this.#onTaken);
  }

  /** The socket has accepted `bytes` bytes; 0 if the client has gone. */
  readonly #onTaken = (bytes: number): void => {
    this.#writingBytes -= bytes;
    if (bytes === 0) {
      this.#replies.recycle(this.#writing!);
      this.#writing = undefined;
      this.#channel.close();
    } else if (this.#writingBytes === 0) {
      this.#replies.recycle(this.#writing!);
      this.#writing = undefined;
      if (this.#replies.bytes > 0) this.#turn.charge(this.#writeReady);
    }
    this.#noteUnsent();
    this.#progressed();
  };
}
