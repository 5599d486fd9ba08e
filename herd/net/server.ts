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
import { checkLimits, DEFAULT_LIMITS } from "../core/limits.ts";
import { Node } from "../core/node.ts";
import type { ServerEvent } from "../core/server_event.ts";
import { tuned } from "../core/tuning.ts";
import { WriterPool } from "../core/bytes/writer_pool.ts";
import type {
  RecordAnswer,
  ServerDigest,
  ServerStats,
  ServerTrace,
} from "./account.ts";
import { sumOfBytes } from "./bytes_carried.ts";
import { type ClientNeeds, ClientSession } from "./client_session.ts";
import { Connections } from "./connections.ts";
import { checkSecret } from "./handshake.ts";
import defer * as gateways from "./hub/gateway.ts";
import type { HubLink } from "./hub/hub_link.ts";
import { denoPlatform } from "./deno_platform.ts";
import { durabilityOf, Keeper } from "./keeper.ts";
import { lineEffects } from "./line_effects.ts";
import { LimitLog } from "./limit_log.ts";
import { SILENT_LOG } from "./log.ts";
import defer * as lookups from "./places/lookup.ts";
import { NO_PLACES } from "./places/no_places.ts";
import { Peers } from "./peers.ts";
import type { Neighbour } from "./neighbour.ts";
import { Search } from "./search.ts";
import { checkName, type ServerOptions } from "./server_options.ts";
import type { ServerParts } from "./server_parts.ts";
import { Tasks } from "./tasks.ts";
import { Ticker } from "./ticker.ts";
import { turnOf } from "./turn_of.ts";
import { nextTurn } from "./timing.ts";
import { Fairness } from "./fairness.ts";
import { fixOf, toldClient } from "./told_fix.ts";
import { FixWaiters } from "./waiters.ts";
import { openPorts, type Ports } from "./ways/ways.ts";

const NO_LOOKUPS = { ok: 0, failed: 0 };

export class Server implements AsyncDisposable {
  readonly #options: ServerOptions;
  readonly #parts: ServerParts;
  readonly #connections: Connections;
  readonly #node: Node<ClientSession>;
  readonly #peers: Peers;
  readonly #hub: HubLink | undefined;
  readonly #places: lookups.PlacesLookup | undefined;
  readonly #keeper: Keeper;
  readonly #ticker: Ticker;
  readonly #waiters = new FixWaiters();
  readonly #search: Search;
  readonly #effects: Effects<ClientSession>;
  #trace: ServerTrace | undefined;
  #stopped: Promise<void> | undefined;

  private constructor(
    options: ServerOptions,
    given: Pick<ServerParts, "platform" | "limits" | "log" | "limitLog">,
    ports: Ports,
  ) {
    this.#options = options;
    this.#parts = this.#makeParts(given);
    const { clock, limits, tuning } = this.#parts;
    const durable = durabilityOf(options);
    this.#keeper = new Keeper(this.#parts, durable);
    this.#ticker = new Ticker(clock, tuning.tickMs, () => {
      const isMoreWanted = this.#node.tick();
      this.#peers.flush();
      return isMoreWanted;
    });
    this.#trace = options.trace;
    this.#effects = this.#makeEffects();
    this.#node = this.#makeNode(durable);
    const { places, hub } = options;
    this.#places = places && new lookups.PlacesLookup(given.platform, places);
    this.#peers = new Peers({ ...options, ...this.#parts }, this.#node);
    const { outbox } = this.#node;
    this.#hub = hub && outbox &&
      gateways.gatewayTo(hub, options, this.#parts, outbox);
    this.#search = new Search(this.#parts, this.#node, this.#waiters);
    const host: ClientNeeds = {
      ...this.#parts,
      unsent: new Budget(limits.unsentTotalBytesMax),
      buffers: new WriterPool(),
      onClientLine: (session, line, out, now) => {
        const before = this.#node.iamats;
        this.#node.onClientLine(session, line, out, now);
        if (this.#node.iamats !== before) this.#keeper.told();
      },
      keeper: this.#keeper,
    };
    this.#connections = new Connections(ports, {
      ...this.#parts,
      neighbours: options.neighbours.length,
      serveClient: (channel, hasLine) =>
        new ClientSession(channel, host).run(hasLine),
      acceptPeer: (channel, introduction, onProven) =>
        this.#peers.accept(channel, introduction, onProven),
    });
  }

  #makeParts(
    given: Pick<ServerParts, "platform" | "limits" | "log" | "limitLog">,
  ): ServerParts {
    const { plantedBug, tuning, onBug } = this.#options;
    const { platform: { clock }, limits, log } = given;
    const turnMs = plantedBug === "no-turns" ? Infinity : limits.turnMsMax;
    return {
      ...given,
      clock,
      tuning: tuned(tuning),
      tasks: new Tasks(log, onBug),
      fairness: new Fairness(clock, turnMs),
      flush: () => this.#peers.flush(),
      onEvent: (event) => this.#tell(event),
      onConnection: (peer, connection, isOpen) =>
        this.#trace?.connection(peer, connection, isOpen),
      onSent: (fix, to, number) => this.#effects.sent?.(fix, to, number),
    };
  }

  #makeNode(durable: Durability): Node<ClientSession> {
    const options = this.#options;
    const { platform, limits, tuning } = this.#parts;
    const { name, mode = "flood", echoCancellation = true } = options;
    const [seed = 0] = new Int32Array(platform.randomBytes(4).buffer);
    return new Node({
      name,
      seed,
      echoCancellation,
      mode,
      limits,
      tuning,
      durable,
      hasJournal: options.dataDir !== undefined,
      ...options.hub && { hubHerd: options.hub.herd },
      ...options.places === undefined && { placesBody: NO_PLACES },
      ...options.plantedBug && { plantedBug: options.plantedBug },
    }, this.#effects);
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
    const { hostname = "127.0.0.1", port, tls, ways } = options;
    const { platform = denoPlatform, log = SILENT_LOG } = options;
    const limitLog = new LimitLog(platform.clock, log);
    const asked = { platform, hostname, port, tls, ways, limitLog };
    const ports = await openPorts({ ...asked, ...limits });
    try {
      const given = { platform, limits, log, limitLog };
      const server = new Server(options, given, ports);
      await server.#keeper.open(server.#node, options);
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
      await nextTurn(this.#parts.clock);
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
    const { tasks, limitLog, log } = this.#parts;
    await tasks.done();
    limitLog.stop();
    log.info("stopped");
    log.close();
  }

  #stoppedError(): Error {
    return new Error(`Cannot wait for a fix: ${this.name} was stopped`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #makeEffects(): Effects<ClientSession> {
    const { clock, log, limitLog, tasks } = this.#parts;
    return {
      ...lineEffects(this.#trace),
      reserve: (session, heldBytes) =>
        turnOf(session, heldBytes, this.#places, tasks),
      arm: () => this.#ticker.arm(),
      limited: (limit) => limitLog.met(limit),
      stored: (fix) => {
        this.#keeper.stored();
        this.#waiters.wake(fix);
      },
      marked: (answer) => this.#keeper.marked(answer),
      replicated: (group) => this.#keeper.replicated(group),
      synced: (peer, outcome) => {
        log.info("synced", { peer, ...outcome });
        this.#peers.accounts.synced(peer, clock.nowMs());
        this.#tell({ kind: "synced", peer, ...outcome });
      },
      repairing: (peer, difference) => {
        log.warn("sync-repair", { peer, ...difference });
        this.#peers.accounts.repaired(peer);
        this.#tell({ kind: "sync-repair", peer, ...difference });
      },
      unanswered: (client, links) => {
        limitLog.met("query-unanswered", { client, links });
        this.#trace?.unanswered(client, links);
      },
      // A correct fix could not replace such a one: so it is reported, though it
      // is accepted.
      timeAhead: (fix, aheadMs) => {
        const kind = "time-ahead";
        const client = toldClient(fix);
        const isTold = limitLog.met(kind, { client, aheadMs });
        if (isTold) this.#tell({ kind, client, aheadMs });
      },
    };
  }

  #tell(event: ServerEvent): void {
    const { onEvent } = this.#options;
    if (onEvent !== undefined) this.#parts.tasks.guard(() => onEvent(event));
  }
}
