/**
 * A server of the herd: one port for clients and neighbours.
 *
 * @module
 */
import type { ByteString } from "../core/bytes/bytes.ts";
import { Budget } from "./budget.ts";
import type { Durability } from "../core/durability.ts";
import type { Effects } from "../core/effects.ts";
import { lineText } from "../core/wire/fix.ts";
import { checkLimits, DEFAULT_LIMITS, type Limits } from "../core/limits.ts";
import { Node } from "../core/node.ts";
import type { ServerEvent } from "../core/server_event.ts";
import { tuned, type Tuning } from "../core/tuning.ts";
import { WriterPool } from "../core/bytes/writer_pool.ts";
import type {
  RecordAnswer,
  ServerDigest,
  ServerStats,
  ServerTrace,
} from "./account.ts";
import { sumOfBytes } from "./bytes_carried.ts";
import { type ClientHost, ClientSession } from "./client_session.ts";
import { Connections } from "./connections.ts";
import { checkSecret } from "./handshake.ts";
import { type GatewayHost, gatewayTo } from "./hub/gateway.ts";
import type { HubLink } from "./hub/hub_link.ts";
import { denoPlatform } from "./deno_platform.ts";
import { durabilityOf, Keeper } from "./keeper.ts";
import { lineEffects, unanswered } from "./line_effects.ts";
import { LimitLog } from "./limit_log.ts";
import { type ServerLog, SILENT_LOG } from "./log.ts";
import { NO_PLACES, PlacesLookup } from "./places/lookup.ts";
import { Peers } from "./peers.ts";
import type { Neighbour, PeersOptions } from "./peers_options.ts";
import { Search } from "./search.ts";
import { checkName, type ServerOptions } from "./server_options.ts";
import type { Platform } from "./platform.ts";
import { Tasks } from "./tasks.ts";
import { Ticker } from "./ticker.ts";
import { turnOf } from "./turn_of.ts";
import { nextTurn } from "./timing.ts";
import { Fairness } from "./fairness.ts";
import { timeAhead } from "./time_ahead.ts";
import { fixOf } from "./told_fix.ts";
import { FixWaiters } from "./waiters.ts";
import { openPorts, type Ports } from "./ways/ways.ts";

const NO_LOOKUPS = { ok: 0, failed: 0 };

export class Server implements AsyncDisposable {
  readonly #options: ServerOptions;
  readonly #platform: Platform;
  readonly #limits: Limits;
  readonly #tuning: Tuning;
  readonly #log: ServerLog;
  readonly #connections: Connections;
  readonly #node: Node<ClientSession>;
  readonly #peers: Peers;
  readonly #hub: HubLink | undefined;
  readonly #places: PlacesLookup | undefined;
  readonly #keeper: Keeper;
  readonly #tasks: Tasks;
  readonly #limitLog: LimitLog;
  readonly #fairness: Fairness;
  readonly #ticker: Ticker;
  readonly #waiters = new FixWaiters();
  readonly #search: Search;
  readonly #effects: Effects<ClientSession>;
  #trace: ServerTrace | undefined;
  #stopped: Promise<void> | undefined;

  private constructor(
    options: ServerOptions,
    platform: Platform,
    ports: Ports,
    limitLog: LimitLog,
  ) {
    const { clock } = platform;
    const log = options.log ?? SILENT_LOG;
    this.#options = options;
    this.#platform = platform;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#tuning = tuned(options.tuning);
    this.#limitLog = limitLog;
    this.#fairness = new Fairness(
      clock,
      options.plantedBug === "no-turns" ? Infinity : this.#limits.turnMsMax,
    );
    this.#log = log;
    this.#tasks = new Tasks(log, options.onBug);
    const durable = durabilityOf(options);
    this.#keeper = new Keeper({
      clock,
      log,
      tasks: this.#tasks,
      limits: this.#limits,
      tuning: this.#tuning,
      limitLog: this.#limitLog,
      flush: () => void this.#peers.flush(),
    }, durable);
    this.#ticker = new Ticker(clock, this.#tuning.tickMs, () => {
      const isMoreWanted = this.#node.tick();
      this.#peers.flush();
      return isMoreWanted;
    });
    this.#trace = options.trace;
    this.#effects = this.#makeEffects();
    this.#node = this.#makeNode(durable);
    const { places } = options;
    this.#places = places && new PlacesLookup(platform, places);
    this.#peers = new Peers(this.#linkHost(), this.#node);
    this.#hub = gatewayTo(options, this.#linkHost(), this.#node.outbox);
    this.#search = new Search(clock, {
      find: (client, end) => this.#node.find(client, end),
      flush: () => void this.#peers.flush(),
    }, this.#waiters);
    const host = this.#clientHost();
    this.#connections = new Connections(ports, {
      clock,
      neighbours: options.neighbours.length,
      limitLog: this.#limitLog,
      onUnfinished: (client, head) =>
        this.#tell({ kind: "line-unfinished", client, head }),
      limits: this.#limits,
      log,
      tasks: this.#tasks,
      serveClient: (channel, hasLine) =>
        new ClientSession(channel, host).run(hasLine),
      acceptPeer: (channel, introduction, onProven) =>
        this.#peers.accept(channel, introduction, onProven),
    });
  }

  /** What links need from the server, and the link to a hub. */
  #linkHost(): PeersOptions & GatewayHost {
    return {
      ...this.#options,
      platform: this.#platform,
      limits: this.#limits,
      tuning: this.#tuning,
      log: this.#log,
      limitLog: this.#limitLog,
      tasks: this.#tasks,
      fairness: this.#fairness,
      flush: () => void this.#peers.flush(),
      onSent: (fix, to, number) => this.#effects.sent?.(fix, to, number),
      onEvent: (event) => this.#tell(event),
      onConnection: (peer, connection, isOpen) =>
        this.#trace?.connection(peer, connection, isOpen),
    };
  }

  #makeNode(durable: Durability): Node<ClientSession> {
    const options = this.#options;
    const { name, mode = "flood", echoCancellation = true } = options;
    const [seed = 0] = new Int32Array(this.#platform.randomBytes(4).buffer);
    return new Node({
      name,
      seed,
      echoCancellation,
      mode,
      limits: this.#limits,
      tuning: this.#tuning,
      durable,
      hasJournal: options.dataDir !== undefined,
      ...options.hub && { hubHerd: options.hub.herd },
      ...options.places === undefined && { placesBody: NO_PLACES },
      ...options.plantedBug && { plantedBug: options.plantedBug },
    }, this.#effects);
  }

  /** What client sessions share. */
  #clientHost(): ClientHost {
    return {
      limits: this.#limits,
      log: this.#log,
      fairness: this.#fairness,
      limitLog: this.#limitLog,
      unsent: new Budget(this.#limits.unsentTotalBytesMax),
      buffers: new WriterPool(),
      clock: this.#platform.clock,
      onClientLine: (session, line, out, now) => {
        const before = this.#node.iamats;
        this.#node.onClientLine(session, line, out, now);
        if (this.#node.iamats !== before) this.#keeper.told();
      },
      beforeReplies: () => this.#peers.flush(),
      keeper: this.#keeper,
    };
  }

  /**
   * Starts a server. It listens when this resolves; its links come up by
   * themselves.
   *
   * @throws {Deno.errors.AddrInUse} If the port is taken.
   * @throws {RangeError} If the secret, the name or a limit is invalid.
   * @throws {TypeError} If the places have no HTTP address, or the server can't
   * provide the required durability.
   */
  static async start(options: ServerOptions): Promise<Server> {
    checkName(options.name);
    checkSecret(options.secret);
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    checkLimits(limits);
    const { hostname = "127.0.0.1", port, tls, ways, platform = denoPlatform } =
      options;
    const limitLog = new LimitLog(platform.clock, options.log ?? SILENT_LOG);
    const asked = { platform, hostname, port, tls, ways, limitLog };
    const ports = await openPorts({ ...asked, ...limits });
    try {
      const server = new Server(options, platform, ports, limitLog);
      await server.#keeper.open(server.#node, options, platform);
      server.#connections.start();
      server.#peers.start();
      server.#hub?.start();
      return server;
    } catch (error) {
      ports.close();
      throw error;
    }
  }

  get name(): string {
    return this.#options.name;
  }

  get port(): number {
    return this.#connections.address.port;
  }

  /** Names of the neighbours whose link is up. */
  linked(): string[] {
    return this.#node.linked;
  }

  /**
   * Changes the address at which a neighbour is dialled.
   *
   * @throws {RangeError} If there is no such neighbour.
   */
  readdress(neighbour: Neighbour): void {
    this.#peers.readdress(neighbour);
  }

  /**
   * Closes a link that was dialled at a former address, with `why` as the
   * reason.
   *
   * @returns Whether there was one.
   */
  redial(peer: string, why: string): Promise<boolean> {
    return this.#peers.redial(peer, why);
  }

  stats(): ServerStats {
    return {
      ...this.#node.stats,
      refused: Object.fromEntries(this.#node.refused),
      lookups: { ...this.#places?.outcomes ?? NO_LOOKUPS },
      lagMs: this.#peers.lagMs,
      ...sumOfBytes([this.#connections.bytes, this.#peers.dialledBytes]),
      clients: this.#connections.clients,
      links: this.#peers.count,
      records: this.#node.count,
      queued: this.#node.queued,
      longestQueue: this.#node.longestQueue,
      byLink: this.#peers.stats(),
      ...this.#hub && { hub: this.#hub.stats },
    };
  }

  /**
   * Sets who receives every fix from now on, if anybody. The current
   * connections of links are reported at once.
   */
  trace(trace: ServerTrace | undefined): void {
    this.#trace = trace;
    Object.assign(this.#effects, lineEffects(trace));
    this.#node.retrace();
    for (const [peer, connection] of this.#peers.connections()) {
      trace?.connection(peer, connection, true);
    }
  }

  /** Resolves when a digest is quick, however much has arrived recently. */
  async whenTidy(): Promise<void> {
    while (!this.#stopped && this.#node.tidy()) {
      await nextTurn(this.#platform.clock);
    }
  }

  digest(): ServerDigest {
    return { ...this.#node.digest(), queued: this.#node.queued };
  }

  /** The AT line of each client's newest fix. */
  records(): ByteString[] {
    return [...this.#node.lines()];
  }

  /**
   * The AT line that would answer a WHATSAT about a client, and how many links
   * gave no answer.
   */
  async record(client: ByteString): Promise<RecordAnswer> {
    const { fix, unanswered } = await this.#search.find(client);
    return { at: fix && lineText(fix), unanswered };
  }

  /**
   * Whether the server holds a fix, or a newer one of the same client.
   *
   * @throws {TypeError} If `at` is not an AT line.
   */
  holds(at: ByteString): boolean {
    return this.#node.holds(fixOf(at));
  }

  /**
   * Resolves as soon as the server holds a fix, or a newer one of the same
   * client; if updates stay where they were made, as soon as it finds one in
   * the herd.
   *
   * @throws {TypeError} If `at` is not an AT line.
   * @throws {Error} If the server is stopped first.
   */
  async whenHeld(at: ByteString, signal?: AbortSignal): Promise<void> {
    const fix = fixOf(at);
    if (this.#node.holds(fix)) return;
    signal?.throwIfAborted();
    if (this.#stopped) throw this.#stoppedError();
    const held = this.#waiters.wait(fix, signal);
    if (this.#options.mode === "ondemand") this.#search.look();
    await held;
  }

  /** Closes the port, links, connections and the log. May be called again. */
  stop(): Promise<void> {
    return this.#stopped ??= this.#stop();
  }

  async #stop(): Promise<void> {
    this.#ticker.stop();
    this.#search.stop();
    this.#places?.close();
    this.#peers.stop();
    this.#hub?.stop();
    this.#connections.stop();
    this.#waiters.fail(this.#stoppedError());
    await this.#keeper.stop();
    await this.#tasks.done();
    this.#limitLog.stop();
    this.#log.info("stopped");
    this.#log.close();
  }

  #stoppedError(): Error {
    return new Error(`Cannot wait for a fix: ${this.name} was stopped`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #makeEffects(): Effects<ClientSession> {
    return {
      ...lineEffects(this.#trace),
      reserve: (session, heldBytes) =>
        turnOf(session, heldBytes, this.#places, this.#tasks),
      arm: () => this.#ticker.arm(),
      limited: (limit) => this.#limitLog.met(limit),
      stored: (fix) => {
        this.#keeper.stored();
        this.#waiters.wake(fix);
      },
      marked: (answer) => this.#keeper.marked(answer),
      replicated: (group) => this.#keeper.replicated(group),
      synced: (peer, outcome) => {
        this.#log.info("synced", { peer, ...outcome });
        this.#peers.accounts.synced(peer, this.#platform.clock.nowMs());
        this.#tell({ kind: "synced", peer, ...outcome });
      },
      repairing: (peer, difference) => {
        this.#log.warn("sync-repair", { peer, ...difference });
        this.#peers.accounts.repaired(peer);
        this.#tell({ kind: "sync-repair", peer, ...difference });
      },
      unanswered: unanswered(this.#limitLog, () => this.#trace),
      timeAhead: timeAhead(this.#limitLog, (event) => this.#tell(event)),
    };
  }

  #tell(event: ServerEvent): void {
    const { onEvent } = this.#options;
    if (onEvent !== undefined) this.#tasks.guard(() => onEvent(event));
  }
}
