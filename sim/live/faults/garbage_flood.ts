/**
 * Hostile clients that flood servers at a given rate with lines that are not of
 * the protocol, whatever the answers are.
 *
 * @module
 */
import { DEFAULT_LIMITS } from "../../../herd/core/limits.ts";
import type { Via } from "../../../herd/core/wire/via.ts";
import { Channel } from "../../../herd/net/channel.ts";
import type { Platform } from "../../../herd/net/platform.ts";
import { delay } from "../../../herd/net/timing.ts";
import { dial } from "../../../herd/net/ways/dial.ts";
import { type Garbage, garbage } from "../../model/faults/garbage.ts";
import { keptVisit, type Visit } from "../../model/faults/visit.ts";
import type { Random } from "../../model/random.ts";
import type { Door } from "../servers/connect_client.ts";
import { type VisitHearer, Visitor, wrongText } from "./visitor.ts";
import { webSocketVisit } from "./web_socket_visit.ts";

/** The interval of sending what is due. */
const TICK_MS = 5;
/** How long to wait for replies after the last piece was sent. */
const LAST_REPLY_MS = 5_000;
/** One piece in so many by WebSocket is a greeting, or frames, of its own. */
const FRAMES_EVERY = 4;
/** One in so many is a connection that is kept, if there are such. */
const KEPT_EVERY = 2;

export interface FloodOptions {
  readonly platform: Platform;
  /** Pieces a second, of all clients together. */
  readonly ratePerSecond: number;
  /** Infinity: until it is stopped. */
  readonly durationMs: number;
  /** Connections at a time. */
  readonly clients: number;
  readonly upNow: () => readonly string[];
  /** The transport; plain TCP by default. */
  readonly via?: Via;
  /** Whether clients open connections and keep them, too. */
  readonly holds?: boolean;
  readonly doorOf: (server: string) => Door;
  readonly neighboursOf: (server: string) => readonly string[];
  /** Draws what is sent, and to which server. */
  readonly random: Random;
}

/** The results of a flood. */
export interface GarbageResult {
  /** Pieces that were sent. */
  readonly sent: number;
  /** Those that were answered as they must be. */
  readonly refused: number;
  /** Answers that servers must not give. */
  readonly wrong: readonly string[];
  /** Connections that were kept. */
  readonly kept: number;
  /** Those of them that servers closed. */
  readonly closed: number;
}

export class GarbageFlood {
  /**
   * Resolves when it has ended and all replies have arrived, or are too late.
   */
  readonly over: Promise<GarbageResult>;
  readonly #options: FloodOptions;
  readonly #result = {
    sent: 0,
    refused: 0,
    wrong: [] as string[],
    kept: 0,
    closed: 0,
  };
  /** The connection of each client, while it has one. */
  readonly #clients: (HostileClient | undefined)[];
  readonly #open = new Set<HostileClient | Visitor>();
  readonly #stopped = new AbortController();

  constructor(options: FloodOptions) {
    this.#options = options;
    this.#clients = Array.from({ length: options.clients });
    this.over = this.#run();
  }

  /** Pieces that were sent so far. */
  get touched(): number {
    return this.#result.sent;
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.over;
  }

  async #run(): Promise<GarbageResult> {
    const { platform, ratePerSecond, durationMs, upNow } = this.#options;
    const { clock } = platform;
    const { signal } = this.#stopped;
    const total = Math.max(1, Math.round(ratePerSecond * durationMs / 1_000));
    const startMs = clock.nowMs();
    for (let begun = 0; begun < total && !signal.aborted;) {
      const due = 1 +
        (clock.nowMs() - startMs) * ratePerSecond / 1_000;
      const up = upNow();
      for (; begun < Math.min(Math.floor(due), total); begun++) this.#send(up);
      await this.#tick();
    }
    const lateMs = clock.nowMs() + LAST_REPLY_MS;
    while (
      this.#isWaiting() && !signal.aborted &&
      clock.nowMs() < lateMs
    ) {
      await this.#tick();
    }
    await Promise.all([...this.#open].map((client) => client.close()));
    return this.#result;
  }

  async #tick(): Promise<void> {
    const { clock } = this.#options.platform;
    await delay(clock, TICK_MS, this.#stopped.signal).catch(() => {});
  }

  #isWaiting(): boolean {
    return [...this.#open].some((client) => client.isWaiting);
  }

  #send(up: readonly string[]): void {
    const { random, via } = this.#options;
    // Always drawn, so that a run draws the same whichever servers are up.
    const piece = garbage(random, via);
    const slot = random.below(this.#clients.length);
    const choice = random.fraction();
    const server = up[Math.floor(choice * up.length)];
    if (this.#isVisit()) {
      this.#visit(server, this.#drawVisit(server));
      return;
    }
    let client = this.#clients[slot];
    if (client === undefined || client.isOver) {
      if (server === undefined) return;
      client = this.#connect(server);
    }
    this.#clients[slot] = piece.ends === undefined ? client : undefined;
    this.#result.sent++;
    client.send(piece);
  }

  #isVisit(): boolean {
    const { random, via, holds } = this.#options;
    return holds && random.below(KEPT_EVERY) === 0 ||
      via === "ws" && random.below(FRAMES_EVERY) === 0;
  }

  #visit(server: string | undefined, visit: Visit): void {
    const { platform, doorOf } = this.#options;
    if (server === undefined) return;
    this.#result.sent++;
    if (visit.isKept) this.#result.kept++;
    const { address } = doorOf(server);
    const hearer = this.#hearerOf(server);
    this.#add(new Visitor(platform, address, visit, hearer));
  }

  #drawVisit(server = ""): Visit {
    const { random, via, holds, neighboursOf } = this.#options;
    const isKept = holds && (via !== "ws" || random.below(2) === 0);
    return isKept
      ? keptVisit(random, server, server === "" ? [] : neighboursOf(server))
      : webSocketVisit(random);
  }

  #add(client: HostileClient | Visitor): void {
    this.#open.add(client);
    void client.over.then(() => this.#open.delete(client));
  }

  #connect(server: string): HostileClient {
    const { platform, doorOf } = this.#options;
    const hearer = this.#hearerOf(server);
    const client = new HostileClient(platform, doorOf(server), hearer);
    this.#add(client);
    return client;
  }

  #hearerOf(server: string): VisitHearer {
    return {
      onAnswered: () => this.#result.refused++,
      onWrong: (what) => this.#result.wrong.push(`${server}: ${what}`),
      onClosed: () => this.#result.closed++,
    };
  }
}

/** One connection of a hostile client. It does not mind if its server dies. */
class HostileClient {
  readonly over: Promise<void>;
  isOver = false;
  readonly #hearer: VisitHearer;
  readonly #due: string[] = [];
  readonly #closing = new AbortController();
  readonly #channel: Promise<Channel | undefined>;
  #written: Promise<unknown>;
  #endsAfterReplies = false;

  constructor(
    platform: Platform,
    { address, options }: Door,
    hearer: VisitHearer,
  ) {
    const { clock } = platform;
    this.#hearer = hearer;
    const { signal } = this.#closing;
    this.#channel = dial(address, platform, { ...options, signal }).then(
      (conn) => new Channel(clock, conn, DEFAULT_LIMITS.lineBytesMax),
      () => undefined,
    );
    this.#written = this.#channel;
    this.over = this.#read().finally(() => this.isOver = true);
  }

  get isWaiting(): boolean {
    return !this.isOver && this.#due.length > 0;
  }

  send({ bytes, reply, ends }: Garbage): void {
    if (reply !== undefined) this.#due.push(reply);
    if (ends === "replied") this.#endsAfterReplies = true;
    this.#written = this.#written.then(async () => {
      const channel = await this.#channel;
      await channel?.writeText(bytes);
      if (ends === "sent") channel?.close();
    });
  }

  async close(): Promise<void> {
    // A server that is paused takes a dial, and never answers it.
    this.#closing.abort();
    (await this.#channel)?.close();
    await Promise.all([this.#written, this.over]);
  }

  async #read(): Promise<void> {
    const channel = await this.#channel;
    if (channel === undefined) return;
    while (await channel.nextLine()) {
      const due = this.#due.shift();
      if (due === channel.line) this.#hearer.onAnswered();
      else this.#hearer.onWrong(wrongText(channel.line, due));
      if (this.#endsAfterReplies && this.#due.length === 0) break;
    }
    channel.close();
  }
}
