/**
 * A server's links: both ends dial, one connection stays, and a lost link is
 * redialled.
 *
 * @module
 */
import type { ByteString } from "../core/bytes/bytes.ts";
import { linkLineBytesMax } from "../core/limits.ts";
import type { Introduction } from "../core/wire/handshake.ts";
import type { Node } from "../core/node.ts";
import type { LinkStats } from "./account.ts";
import { type Bytes, sumOfBytes } from "./bytes_carried.ts";
import { Channel } from "./channel.ts";
import { initiate, type Refusal, respond } from "./handshake.ts";
import { HandshakePlaces } from "./handshake_places.ts";
import { LinkAccounts, type LiveLink } from "./link_accounts.ts";
import { beginning } from "./log.ts";
import { PeerSession } from "./peer_session.ts";
import type { Neighbour } from "./neighbour.ts";
import type { ServerOptions } from "./server_options.ts";
import type { ServerParts } from "./server_parts.ts";
import { ClockCompare } from "./clock_compare.ts";
import { connectLink } from "./connect_link.ts";
import { randomPart, type Timer, TransportFailed } from "./platform.ts";
import { Backoff, Sleepers } from "./redial.ts";
import { every } from "./timing.ts";

/** Bytes of an unexpected answer that are reported. */
const ANSWER_BYTES_MAX = 80;

/** Options of a server's links. */
export interface PeersOptions extends
  ServerParts,
  Pick<
    ServerOptions,
    "name" | "secret" | "neighbours" | "tls" | "plantedBug" | "onClocks"
  > {}

/** A connection that this server has opened. */
interface Dialled {
  readonly channel: Channel;
  /** The neighbour, with the address that was dialled. */
  readonly neighbour: Neighbour;
  readonly over: Promise<void>;
}

export class Peers {
  readonly #options: PeersOptions;
  readonly #node: Pick<Node<unknown>, "onLinkUp">;
  readonly #neighbours: Map<string, Neighbour>;
  readonly #sessions = new Map<string, PeerSession>();
  readonly accounts: LinkAccounts;
  /** Neighbours that this server is dialling. */
  readonly #dialling = new Set<string>();
  /** Failed dials of which the reason is known, since its link was last up. */
  readonly #failures = new Map<string, number>();
  /** Incoming handshakes. */
  readonly #places: HandshakePlaces;
  /** Connections opened by this server, by neighbour. */
  readonly #dialled = new Map<string, Dialled>();
  /** Unfinished lines of former connections, if that bug is planted. */
  readonly #halves: Map<string, ByteString> | undefined;
  /** Bytes of connections opened by this server that have ended. */
  #pastBytes = sumOfBytes([]);
  readonly #sleepers: Sleepers;
  #heartbeatTimer: Timer | undefined;
  #heartbeatMs = 0;
  #lagMs = 0;
  readonly #stopping = new AbortController();

  constructor(options: PeersOptions, node: Pick<Node<unknown>, "onLinkUp">) {
    this.#options = options;
    this.#node = node;
    if (options.plantedBug === "half-line-kept") this.#halves = new Map();
    this.#neighbours = new Map(options.neighbours.map((it) => [it.name, it]));
    this.#sleepers = new Sleepers(options.platform.clock);
    this.accounts = new LinkAccounts(this.#neighbours.keys());
    this.#places = new HandshakePlaces(
      options.platform.clock,
      options.limits.handshakesMax,
      this.#neighbours.keys(),
      options.limitLog,
    );
  }

  get #lineBytesMax(): number {
    return linkLineBytesMax(this.#options.limits);
  }

  get count(): number {
    return this.#sessions.size;
  }

  /** The connections of links, by neighbour; see `connectionId`. */
  connections(): [peer: string, connection: string][] {
    return [...this.#sessions].map(([peer, it]) => [peer, it.connection]);
  }

  stats(): LinkStats[] {
    return this.accounts.stats((peer) => this.#live(peer));
  }

  #live(peer: string): LiveLink | undefined {
    const session = this.#sessions.get(peer);
    return session && { ...session.link.counts, ...session.bytes };
  }

  /** Adds the counters of a link's connection to its account. */
  #settle(peer: string): void {
    const live = this.#live(peer);
    if (live !== undefined) this.accounts.over(peer, live);
  }

  /** Bytes of all connections that this server has opened. */
  get dialledBytes(): Bytes {
    const channels = [...this.#dialled.values()].map(({ channel }) => channel);
    return sumOfBytes([this.#pastBytes, ...channels]);
  }

  start(): void {
    const { clock } = this.#options.platform;
    this.#heartbeatMs = clock.nowMs();
    const { heartbeatMs } = this.#options.tuning;
    this.#heartbeatTimer = every(clock, heartbeatMs, () => this.#heartbeat());
    for (const peer of this.#neighbours.keys()) {
      this.#options.tasks.add(this.#keepDialling(peer));
    }
  }

  /**
   * Changes the address at which a neighbour is dialled. A link that is up
   * stays as it is; see {@linkcode Peers.redial}.
   *
   * @throws {RangeError} If there is no such neighbour.
   */
  readdress(neighbour: Neighbour): void {
    const { name: peer } = neighbour;
    if (!this.#neighbours.has(peer)) {
      throw new RangeError(`Cannot readdress ${peer}: it is no neighbour`);
    }
    this.#neighbours.set(peer, neighbour);
  }

  /**
   * Closes a connection dialled at a neighbour's former address, and dials the
   * new one. Resolves when the old one is down.
   *
   * @param why The reason reported for the link that goes down.
   * @returns Whether there was such a connection.
   */
  async redial(peer: string, why: string): Promise<boolean> {
    const dialled = this.#dialled.get(peer);
    const isStale = dialled !== undefined &&
      dialled.neighbour !== this.#neighbours.get(peer);
    if (!isStale) return false;
    const session = this.#sessions.get(peer);
    if (session?.initiator === this.#options.name) {
      session.close(why);
    }
    dialled.channel.close();
    await dialled.over;
    return true;
  }

  /** Closes all links, and lets the background tasks end. */
  stop(): void {
    this.#stopping.abort();
    this.#places.stop();
    this.#heartbeatTimer?.cancel();
    for (const session of this.#sessions.values()) session.close("stopped");
    for (const { channel } of this.#dialled.values()) channel.close();
    this.#sleepers.stop();
  }

  /**
   * Starts writing what the node has for its neighbours.
   *
   * @returns What to wait for until everything queued now was passed to the
   * sockets; `undefined` if it was.
   */
  flush(): Promise<unknown> | undefined {
    let waits: Promise<void>[] | undefined;
    for (const session of this.#sessions.values()) {
      const wait = session.flush();
      if (wait !== undefined) (waits ??= []).push(wait);
    }
    return waits && Promise.all(waits);
  }

  /**
   * Serves a connection whose first line was a PEER line, until it ends.
   *
   * @param onProven Called once the neighbour has proved its identity.
   * @returns Why it was refused, if it was.
   */
  async accept(
    channel: Channel,
    introduction: Introduction | undefined,
    onProven: () => void,
  ): Promise<Refusal | undefined> {
    const { name } = this.#options;
    const line = channel.line;
    if (introduction === undefined) return { why: "not a PEER line", line };
    const { from, to } = introduction;
    if (to !== name) return { why: "meant for another server", line };
    if (!this.#neighbours.has(from)) return { why: "not a neighbour", line };
    const collision = () => this.#collision(from);
    const why = collision();
    if (why !== undefined) return { why };
    const leave = this.#places.enter(from, channel);
    // A neighbour with a valid proof need not make room any more.
    const admit = () => {
      if (!leave()) return "made room";
      onProven();
      return collision();
    };
    const refusal = await respond(
      channel,
      introduction,
      admit,
      this.#options,
    );
    const madeRoom = !leave() && channel.isClosed;
    if (refusal !== undefined) return madeRoom ? undefined : refusal;
    channel.lines.lineBytesMax = this.#lineBytesMax;
    channel.leaveShared();
    await this.#serve(from, from, channel);
    return undefined;
  }

  /**
   * If both ends have dialled, the connection of the server whose name sorts
   * first stays; so that server refuses the other one.
   */
  #collision(peer: string): string | undefined {
    const { name, plantedBug } = this.#options;
    if (plantedBug === "both-connections") return undefined;
    const isOurs = this.#dialling.has(peer) ||
      this.#sessions.get(peer)?.initiator === name;
    return isOurs && name < peer ? "linked already" : undefined;
  }

  async #keepDialling(peer: string): Promise<void> {
    const { platform, platform: { clock }, tuning, plantedBug } = this.#options;
    const backoff = new Backoff(tuning);
    while (!this.#stopping.signal.aborted) {
      const beganMs = clock.nowMs();
      // The neighbour's own dial is likely to finish first. Wait a moment for
      // it, but not longer: anybody can claim to be the neighbour.
      if (this.#places.isClaimed(peer)) {
        await this.#sleepers.sleep(peer, tuning.redialMsMin);
      }
      if (this.#sessions.has(peer)) await this.#sleepers.sleep(peer);
      else await this.#dial(this.#neighbours.get(peer)!);
      const tookMs = clock.nowMs() - beganMs;
      const backoffMs = backoff.afterMs(tookMs, randomPart(platform));
      const waitMs = plantedBug === "redial-not-woken" ? undefined : backoffMs;
      if (!this.#sessions.has(peer)) await this.#sleepers.sleep(peer, waitMs);
    }
  }

  /** Dials once; if the link comes up, serves it until it is down. */
  async #dial(neighbour: Neighbour): Promise<void> {
    const peer = neighbour.name;
    const { signal } = this.#stopping;
    const conn = await connectLink(neighbour, this.#options, signal);
    if (conn === undefined) return;
    if (conn instanceof TransportFailed) {
      return this.#onDialFailed(peer, conn.message);
    }
    const { platform } = this.#options;
    const channel = new Channel(platform.clock, conn, this.#lineBytesMax);
    const isStale = this.#neighbours.get(peer) !== neighbour;
    if (
      signal.aborted || this.#sessions.has(peer) || isStale
    ) {
      channel.close();
      return;
    }
    const over = this.#initiate(peer, channel);
    this.#dialled.set(peer, { channel, neighbour, over });
    await over;
    channel.close();
    this.#dialled.delete(peer);
    this.#pastBytes = sumOfBytes([this.#pastBytes, channel]);
  }

  async #initiate(peer: string, channel: Channel): Promise<void> {
    const { name, limitLog, onEvent } = this.#options;
    this.#dialling.add(peer);
    const names = { from: name, to: peer };
    const refusal = await initiate(channel, names, this.#options);
    this.#dialling.delete(peer);
    if (refusal === undefined) {
      await this.#serve(peer, name, channel);
    } else if (refusal.line === undefined) {
      this.#onDialFailed(peer, refusal.why);
    } else {
      const { why, line } = refusal;
      // Another program may occupy a neighbour's port for days.
      const kind = `link-refused ${peer}`;
      limitLog.met("link-refused", { peer, why, line }, { kind });
      const answer = beginning(line, ANSWER_BYTES_MAX);
      const failures = this.#countFailure(peer);
      onEvent({ kind: "link-refused", peer, why, answer, failures });
    }
  }

  #countFailure(peer: string): number {
    const failures = (this.#failures.get(peer) ?? 0) + 1;
    this.#failures.set(peer, failures);
    return failures;
  }

  #onDialFailed(peer: string, why: string): void {
    if (this.#stopping.signal.aborted || this.#sessions.has(peer)) return;
    const { log, limitLog, onEvent } = this.#options;
    // Two dials have crossed, see #collision; the other one continues.
    if (why === "closed before the challenge" && peer < this.#options.name) {
      return log.debug("dial-failed", { peer, why });
    }
    const failures = this.#countFailure(peer);
    // A neighbour may be unreachable for days.
    const telling = { kind: `dial-failed ${peer}`, level: "info" } as const;
    limitLog.met("dial-failed", { peer, why, failures }, telling);
    onEvent({ kind: "dial-failed", peer, why, failures });
  }

  /** Serves a link that has just come up, until it goes down. */
  async #serve(
    peer: string,
    initiator: string,
    channel: Channel,
  ): Promise<void> {
    const { platform, log, onEvent, onConnection, plantedBug } = this.#options;
    if (channel.isClosed) return;
    const before = this.#sessions.get(peer);
    this.#settle(peer);
    this.#failures.delete(peer);
    onConnection(peer, channel.connection, true);
    const session = new PeerSession(
      peer,
      initiator,
      channel,
      this.#node.onLinkUp(peer),
      this.#options,
    );
    const { onClocks } = this.#options;
    if (onClocks !== undefined) {
      session.link.clocks = new ClockCompare(
        platform.clock,
        (difference) => onClocks(peer, difference),
      );
    }
    this.#sessions.set(peer, session);
    if (before === undefined) {
      this.accounts.up(peer);
      log.info("link-up", { peer, initiator });
      onEvent({ kind: "link-up", peer });
    } else if (plantedBug !== "both-connections") before.close("replaced");
    this.flush();
    const half = this.#halves?.get(peer);
    if (half) channel.lines.begin(half);
    const why = await session.run(() => this.flush());
    this.#halves?.set(peer, channel.lines.unfinished);
    onConnection(peer, channel.connection, false);
    if (this.#sessions.get(peer) !== session) return;
    this.#settle(peer);
    this.#sessions.delete(peer);
    session.link.down();
    log.info("link-down", { peer, why });
    const { wrong } = session;
    onEvent({ kind: "link-down", peer, why, ...wrong && { wrong } });
    this.#sleepers.linkDown(peer);
  }

  /** By how many milliseconds the last heartbeat was late. */
  get lagMs(): number {
    return this.#lagMs;
  }

  #heartbeat(): void {
    const { platform: { clock }, tuning: { heartbeatMs } } = this.#options;
    const nowMs = clock.nowMs();
    this.#lagMs = Math.max(0, nowMs - this.#heartbeatMs - heartbeatMs);
    this.#heartbeatMs = nowMs;
    for (const session of this.#sessions.values()) {
      if (!session.link.heartbeat()) session.closeSilent();
    }
    this.flush();
  }
}
