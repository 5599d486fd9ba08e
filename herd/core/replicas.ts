/**
 * Which neighbours hold the fixes that clients have sent to this server, if
 * none is acknowledged before one neighbour, or all, hold it.
 *
 * These fixes are queued for every neighbour, whatever the mode, since it can
 * only hold what it was sent. The fixes that are acknowledged together form a
 * group; groups are numbered.
 *
 * @module
 */
import type { ByteString } from "./bytes/bytes.ts";
import type { Link } from "./link/link.ts";

interface Group {
  readonly number: number;
  /** The clients whose fixes the neighbours must hold. */
  readonly clients: readonly number[];
}

export class Replicas {
  readonly #isAll: boolean;
  readonly #links: ReadonlyMap<ByteString, Link>;
  readonly #held: (number: number) => void;
  #told: number[] = [];
  #number = 0;
  /** Groups that are not held yet, oldest first. */
  #groups: Group[] = [];
  /** The last group that a neighbour holds, since its link is up. */
  readonly #byLink = new Map<Link, number>();

  /**
   * @param isAll Whether all linked neighbours must hold a group, or one.
   * @param held Called with the last group that is held.
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

  /** A client has sent a fix; what is held of it now is at least as new. */
  told(client: number): void {
    this.#told.push(client);
    for (const link of this.#links.values()) link.queue(client);
  }

  /** Ends a group: the fixes since the last call. Returns its number. */
  group(): number {
    const number = ++this.#number;
    this.#groups.push({ number, clients: this.#told });
    this.#told = [];
    for (const link of this.#links.values()) link.want(number);
    return number;
  }

  /** A neighbour may lack fixes: its link is new, or it has missed updates. */
  again(link: Link): void {
    for (const client of this.#told) link.queue(client);
    if (this.#groups.length === 0) return;
    for (const { clients } of this.#groups) {
      for (const client of clients) link.queue(client);
    }
    link.want(this.#number);
  }

  /** A neighbour holds everything up to a group. */
  heldBy(link: Link, number: number): void {
    this.#byLink.set(link, number);
    this.#settle();
  }

  /** A neighbour's link is down. */
  linkDown(link: Link): void {
    this.#byLink.delete(link);
    if (this.#isAll) this.#settle();
  }

  /** Gives up waiting for a group, and for those before it. */
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
