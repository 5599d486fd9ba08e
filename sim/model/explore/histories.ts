/**
 * What servers have met, and where that leaves them.
 *
 * A server knows nothing but what it has met since it was started. So two
 * servers of one name that have met the same in the same order are equal, in
 * whatever states the others are: what they hold, wrote and will do is found
 * out once for all states of the herd.
 *
 * @module
 */
import type { Setup } from "./setup.ts";
import {
  eventKey,
  type ServerEvent,
  SmallServer,
  type Standing,
} from "./small_server.ts";

/** A history: the number of the one before it, and one more event. */
interface History {
  readonly server: string;
  readonly before: number;
  /** `undefined` if it has just been started. */
  readonly event: ServerEvent | undefined;
  /** Number of events. */
  readonly length: number;
  readonly standing: Standing;
}

/** Servers as they are after some histories, so that not all is met again. */
const KEPT_MAX = 2_000;
const FRESH: Standing = {
  written: new Map(),
  owing: [],
  isArmed: false,
  held: [],
};

/** All histories of the servers in one exploration, by number, from 1. */
export class Histories {
  readonly #setup: Setup;
  readonly #all: History[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #kept = new Map<number, SmallServer>();

  constructor(setup: Setup) {
    this.#setup = setup;
  }

  /** The history of a server that has just been started. */
  fresh(server: string): number {
    const key = `start ${server}`;
    return this.#numbers.get(key) ?? this.#add(key, {
      server,
      before: 0,
      event: undefined,
      length: 0,
      standing: FRESH,
    });
  }

  /** A history and one more event. */
  after(before: number, event: ServerEvent): number {
    const key = `${before} ${eventKey(event)}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const { server, length } = this.#of(before);
    const there = this.#serverAfter(before);
    const standing = there.meet(event);
    const number = this.#add(key, {
      server,
      before,
      event,
      length: length + 1,
      standing,
    });
    this.#keep(number, there);
    return number;
  }

  standing(history: number): Standing {
    return this.#of(history).standing;
  }

  length(history: number): number {
    return this.#of(history).length;
  }

  #of(history: number): History {
    return this.#all[history - 1]!;
  }

  #add(key: string, history: History): number {
    const number = this.#all.push(history);
    this.#numbers.set(key, number);
    return number;
  }

  /** Servers can't be copied: one that is taken on is no longer kept. */
  #serverAfter(history: number): SmallServer {
    const kept = this.#kept.get(history);
    if (kept !== undefined) {
      this.#kept.delete(history);
      return kept;
    }
    const { server, before, event } = this.#of(history);
    if (event === undefined) return new SmallServer(server, this.#setup);
    const there = this.#serverAfter(before);
    there.meet(event);
    return there;
  }

  #keep(history: number, server: SmallServer): void {
    this.#kept.set(history, server);
    if (this.#kept.size <= KEPT_MAX) return;
    const [oldest] = this.#kept.keys();
    this.#kept.delete(oldest!);
  }
}
