/**
 * One link that is up: carries lines between a channel and the node.
 *
 * @module
 */
import { type ByteString, byteString } from "../core/bytes/bytes.ts";
import type { LinkClocks } from "../core/link/link_clocks.ts";
import type { LinkCounts } from "../core/link/link_hooks.ts";
import type { Line } from "../core/wire/line.ts";
import type { Tuning } from "../core/tuning.ts";
import { ByteWriter } from "../core/bytes/writer.ts";
import type { Bytes } from "./bytes_carried.ts";
import type { Channel } from "./channel.ts";
import type { LimitLog } from "./limit_log.ts";
import type { ServerLog } from "./log.ts";
import type { Clock, Timer } from "./platform.ts";
import { nextTurn } from "./timing.ts";
import type { Fairness, Turn } from "./fairness.ts";

/** Bytes of a line that are told when the link is closed for it. */
const BAD_LINE_BYTES = 256;
/** Milliseconds that a client's reply waits for a neighbour that takes nothing. */
const HANDOVER_MS_MAX = 50;

export interface NodeLink {
  readonly counts: LinkCounts;
  readonly hasOutput: boolean;
  readonly hasUpdates: boolean;
  /** Compares both ends' clocks by heartbeats, where anything does. */
  clocks?: LinkClocks | undefined;
  /** A neighbour's line; names what is wrong with it, if anything is. */
  onLine(line: Line): string | undefined;
  /** Prepares the start of a sync by a short step; whether it wants another one. */
  tidy(): boolean;
  /** Writes about `bytesMax` bytes of lines to send. */
  pull(out: ByteWriter, bytesMax: number): void;
  /** Once a second: `false` if the neighbour has stopped answering. */
  heartbeat(): boolean;
  /** It has gone down, and is used no more. */
  down(): void;
}

export interface LinkHost {
  readonly clock: Clock;
  readonly log: ServerLog;
  /** Where limits that are met are written down. */
  readonly limitLog: LimitLog;
  readonly fairness: Fairness;
  readonly tuning: Pick<Tuning, "pullBytes">;
}

export class PeerSession {
  readonly peer: ByteString;
  /** The server that opened the connection. */
  readonly initiator: ByteString;
  readonly #channel: Channel;
  readonly #link: NodeLink;
  readonly #clock: Clock;
  readonly #log: ServerLog;
  readonly #limitLog: LimitLog;
  readonly #turn: Turn;
  readonly #pullBytes: number;
  readonly #out = new ByteWriter();
  /** How much of it the socket has still to take. */
  #writingBytes = 0;
  /** Whether the sync can start without holding the server up. */
  #isReady = false;
  #isWriting = false;
  /** The neighbour has gone. What it had written before is still to be read. */
  #isGone = false;
  #writeBeganMs = 0;
  /** Wakes those who wait until what is queued now has been written. */
  #handover: PromiseWithResolvers<void> | undefined;
  #handoverTimer: Timer | undefined;
  #why = "connection lost";

  constructor(
    peer: ByteString,
    initiator: ByteString,
    channel: Channel,
    link: NodeLink,
    { clock, log, limitLog, fairness, tuning }: LinkHost,
  ) {
    this.peer = peer;
    this.initiator = initiator;
    this.#channel = channel;
    this.#link = link;
    this.#clock = clock;
    this.#log = log;
    this.#limitLog = limitLog;
    this.#turn = fairness.join("links");
    this.#pullBytes = tuning.pullBytes;
  }

  get link(): NodeLink {
    return this.#link;
  }

  /** Its connection; see `connectionId`. */
  get connection(): string {
    return this.#channel.connection;
  }

  /** Bytes that its connection has carried, the handshake's included. */
  get bytes(): Bytes {
    const { bytesIn, bytesOut } = this.#channel;
    return { bytesIn, bytesOut };
  }

  /**
   * Carries lines until the link goes down; tells why it did.
   *
   * @param onChunk Called when the lines of a chunk were handled.
   */
  async run(onChunk: () => void): Promise<string> {
    const { lines } = this.#channel;
    const handle = () => {
      this.#takeLines();
      if (lines.overlong !== undefined) this.close("line too long");
      if (!this.#channel.isClosed) onChunk();
      return this.#turn.isOver ? goOn() : undefined;
    };
    const goOn = async () => {
      const told = { kind: "turn-over link", level: "info" } as const;
      this.#limitLog.met("turn-over", { peer: this.peer }, told);
      await this.#turn.next();
      await handle();
    };
    while (!this.#channel.isClosed && this.#link.tidy()) {
      await nextTurn(this.#clock);
    }
    this.#isReady = true;
    await handle();
    await this.#channel.readAll(handle);
    this.#channel.close();
    return this.#why;
  }

  #takeLines(): void {
    const { lines } = this.#channel;
    const turn = this.#turn;
    turn.begin(lines.place);
    while (
      !this.#channel.isClosed && turn.mayGoOn(lines.place) && lines.next()
    ) {
      if (this.#log.lines) {
        this.#logLine("line-in", lines.line.text);
      }
      const why = this.#link.onLine(lines.line);
      if (why !== undefined) {
        this.close(`${why}: ${lines.line.text.slice(0, BAD_LINE_BYTES)}`);
      }
    }
    turn.end(lines.place);
    if (this.#channel.isDry && lines.isRead) turn.rest();
  }

  /**
   * Begins to write what the node has for this neighbour.
   *
   * @returns What to wait for until all updates that are queued now were given to
   * the socket; `undefined` if that is so already, or not worth waiting for.
   */
  flush(): Promise<void> | undefined {
    if (this.#isGone || !this.#isReady) return undefined;
    if (!this.#isWriting) this.#write();
    if (!this.#isWriting || !this.#link.hasUpdates) return undefined;
    const writingMs = this.#clock.nowMs() - this.#writeBeganMs;
    if (writingMs > HANDOVER_MS_MAX) return undefined;
    this.#handover ??= Promise.withResolvers();
    this.#handoverTimer ??= this.#clock.after(
      HANDOVER_MS_MAX,
      () => this.#handOver(),
    );
    return this.#handover.promise;
  }

  #handOver(): void {
    if (this.#handover === undefined) return;
    this.#handoverTimer?.cancel();
    this.#handoverTimer = undefined;
    this.#handover.resolve();
    this.#handover = undefined;
  }

  /** The socket takes what it can before `send` returns. */
  #write(): void {
    this.#out.clear();
    while (this.#out.length === 0) {
      if (this.#channel.isClosed || !this.#link.hasOutput) {
        return this.#handOver();
      }
      this.#link.pull(this.#out, this.#pullBytes);
    }
    if (this.#log.lines) this.#logOut(byteString(this.#out.bytes));
    this.#isWriting = true;
    this.#writeBeganMs = this.#clock.nowMs();
    this.#writingBytes = this.#out.length;
    this.#channel.send(this.#out.bytes, this.#onTaken);
    if (!this.#link.hasUpdates) this.#handOver();
  }

  /** The socket has taken so many bytes; 0 if the neighbour has gone. */
  readonly #onTaken = (bytes: number): void => {
    this.#writingBytes -= bytes;
    if (bytes > 0 && this.#writingBytes > 0) return;
    this.#isWriting = false;
    this.#isGone = bytes === 0;
    if (this.#isGone) this.#handOver();
    else this.#write();
  };

  #logOut(text: ByteString): void {
    for (const line of text.split("\n")) {
      if (line !== "") this.#logLine("line-out", line);
    }
  }

  #logLine(event: "line-in" | "line-out", line: ByteString): void {
    // An idle herd would fill its logs with what says no more than that it idles.
    const level = /^P[IO]NG /.test(line) ? "debug" : "info";
    this.#log[level](event, { peer: this.peer, line });
  }

  /** Takes the link down, for no line has ended on it for too long. */
  closeSilent(): void {
    const bytes = this.#channel.lines.unfinishedBytes;
    this.close(
      bytes === 0
        ? "nothing heard"
        : `no line ended in time: ${bytes} bytes of one came`,
    );
  }

  /** Takes the link down. The first reason given counts. */
  close(why: string): void {
    if (this.#channel.isClosed) return;
    this.#why = why;
    this.#channel.close();
  }
}
