/**
 * Places for the handshakes that others begin: few at a time, so that half-open
 * ones cost little, and yet a neighbour gets its turn however many strangers
 * claim to be one.
 *
 * Each neighbour's name has places of its own. Where all are taken, the oldest
 * makes room once it has had its share of time; until then who comes waits in
 * line. So a crowd that opens a new connection for each that is closed delays a
 * neighbour by a moment, and never keeps it out.
 *
 * @module
 */
import type { Channel } from "./channel.ts";
import { nowMs } from "./clock.ts";
import type { ServerLog } from "./log.ts";

/** Milliseconds that a handshake keeps its place for, others waiting or not. */
const SHARE_MS = 50;
/** Who may wait, for each place: so the last of them waits for under two seconds. */
const WAITING_EACH_MAX = 32;
/** Milliseconds between two lines of the log about it: it may be a crowd. */
const TOLD_MS = 60_000;

/** Gives a place back; whether it had not been taken away to make room. */
export type Leave = () => boolean;

interface Pending {
  readonly channel: Channel;
  readonly sinceMs: number;
}

interface Waiting {
  readonly channel: Channel;
  readonly resolve: (leave: Leave | undefined) => void;
}

/** The places of one server. */
export class HandshakePlaces {
  readonly #turnstiles: ReadonlyMap<string, Turnstile>;
  readonly #log: ServerLog;
  /** Connections closed since that was told, and when it was. */
  #closed = 0;
  #toldMs = -Infinity;

  /**
   * All free.
   *
   * @param max How many handshakes are under way at most. They are shared out to
   * the neighbours, to each of them one at least.
   * @param log Is told of connections closed to make room, or for want of it.
   */
  constructor(max: number, neighbours: Iterable<string>, log: ServerLog) {
    const names = [...neighbours];
    const each = Math.max(1, Math.floor(max / names.length));
    this.#log = log;
    this.#turnstiles = new Map(
      names.map((
        name,
      ) => [name, new Turnstile(each, () => this.#onFull(name))]),
    );
  }

  #onFull(peer: string): void {
    this.#closed++;
    if (nowMs() - this.#toldMs < TOLD_MS) return;
    this.#log.warn("handshakes-full", { peer, closed: this.#closed });
    this.#toldMs = nowMs();
    this.#closed = 0;
  }

  /** Whether somebody claims to be this neighbour, and is yet to prove it. */
  isClaimed(peer: string): boolean {
    return this.#turnstiles.get(peer)?.isTaken === true;
  }

  /**
   * Waits for a place of a neighbour's name; gives nothing if too many wait, or
   * all has been stopped.
   */
  async enter(peer: string, channel: Channel): Promise<Leave | undefined> {
    return await this.#turnstiles.get(peer)?.enter(channel);
  }

  /** Nobody waits any more. */
  stop(): void {
    for (const turnstile of this.#turnstiles.values()) turnstile.stop();
  }
}

/** The places of one neighbour's name. */
class Turnstile {
  readonly #max: number;
  readonly #onFull: () => void;
  /** The oldest first. */
  readonly #pending = new Set<Pending>();
  readonly #waiting: Waiting[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(max: number, onFull: () => void) {
    this.#max = max;
    this.#onFull = onFull;
  }

  get isTaken(): boolean {
    return this.#pending.size > 0;
  }

  enter(channel: Channel): Promise<Leave | undefined> {
    const { promise, resolve } = Promise.withResolvers<Leave | undefined>();
    if (this.#waiting.length >= this.#max * WAITING_EACH_MAX) {
      this.#onFull();
      resolve(undefined);
    } else {
      this.#waiting.push({ channel, resolve });
      this.#admit();
    }
    return promise;
  }

  stop(): void {
    clearTimeout(this.#timer);
    for (const { resolve } of this.#waiting.splice(0)) resolve(undefined);
  }

  #admit(): void {
    clearTimeout(this.#timer);
    while (this.#waiting.length > 0) {
      if (this.#pending.size >= this.#max && !this.#makeRoom()) return;
      const { channel, resolve } = this.#waiting.shift()!;
      const pending = { channel, sinceMs: nowMs() };
      this.#pending.add(pending);
      resolve(() => {
        const hadIt = this.#pending.delete(pending);
        if (hadIt) this.#admit();
        return hadIt;
      });
    }
  }

  /** Whether there is room now; if not, it is seen to when there will be. */
  #makeRoom(): boolean {
    const [oldest] = this.#pending as Iterable<Pending>;
    if (oldest === undefined) return true;
    const leftMs = oldest.sinceMs + SHARE_MS - nowMs();
    if (leftMs > 0) {
      this.#timer = setTimeout(() => this.#admit(), Math.ceil(leftMs));
      return false;
    }
    this.#pending.delete(oldest);
    oldest.channel.close();
    this.#onFull();
    return true;
  }
}
