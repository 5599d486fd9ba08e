/**
 * One link that is up: passes lines between a channel and the node.
 *
 * @module
 */
import { type ByteString, byteString } from "../core/bytes/bytes.ts";
import type { Link } from "../core/link/link.ts";
import type { LinkWrong } from "../core/server_event.ts";
import { ByteWriter } from "../core/bytes/writer.ts";
import type { Bytes } from "./bytes_carried.ts";
import type { Channel } from "./channel.ts";
import type { ServerLog } from "./log.ts";
import type { Timer } from "./platform.ts";
import type { ServerParts } from "./server_parts.ts";
import { nextTurn } from "./timing.ts";
import type { Turn } from "./fairness.ts";

/** Bytes of an invalid line that are reported when it closes the link. */
const BAD_LINE_BYTES = 256;
/**
 * Milliseconds that a client's reply waits for a neighbour that does not read.
 */
const HANDOVER_MS_MAX = 50;

export type LinkNeeds = Pick<
  ServerParts,
  "clock" | "log" | "limitLog" | "fairness" | "tuning"
>;

export class PeerSession {
  readonly peer: ByteString;
  /** The server that opened the connection. */
  readonly initiator: ByteString;
  readonly link: Link;
  readonly #channel: Channel;
  readonly #host: LinkNeeds;
  readonly #log: ServerLog;
  readonly #turn: Turn;
  readonly #out = new ByteWriter();
  /** Bytes of it that the socket has not accepted yet. */
  #writingBytes = 0;
  /** Whether the sync can start without blocking the server. */
  #isReady = false;
  #isWriting = false;
  /** The neighbour has closed. What it wrote before can still be read. */
  #isGone = false;
  #writeBeganMs = 0;
  /** Resolved when everything queued now has been written. */
  #handover: PromiseWithResolvers<void> | undefined;
  #handoverTimer: Timer | undefined;
  /** Why this side has closed it. */
  #why: string | undefined;
  #wrong: LinkWrong | undefined;

  constructor(
    peer: ByteString,
    initiator: ByteString,
    channel: Channel,
    link: Link,
    host: LinkNeeds,
  ) {
    this.peer = peer;
    this.initiator = initiator;
    this.#channel = channel;
    this.link = link;
    this.#host = host;
    this.#log = host.log;
    this.#turn = host.fairness.join("links");
  }

  /** The connection's ID; see `connectionId`. */
  get connection(): string {
    return this.#channel.connection;
  }

  /** What the neighbour did wrong, if this side has closed it for that. */
  get wrong(): LinkWrong | undefined {
    return this.#wrong;
  }

  /** Bytes that the connection has carried, including the handshake. */
  get bytes(): Bytes {
    const { bytesIn, bytesOut } = this.#channel;
    return { bytesIn, bytesOut };
  }

  /**
   * Passes lines until the link goes down; returns why it did.
   *
   * @param onChunk Called after the lines of each chunk.
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
      this.#host.limitLog.met("turn-over", { peer: this.peer }, told);
      await this.#turn.next();
      await handle();
    };
    while (!this.#channel.isClosed && this.link.tidy()) {
      await nextTurn(this.#host.clock);
    }
    this.#isReady = true;
    await handle();
    await this.#channel.readAll(handle);
    this.#channel.close();
    return this.#why ?? this.#channel.failure ?? "connection lost";
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
      const why = this.link.onLine(lines.line);
      if (why !== undefined) {
        const line = lines.line.text.slice(0, BAD_LINE_BYTES);
        this.close(`${why}: ${line}`, why);
      }
    }
    turn.end(lines.place);
    if (this.#channel.isDry && lines.isRead) turn.rest();
  }

  /**
   * Starts writing what the node has for this neighbour.
   *
   * @returns What to wait for until all updates queued now were passed to the
   * socket; `undefined` if they were, or if waiting is not worth it.
   */
  flush(): Promise<void> | undefined {
    if (this.#isGone || !this.#isReady) return undefined;
    if (!this.#isWriting) this.#write();
    if (!this.#isWriting || !this.link.hasUpdates) return undefined;
    const writingMs = this.#host.clock.nowMs() - this.#writeBeganMs;
    if (writingMs > HANDOVER_MS_MAX) return undefined;
    this.#handover ??= Promise.withResolvers();
    this.#handoverTimer ??= this.#host.clock.after(
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

  /** The socket accepts what it can before `send` returns. */
  #write(): void {
    this.#out.clear();
    while (this.#out.length === 0) {
      if (this.#channel.isClosed || !this.link.hasOutput) {
        return this.#handOver();
      }
      this.link.pull(this.#out, this.#host.tuning.pullBytes);
    }
    if (this.#log.lines) this.#logOut(byteString(this.#out.bytes));
    this.#isWriting = true;
    this.#writeBeganMs = this.#host.clock.nowMs();
    this.#writingBytes = this.#out.length;
    this.#channel.send(this.#out.bytes, this.#onTaken);
    if (!this.link.hasUpdates) this.#handOver();
  }

  /** The socket has accepted `bytes` bytes; 0 if the neighbour has closed. */
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
    // Heartbeats would fill the log of an idle herd.
    const level = /^P[IO]NG /.test(line) ? "debug" : "info";
    this.#log[level](event, { peer: this.peer, line });
  }

  /** Closes the link because no line has ended on it for too long. */
  closeSilent(): void {
    const bytes = this.#channel.lines.unfinishedBytes;
    this.close(
      bytes === 0
        ? "nothing heard"
        : `no line ended in time: ${bytes} bytes of one came`,
      "silence",
    );
  }

  /** Closes the link. The first reason given counts. */
  close(why: string, wrong?: LinkWrong): void {
    if (this.#channel.isClosed) return;
    this.#why = why;
    this.#wrong = wrong;
    this.#channel.close();
  }
}
