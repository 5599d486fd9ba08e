/**
 * Incoming handshakes under way. They are few, so that half-open ones cost
 * little, and yet a neighbour gets through however many strangers claim to be
 * one.
 *
 * Anybody can claim to be a neighbour; only a neighbour can prove it, and does
 * so as soon as it is challenged. So all are challenged at once, nobody waits
 * for a place, and each gets enough time for its proof. Beyond that, if too
 * many are under way, the oldest one under the same neighbour's name is closed.
 * So a crowd can take nothing away from a neighbour, however fast it comes
 * back.
 *
 * @module
 */
import type { Channel } from "./channel.ts";
import type { LimitLog } from "./limit_log.ts";
import type { Clock, Timer } from "./platform.ts";

/**
 * Milliseconds that are enough for a real neighbour, even on a busy machine.
 */
const SHARE_MS = 1_000;

/** Ends a handshake; returns `false` if it was closed to make room. */
export type Leave = () => boolean;

interface Pending {
  readonly channel: Channel;
  readonly sinceMs: number;
}

/** The incoming handshakes of one server. */
export class HandshakePlaces {
  readonly #crowds: ReadonlyMap<string, Crowd>;

  /**
   * @param max How many may be under way for longer, shared equally by the
   * neighbours, at least one each.
   * @param limitLog Is told of connections closed to make room.
   */
  constructor(
    clock: Clock,
    max: number,
    neighbours: Iterable<string>,
    limitLog: LimitLog,
  ) {
    const names = [...neighbours];
    const each = Math.max(1, Math.floor(max / names.length));
    const crowd = (peer: string) =>
      new Crowd(clock, each, () => {
        const kind = `handshakes-full ${peer}`;
        limitLog.met("handshakes-full", { peer }, { kind });
      });
    this.#crowds = new Map(names.map((name) => [name, crowd(name)]));
  }

  /**
   * Whether somebody claims to be this neighbour, and has not proved it yet.
   */
  isClaimed(peer: string): boolean {
    return this.#crowds.get(peer)?.isEmpty === false;
  }

  /**
   * Somebody claims to be a neighbour; its channel is closed if it must make
   * room.
   *
   * @throws {RangeError} If there is no such neighbour.
   */
  enter(peer: string, channel: Channel): Leave {
    const crowd = this.#crowds.get(peer);
    if (crowd !== undefined) return crowd.enter(channel);
    throw new RangeError(`Cannot begin a handshake: ${peer} is no neighbour`);
  }

  /** No handshake has to make room any more. */
  stop(): void {
    for (const crowd of this.#crowds.values()) crowd.stop();
  }
}

/** Connections that claim to be one neighbour. */
class Crowd {
  readonly #clock: Clock;
  readonly #max: number;
  readonly #onFull: () => void;
  /** Oldest first. */
  readonly #pending = new Set<Pending>();
  #timer: Timer | undefined;

  constructor(clock: Clock, max: number, onFull: () => void) {
    this.#clock = clock;
    this.#max = max;
    this.#onFull = onFull;
  }

  get isEmpty(): boolean {
    return this.#pending.size === 0;
  }

  enter(channel: Channel): Leave {
    const pending = { channel, sinceMs: this.#clock.nowMs() };
    this.#pending.add(pending);
    this.#makeRoom();
    return () => this.#pending.delete(pending);
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #makeRoom(): void {
    this.#timer?.cancel();
    while (this.#pending.size > this.#max) {
      const [oldest] = this.#pending as Iterable<Pending>;
      const leftMs = oldest!.sinceMs + SHARE_MS - this.#clock.nowMs();
      if (leftMs > 0) {
        const waitMs = Math.ceil(leftMs);
        this.#timer = this.#clock.after(waitMs, () => this.#makeRoom());
        return;
      }
      this.#pending.delete(oldest!);
      oldest!.channel.close();
      this.#onFull();
    }
  }
}
