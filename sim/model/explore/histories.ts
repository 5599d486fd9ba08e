/**
 * What servers have met, and where that leaves them.
 *
 * A server knows nothing but what it has met since it was started. So two
 * servers of one name that have met the same in the same order are equal, in
 * whatever states the others are: what they hold, write and wait for is found
 * out once for all states of the herd. So are two that have met other things, if
 * nothing is left of that but their {@linkcode Standing.gist}.
 *
 * @module
 */
import type { Setup } from "./setup.ts";
import {
  eventKey,
  type Outcome,
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
  readonly standing: Standing;
}

/** What an event has led to. */
export interface Met extends Outcome {
  /** The history after it, or one that leaves the server equal. */
  readonly history: number;
}

/** Servers as they are after some histories, so that not all is met again. */
const KEPT_MAX = 2_000;
const FRESH: Standing = { owing: [], isArmed: false, held: [] };

/** All histories of the servers in one exploration, by number, from 1. */
export class Histories {
  readonly #setup: Setup;
  readonly #hasGists: boolean;
  readonly #all: History[] = [];
  readonly #fresh = new Map<string, number>();
  /** By the history before it, and the event. */
  readonly #met = new Map<string, Met>();
  /** By server, and the gist of what it has met. */
  readonly #gists = new Map<string, number>();
  readonly #kept = new Map<number, SmallServer>();

  /** @param hasGists Whether histories of one gist are one. */
  constructor(setup: Setup, hasGists = true) {
    this.#setup = setup;
    this.#hasGists = hasGists;
  }

  /** The history of a server that has just been started. */
  fresh(server: string): number {
    const fresh = { before: 0, event: undefined, standing: FRESH };
    return this.#fresh
      .getOrInsertComputed(server, () => this.#add({ server, ...fresh }));
  }

  /** What follows from one more event. */
  meet(before: number, event: ServerEvent): Met {
    const key = `${before} ${eventKey(event)}`;
    return this.#met
      .getOrInsertComputed(key, () => this.#meetNew(before, event));
  }

  #meetNew(before: number, event: ServerEvent): Met {
    const there = this.#serverAfter(before);
    const { standing, ...outcome } = there.meet(event);
    const { server } = this.#of(before);
    const { gist } = standing;
    const key = this.#hasGists && gist !== undefined
      ? `${server} ${gist}`
      : undefined;
    const equal = key === undefined ? undefined : this.#gists.get(key);
    if (equal !== undefined) return { history: equal, ...outcome };
    const history = this.#add({ server, before, event, standing });
    if (key !== undefined) this.#gists.set(key, history);
    this.#keep(history, there);
    return { history, ...outcome };
  }

  standing(history: number): Standing {
    return this.#of(history).standing;
  }

  #of(history: number): History {
    return this.#all[history - 1]!;
  }

  #add(history: History): number {
    return this.#all.push(history);
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
