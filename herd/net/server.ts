/**
 * A server of the herd: one port for clients and neighbours.
 *
 * @module
 */
import type { ByteString } from "../core/bytes.ts";
import type { Fix } from "../core/fix.ts";
import { parsePeer } from "../core/handshake.ts";
import { DEFAULT_LIMITS, type Limits } from "../core/limits.ts";
import { parseAtLine, questionReply, type Whatsat } from "../core/message.ts";
import { type Effects, Node, type NodeStats } from "../core/node.ts";
import type { Digest } from "../core/store.ts";
import type { SyncOutcome } from "../core/sync.ts";
import { Channel } from "./channel.ts";
import { type ClientHost, ClientSession } from "./client_session.ts";
import { nowMs } from "./clock.ts";
import { checkSecret } from "./handshake.ts";
import { type ServerLog, SILENT_LOG } from "./log.ts";
import { PlacesLookup, type PlacesOptions } from "./lookup.ts";
import { type LinkEvent, type Neighbour, Peers } from "./peers.ts";

/** How a server is set up. */
export interface ServerOptions {
  /** Its name in the herd. */
  readonly name: string;
  /** The address to listen on, by default `127.0.0.1`. */
  readonly hostname?: string;
  /** The port to listen on; 0 takes a free one. */
  readonly port: number;
  /** The servers that it is linked to. */
  readonly neighbours: readonly Neighbour[];
  /** The herd's secret: 64 hex digits or more, the same on all its servers. */
  readonly secret: string;
  /** What is allowed at most, where it is not the default. */
  readonly limits?: Partial<Limits>;
  /** Where places are looked up; without it every lookup fails, and says so. */
  readonly places?: PlacesOptions;
  /** Where it is written down; by default nowhere. */
  readonly log?: ServerLog;
  /** By default on; see {@linkcode Node}. */
  readonly echoCancellation?: boolean;
  /** Milliseconds since the epoch; by default {@linkcode nowMs}. */
  readonly clock?: () => number;
  /** Hears what happens. */
  readonly onEvent?: (event: ServerEvent) => void;
}

/** What a server tells of itself. */
export type ServerEvent =
  | LinkEvent
  | ({ readonly kind: "synced"; readonly peer: string } & SyncOutcome);

/** What a server has done since it was started, and what it has to do. */
export interface ServerStats extends NodeStats {
  /** Connections of clients that are open. */
  readonly clients: number;
  /** Links that are up. */
  readonly links: number;
  /** Clients whose fix is held. */
  readonly records: number;
  /** Fixes that wait to be sent to neighbours. */
  readonly queued: number;
}

/** What a server holds and what it has still to send. */
export interface ServerDigest extends Digest {
  /** Fixes that wait to be sent to neighbours. */
  readonly queued: number;
}

/** Milliseconds between a connection that could not be accepted and the next try. */
const ACCEPT_RETRY_MS = 50;

/** Someone who waits for a fix. */
interface Waiter {
  readonly fix: Fix;
  readonly resolve: () => void;
}

/** A server that is listening. */
export class Server implements AsyncDisposable {
  readonly #options: ServerOptions;
  readonly #limits: Limits;
  readonly #log: ServerLog;
  readonly #listener: Deno.TcpListener;
  readonly #node: Node<ClientSession>;
  readonly #peers: Peers;
  readonly #places: PlacesLookup;
  readonly #host: ClientHost;
  readonly #channels = new Set<Channel>();
  readonly #tasks = new Set<Promise<void>>();
  readonly #waiters = new Map<ByteString, Set<Waiter>>();
  #clients = 0;

  private constructor(options: ServerOptions, listener: Deno.TcpListener) {
    const log = options.log ?? SILENT_LOG;
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#log = log;
    this.#listener = listener;
    const { name, echoCancellation = true } = options;
    this.#node = new Node({ name, echoCancellation }, this.#effects());
    this.#places = new PlacesLookup(options.places);
    this.#peers = new Peers({
      name,
      neighbours: options.neighbours,
      secret: options.secret,
      limits: this.#limits,
      log,
      onEvent: (event) => options.onEvent?.(event),
    }, this.#node);
    this.#host = {
      limits: this.#limits,
      log,
      clock: options.clock ?? nowMs,
      onClientLine: (session, text, start, end, now) =>
        this.#node.onClientLine(session, text, start, end, now),
      flushPeers: () => this.#peers.flush(),
    };
  }

  /**
   * Starts a server. It listens when this resolves; its links come up by
   * themselves.
   *
   * @throws {Deno.errors.AddrInUse} If the port is taken.
   * @throws {RangeError} If the secret is not one.
   */
  static async start(options: ServerOptions): Promise<Server> {
    checkSecret(options.secret);
    const { hostname = "127.0.0.1", port } = options;
    const listener = await Promise.resolve(Deno.listen({ hostname, port }));
    const server = new Server(options, listener);
    server.#log.info("listening", { hostname, port: server.port });
    server.#track(server.#accept());
    server.#peers.start();
    return server;
  }

  /** Its name. */
  get name(): string {
    return this.#options.name;
  }

  /** The port that it listens on. */
  get port(): number {
    return this.#listener.addr.port;
  }

  /** Names of the neighbours whose link is up. */
  linked(): string[] {
    return this.#node.linked;
  }

  /** What it has done and has to do. */
  stats(): ServerStats {
    return {
      ...this.#node.stats,
      clients: this.#clients,
      links: this.#peers.count,
      records: this.#node.count,
      queued: this.#node.queued,
    };
  }

  /** What it holds, in short. */
  digest(): ServerDigest {
    return { ...this.#node.digest(), queued: this.#node.queued };
  }

  /** The AT line of each client's newest fix. */
  records(): ByteString[] {
    return Array.from(this.#node.fixes(), (fix) => fix.line);
  }

  /**
   * Whether it holds a fix, or a newer one of the same client.
   *
   * @throws {TypeError} If `at` is no AT line.
   */
  holds(at: ByteString): boolean {
    return this.#holds(fixOf(at));
  }

  #holds(fix: Fix): boolean {
    const held = this.#node.fix(fix.client);
    return held !== undefined && !fix.isNewerThan(held);
  }

  /**
   * Resolves as soon as it holds a fix, or a newer one of the same client.
   *
   * @throws {TypeError} If `at` is no AT line.
   */
  async whenHeld(at: ByteString, signal?: AbortSignal): Promise<void> {
    const fix = fixOf(at);
    if (this.#holds(fix)) return;
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter = { fix, resolve };
    const waiters = this.#waiters.get(fix.client) ?? new Set();
    this.#waiters.set(fix.client, waiters.add(waiter));
    const abort = () => reject(signal!.reason);
    signal?.addEventListener("abort", abort);
    try {
      await promise;
    } finally {
      signal?.removeEventListener("abort", abort);
      waiters.delete(waiter);
      if (waiters.size === 0) this.#waiters.delete(fix.client);
    }
  }

  /** Closes the port, all links and all connections. Nothing is left behind. */
  async stop(): Promise<void> {
    this.#listener.close();
    this.#places.close();
    for (const channel of this.#channels) channel.close();
    await this.#peers.stop();
    await Promise.all(this.#tasks);
    this.#log.info("stopped");
    this.#log.close();
  }

  /** As {@linkcode Server.stop}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #effects(): Effects<ClientSession> {
    return {
      reply: (session, text) => session.reply(text),
      lookup: (session, fix, query) => this.#lookup(session, fix, query),
      stored: (client, fix) => this.#wakeWaiters(client, fix),
      synced: (peer, outcome) => {
        this.#log.info("synced", { peer, ...outcome });
        this.#options.onEvent?.({ kind: "synced", peer, ...outcome });
      },
    };
  }

  /** The location is never withheld because places can't be had. */
  async #lookup(
    session: ClientSession,
    fix: Fix,
    { radiusKm, items }: Whatsat,
  ): Promise<void> {
    const { position } = fix.fields();
    const reply = session.reserve();
    const body = await this.#places.find({ position, radiusKm, items });
    session.settle(reply, `${fix.line}\n${body}\n\n`);
  }

  #wakeWaiters(client: ByteString, fix: Fix): void {
    if (this.#waiters.size === 0) return;
    for (const waiter of this.#waiters.get(client) ?? []) {
      if (!waiter.fix.isNewerThan(fix)) waiter.resolve();
    }
  }

  async #accept(): Promise<void> {
    for (;;) {
      const conn = await this.#nextConnection();
      if (conn === undefined) return;
      if (this.#channels.size >= this.#limits.connectionsMax) {
        conn.close();
        this.#log.warn("too-many-connections", { open: this.#channels.size });
        continue;
      }
      const channel = new Channel(conn, this.#limits.lineBytesMax);
      this.#channels.add(channel);
      this.#track(this.#serve(channel));
    }
  }

  /** The next connection; `undefined` when the port has been closed. */
  async #nextConnection(): Promise<Deno.TcpConn | undefined> {
    for (;;) {
      try {
        return await this.#listener.accept();
      } catch (error) {
        if (error instanceof Deno.errors.BadResource) return undefined;
        // Out of file descriptors, mostly: those who are connected go on.
        this.#log.error("accept-failed", { error: String(error) });
        await new Promise((resolve) => setTimeout(resolve, ACCEPT_RETRY_MS));
      }
    }
  }

  async #serve(channel: Channel): Promise<void> {
    const { address } = channel;
    const timer = setTimeout(() => {
      this.#log.warn("first-line-late", { address });
      channel.close();
    }, this.#limits.firstLineMsMax);
    try {
      const hasLine = await channel.nextLine();
      clearTimeout(timer);
      const isPeer = hasLine && channel.lines.line.startsWith("PEER ");
      if (isPeer) await this.#servePeer(channel);
      else await this.#serveClient(channel, hasLine);
    } finally {
      clearTimeout(timer);
      channel.close();
      this.#channels.delete(channel);
    }
  }

  async #servePeer(channel: Channel): Promise<void> {
    const introduction = parsePeer(channel.lines.line);
    const refusal = await this.#peers.accept(channel, introduction);
    if (refusal === undefined) return;
    const { address } = channel;
    this.#log.warn("handshake-refused", { address, ...refusal });
    if (refusal.line === undefined) return;
    await channel.write(questionReply(refusal.line));
    await channel.closeGently();
  }

  async #serveClient(channel: Channel, hasLine: boolean): Promise<void> {
    const client = channel.address;
    this.#clients++;
    this.#log.info("client-connected", { client });
    await new ClientSession(channel, this.#host).run(hasLine);
    this.#log.info("client-dropped", { client });
    this.#clients--;
  }

  #track(task: Promise<void>): void {
    this.#tasks.add(task);
    task.finally(() => this.#tasks.delete(task));
  }
}

function fixOf(at: ByteString): Fix {
  const fix = parseAtLine(at);
  if (fix === undefined) throw new TypeError(`Cannot read an AT line: ${at}`);
  return fix;
}
