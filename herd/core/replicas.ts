/**
 * Which neighbours hold what clients have told this server, where nothing is
 * acknowledged before one does, or all do.
 *
 * What is told is queued for every neighbour, whatever the mode: to be held there
 * it must get there. What is acknowledged next makes a group; each has a number.
 *
 * @module
 */
import type { ByteString } from "./bytes/bytes.ts";
import type { Link } from "./link/link.ts";

interface Group {
  readonly number: number;
  /** The clients whose fixes are to be held. */
  readonly clients: readonly number[];
}

export class Replicas {
  readonly #isAll: boolean;
  readonly #links: ReadonlyMap<ByteString, Link>;
  readonly #held: (number: number) => void;
  #told: number[] = [];
  #number = 0;
  /** Groups that are not held yet, the oldest first. */
  #groups: Group[] = [];
  /** Up to which group a neighbour holds what was told, since its link is up. */
  readonly #byLink = new Map<Link, number>();

  /**
   * Nothing is told yet.
   *
   * @param isAll Whether all neighbours that are linked must hold it, or one.
   * @param held Hears up to which group all are held.
   */
  constructor(
    isAll: boolean,
    links: ReadonlyMap<ByteString, Link>,
    held: (number: number) => void,
  ) {
    this.#isAll = isAll;
    this.#links = links;
    this.#held = held;
  }

  /** A client has told something; what is held of it now is at least as new. */
  told(client: number): void {
    this.#told.push(client);
    for (const link of this.#links.values()) link.queue(client);
  }

  /** What was told since the last call is to be held: it is this group. */
  group(): number {
    const number = ++this.#number;
    this.#groups.push({ number, clients: this.#told });
    this.#told = [];
    for (const link of this.#links.values()) link.want(number);
    return number;
  }

  /** A neighbour may lack what waits: its link is new, or it has missed updates. */
  again(link: Link): void {
    for (const client of this.#told) link.queue(client);
    if (this.#groups.length === 0) return;
    for (const { clients } of this.#groups) {
      for (const client of clients) link.queue(client);
    }
    link.want(this.#number);
  }

  /** A neighbour holds all up to a group. */
  heldBy(link: Link, number: number): void {
    this.#byLink.set(link, number);
    this.#settle();
  }

  /** A neighbour is not linked any more. */
  linkDown(link: Link): void {
    this.#byLink.delete(link);
    if (this.#isAll) this.#settle();
  }

  /** Gives up to wait for a group, and those before it. */
  forget(number: number): void {
    this.#groups = this.#groups.filter((group) => group.number > number);
  }

  #settle(): void {
    if (this.#groups.length === 0 || this.#links.size === 0) return;
    const byLink = [...this.#links.values()]
      .map((link) => this.#byLink.get(link) ?? 0);
    const number = this.#isAll ? Math.min(...byLink) : Math.max(...byLink);
    if (number < this.#groups[0]!.number) return;
    this.forget(number);
    this.#held(number);
  }
}
