/**
 * Whether servers send each other more than what clients say can bring about: a
 * message that is passed on for ever.
 *
 * @module
 */
import type { Clock } from "../../../herd/net/platform.ts";

/** What a herd may send, where nothing else is told. */
export interface MessageLimits {
  /** Messages that a command may bring about. */
  readonly perCommand: number;
  /** Messages a second, beside those. */
  readonly perSecond: number;
  /** The same for each way, one server to another, where all together are more. */
  readonly perWay: number;
  /** Messages that are too much at once, whoever asked for them. */
  readonly atOnce: number;
}

/**
 * In a herd of five a careless server takes 12 messages an update, and a storm
 * sends a thousand a second. On connections that stay open a ping and its answer,
 * each ten times a second, are none, and the more links there are the more come.
 */
export const MESSAGE_LIMITS: MessageLimits = {
  perCommand: 100,
  perSecond: 100,
  perWay: 20,
  atOnce: 1_000,
};

/** What commands allow is used up by then, or it is no more theirs. */
const SETTLED_MS = 5_000;

/**
 * Counts the messages of a herd: connections from one server to another, and what
 * is read from those that stay open.
 */
export class StormWatch {
  readonly #clock: Clock;
  readonly #limits: MessageLimits;
  readonly #sent = new Map<string, number>();
  /** By server, to how many others it is linked. */
  readonly #neighbours = new Map<string, number>();
  /** What may be sent yet. */
  #left: number;
  #countedMs: number;
  #commandMs = -Infinity;
  readonly #synced: () => number;

  /**
   * Nothing was sent yet.
   *
   * @param synced Of how many clients servers tell each other at once what they
   * hold, when a link comes up; none, if they need not catch up.
   */
  constructor(
    clock: Clock,
    limits: MessageLimits,
    synced: () => number = () => 0,
  ) {
    this.#clock = clock;
    this.#limits = limits;
    this.#synced = synced;
    this.#left = limits.atOnce;
    this.#countedMs = clock.nowMs();
  }

  /** A server is started that is linked to so many others. */
  linked(server: string, neighbours: number): void {
    this.#neighbours.set(server, neighbours);
  }

  /** What may be sent a second, and at once, beside what commands bring about. */
  #usual(): { readonly perSecond: number; readonly atOnce: number } {
    const { perSecond, perWay, atOnce } = this.#limits;
    let ways = 0;
    for (const count of this.#neighbours.values()) ways += count;
    const all = this.#synced() * ways;
    return {
      perSecond: Math.max(perSecond, perWay * ways, all),
      atOnce: Math.max(atOnce, all),
    };
  }

  /** A client has said something; to ask brings about little. */
  command(line: string): void {
    const { perCommand } = this.#limits;
    const isQuestion = /^\s*WHATSAT\s/.test(line);
    this.#left += isQuestion ? perCommand / 10 : perCommand;
    this.#commandMs = this.#clock.nowMs();
    this.#sent.clear();
  }

  /**
   * A server sends a message; how many it has sent since the last command, if
   * these are too many.
   */
  message(server: string): number | undefined {
    const { perSecond, atOnce } = this.#usual();
    const nowMs = this.#clock.nowMs();
    const filled = this.#left + (nowMs - this.#countedMs) * perSecond / 1_000;
    this.#countedMs = nowMs;
    const isSettled = nowMs - this.#commandMs > SETTLED_MS;
    const most = isSettled ? atOnce : Math.max(atOnce, this.#left);
    this.#left = Math.min(filled, most) - 1;
    const sent = (this.#sent.get(server) ?? 0) + 1;
    this.#sent.set(server, sent);
    if (this.#left >= 0) return undefined;
    // One is ended for it, and the others have another try.
    this.#left = atOnce;
    this.#sent.clear();
    return sent;
  }
}
