/**
 * Places for the handshakes that others begin: few at a time, so that half-open
 * ones cost little, and yet a neighbour gets its turn however many strangers
 * claim to be one.
 *
 * Each neighbour's name has places of its own. Where all are taken, the oldest
 * makes room once it has had its share of time; until then who comes waits in
 * line. The longer the line, the smaller the share, so that the last of them
 * waits for a moment only: a crowd that opens a new connection for each that
 * is closed delays a neighbour by a moment, and never keeps it out.
 *
 * @module
 */
import type { Channel } from "./channel.ts";
import { nowMs } from "./clock.ts";
import type { LimitLog } from "./limit_log.ts";

/** Milliseconds that a handshake keeps its place for, few waiting or none. */
const SHARE_MS_MAX = 50;
/** Milliseconds that are enough, on one machine, for who can prove itself. */
const SHARE_MS_MIN = 5;
/** Milliseconds that the last in line waits for; on a busy machine, longer. */
const WAIT_MS_MAX = 1_000;
/** Who may wait, for each place. */
const WAITING_EACH_MAX = WAIT_MS_MAX / SHARE_MS_MIN;

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

  /**
   * All free.
   *
   * @param max How many handshakes are under way at most. They are shared out to
   * the neighbours, to each of them one at least.
   * @param limitLog Is told of connections closed to make room.
   */
  constructor(max: number, neighbours: Iterable<string>, limitLog: LimitLog) {
    const names = [...neighbours];
    const each = Math.max(1, Math.floor(max / names.length));
    const turnstile = (peer: string) =>
      new Turnstile(each, () => {
        const kind = `handshakes-full ${peer}`;
        limitLog.met("handshakes-full", { peer }, { kind });
      });
    this.#turnstiles = new Map(names.map((name) => [name, turnstile(name)]));
  }

  /** Whether somebody claims to be this neighbour, and is yet to prove it. */
  isClaimed(peer: string): boolean {
    return this.#turnstiles.get(peer)?.isTaken === true;
  }

  /**
   * Waits for a place of a neighbour's name; gives nothing if too many have come
   * since, or all has been stopped.
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
    this.#waiting.push({ channel, resolve });
    this.#admit();
    // Who has waited for longest is the likeliest to have given up.
    if (this.#waiting.length > this.#max * WAITING_EACH_MAX) {
      this.#waiting.shift()!.resolve(undefined);
      this.#onFull();
    }
    return promise;
  }

  /** Milliseconds that a handshake keeps its place for, as many wait now. */
  get #shareMs(): number {
    const fairMs = WAIT_MS_MAX * this.#max / this.#waiting.length;
    return Math.max(SHARE_MS_MIN, Math.min(fairMs, SHARE_MS_MAX));
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
    const leftMs = oldest.sinceMs + this.#shareMs - nowMs();
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
