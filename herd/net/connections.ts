/**
 * Connections to a server's port: accepted, told apart by their first line,
 * served, closed.
 *
 * @module
 */
import { type Introduction, parsePeer } from "../core/wire/handshake.ts";
import { questionReply } from "../core/wire/message.ts";
import { connectionsOf } from "./accepting.ts";
import { type Bytes, sumOfBytes } from "./bytes_carried.ts";
import { Channel } from "./channel.ts";
import type { Refusal } from "./handshake.ts";
import { IdleWatch } from "./idle_watch.ts";
import { HeldInput } from "./held_input.ts";
import type { Address, Connection, TcpListener } from "./platform.ts";
import type { ServerParts } from "./server_parts.ts";
import type { Ports } from "./ways/ways.ts";

/** Milliseconds after which an unfinished first line is reported. */
const UNFINISHED_MS = 2_000;

export interface ConnectionsNeeds extends ServerParts {
  /**
   * Number of neighbours, which may link however many clients are connected.
   */
  readonly neighbours: number;
  /**
   * Serves a client until it closes.
   *
   * @param hasLine Whether its first line has arrived.
   */
  serveClient(channel: Channel, hasLine: boolean): Promise<void>;
  /** See `Peers.accept`. */
  acceptPeer(
    channel: Channel,
    introduction: Introduction | undefined,
    onProven: () => void,
  ): Promise<Refusal | undefined>;
}

export class Connections {
  readonly #ports: Ports;
  readonly #host: ConnectionsNeeds;
  readonly #channels = new Set<Channel>();
  /** Connections not yet known as client or neighbour, oldest first. */
  readonly #unknown = new Set<Channel>();
  readonly #input: HeldInput;
  readonly #idle: IdleWatch;
  #clients = 0;
  /** Bytes of connections that have ended. */
  #pastBytes = sumOfBytes([]);
  #isStopped = false;

  constructor(ports: Ports, host: ConnectionsNeeds) {
    this.#ports = ports;
    this.#host = host;
    this.#input = new HeldInput(
      host.limits.inputTotalBytesMax,
      () => host.limitLog.met("input-full"),
    );
    this.#idle = new IdleWatch(host);
  }

  get address(): Address {
    return this.#ports.main.addr;
  }

  get clients(): number {
    return this.#clients;
  }

  /** Bytes of all connections so far. */
  get bytes(): Bytes {
    return sumOfBytes([this.#pastBytes, ...this.#channels]);
  }

  start(): void {
    const { hostname, port } = this.address;
    const { connectionsMax } = this.#host.limits;
    this.#host.log.info("listening", { hostname, port, connectionsMax });
    this.#host.tasks.add(this.#accept(this.#ports.main, true));
    for (const { via, listener } of this.#ports.ways) {
      this.#host.log.info("listening-by", { via, ...listener.addr });
      this.#host.tasks.add(this.#accept(listener, false));
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#ports.close();
    this.#idle.stop();
    for (const channel of this.#channels) channel.close();
  }

  /** @param mayLink Whether neighbours may connect to this port too. */
  async #accept(listener: TcpListener, mayLink: boolean): Promise<void> {
    const onExhausted = (error: Error) =>
      this.#host.limitLog.met("accept-failed", { error: String(error) }, {
        level: "error",
      });
    const { clock } = this.#host;
    const conns = connectionsOf(clock, listener, onExhausted);
    for await (const conn of conns) {
      if (this.#isStopped) return conn.close();
      this.#add(conn, mayLink);
    }
  }

  /**
   * Only the first line shows whether a connection is a neighbour's. So a full
   * server still accepts some connections to read it: otherwise no lost link
   * could come back.
   */
  #add(conn: Connection, mayLink: boolean): void {
    const { connectionsMax, handshakesMax, lineBytesMax } = this.#host.limits;
    const max = connectionsMax + handshakesMax + this.#host.neighbours;
    if (this.#channels.size >= max && !this.#makeRoom()) {
      conn.close();
      return;
    }
    const { clock } = this.#host;
    const channel = new Channel(clock, conn, lineBytesMax, this.#input);
    this.#channels.add(channel);
    this.#unknown.add(channel);
    this.#host.tasks.add(this.#serve(channel, mayLink));
  }

  /** Closes the oldest unknown connection; returns whether there was one. */
  #makeRoom(): boolean {
    this.#tellFull();
    const [oldest] = this.#unknown;
    if (oldest === undefined) return false;
    this.#forget(oldest);
    return true;
  }

  get #isFull(): boolean {
    return this.#clients >= this.#host.limits.connectionsMax;
  }

  #tellFull(): void {
    this.#host.limitLog.met("too-many-connections", { clients: this.#clients });
  }

  #forget(channel: Channel): void {
    channel.close();
    this.#unknown.delete(channel);
    if (!this.#channels.delete(channel)) return;
    this.#pastBytes = sumOfBytes([this.#pastBytes, channel]);
  }

  async #serve(channel: Channel, mayLink: boolean): Promise<void> {
    const { address } = channel;
    const { clock, limits } = this.#host;
    const { firstLineMsMax, handshakeLineMsMax } = limits;
    // With no room for a client, allow only as long as a neighbour needs.
    const lineMsMax = this.#isFull
      ? Math.min(firstLineMsMax, handshakeLineMsMax)
      : firstLineMsMax;
    const timer = clock.after(lineMsMax, () => {
      this.#host.limitLog.met("first-line-late", { address });
      channel.close();
    });
    const unfinishedTimer = clock.after(
      UNFINISHED_MS,
      () => this.#tellUnfinished(channel),
    );
    try {
      const hasLine = await channel.nextLine() || channel.lastLine();
      timer.cancel();
      unfinishedTimer.cancel();
      const isPeer = mayLink && hasLine && channel.line.startsWith("PEER ");
      // Anybody may claim to be a neighbour, so it stays unknown until proven.
      if (!isPeer) this.#unknown.delete(channel);
      if (isPeer) await this.#servePeer(channel);
      else if (this.#isFull) this.#tellFull();
      else await this.#serveClient(channel, hasLine);
    } finally {
      timer.cancel();
      unfinishedTimer.cancel();
      this.#forget(channel);
      channel.free();
      this.#tellFailure(channel);
    }
  }

  #tellFailure({ address, failure: why }: Channel): void {
    if (why === undefined) return;
    const kind = `transport-failed ${why}`;
    this.#host.limitLog.met("transport-failed", { address, why }, { kind });
  }

  /** Reports clients that send no line feed and wait for a reply in vain. */
  #tellUnfinished({ address: client, lines }: Channel): void {
    const head = lines.unfinished;
    if (head === "") return;
    const kind = "line-unfinished";
    const isTold = this.#host.limitLog.met(kind, { client, head });
    if (isTold) this.#host.onEvent({ kind, client, head });
  }

  async #servePeer(channel: Channel): Promise<void> {
    const introduction = parsePeer(channel.line);
    const refusal = await this.#host.acceptPeer(
      channel,
      introduction,
      () => this.#unknown.delete(channel),
    );
    if (refusal === undefined) return;
    const { why, line } = refusal;
    const [event, level] = line === undefined
      ? ["handshake-dropped", "info"] as const
      : ["handshake-refused", "warn"] as const;
    // A client that dials without end would fill the log.
    const fields = { address: channel.address, ...refusal };
    const kind = `${event} ${why}`;
    this.#host.limitLog.met(event, fields, { kind, level });
    if (line !== undefined) await channel.closeGently(questionReply(line));
  }

  async #serveClient(channel: Channel, hasLine: boolean): Promise<void> {
    const client = channel.address;
    this.#clients++;
    this.#host.log.info("client-connected", { client });
    this.#idle.add(channel);
    try {
      await this.#host.serveClient(channel, hasLine);
    } finally {
      this.#idle.delete(channel);
      this.#clients--;
      this.#host.log.info("client-dropped", { client });
    }
  }
}
