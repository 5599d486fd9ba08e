/**
 * Queries: one server asks the whole herd for a client's newest fix.
 *
 * It is the echo algorithm (Chang 1982): a query is passed on by every link but
 * the one it came by, and answered there as soon as all the others have
 * answered, the newest fix winning on the way back. Two queries that cross on a
 * link answer each other. So each link is passed once each way, 2E lines for E
 * links, and nobody needs to know the herd's shape.
 *
 * @module
 */
import type { ByteString } from "../bytes/bytes.ts";
import { type FixSpan, isNewer, lineText } from "../wire/fix.ts";
import type { Limits } from "../limits.ts";
import type { Link } from "../link/link.ts";
import type { Store } from "../store/store.ts";
import type { DisseminationHost } from "./dissemination.ts";

/**
 * The part of its own time that a server leaves to those it asks: the rest is
 * for the way there and back, and lets them say first who did not answer.
 */
const TIME_LEFT = 7 / 8;
/**
 * Below so many milliseconds it keeps a fixed time, or a query would not get
 * far: it has gone by a dozen servers already.
 */
const SHARED_MS_MIN = 500;
/** The time that it keeps then: a hundred servers further, half a second is up. */
const HOP_MS = 4;

export interface Found {
  /** The newest fix of all answers; `undefined` if no server has one. */
  readonly fix: FixSpan | undefined;
  /** The neighbour that told it; `undefined` if it is held here. */
  readonly from: ByteString | undefined;
  /**
   * Links that gave no answer, anywhere in the herd. What is held beyond them
   * is unknown.
   */
  readonly unanswered: number;
}

export type QueryLimits = Pick<Limits, "queryMsMax" | "queriesMax">;

export interface QueryHost extends DisseminationHost {
  readonly store: Pick<Store, "tuning" | "plantedBug">;
  /** A client's fix as it is held here, in a block of its own. */
  held(client: ByteString): FixSpan | undefined;
  /** A query is not passed on, for too many are under way. */
  full(): void;
}

/** A query under way, and this server's part in it. */
interface Query {
  readonly id: ByteString;
  /** Who passed it on; `undefined` if it began here. */
  readonly source: Link | undefined;
  /** Links that were asked and have not answered. */
  readonly pending: Set<Link>;
  readonly asked: ReadonlySet<Link>;
  readonly dueTick: number;
  /** Takes the outcome: the way back, or whoever asked here. */
  readonly end: (found: Found) => void;
  found: Found;
}

/** All queries that one node has a part in. */
export class Queries {
  readonly #idBegin: ByteString;
  readonly #limits: QueryLimits;
  readonly #host: QueryHost;
  readonly #queries = new Map<ByteString, Query>();
  #count = 0;
  #tick = 0;

  /**
   * None under way.
   *
   * @param idBegin What the ids of this server's queries begin with: no other
   * server, and no earlier life of this one, has the same.
   */
  constructor(idBegin: ByteString, limits: QueryLimits, host: QueryHost) {
    this.#idBegin = idBegin;
    this.#limits = limits;
    this.#host = host;
  }

  get size(): number {
    return this.#queries.size;
  }

  /** Asks the herd for a client's newest fix. `end` may be called at once. */
  ask(client: ByteString, end: (found: Found) => void): void {
    const id = this.#idBegin + (++this.#count).toString(36);
    this.#begin(id, client, this.#limits.queryMsMax, undefined, end);
  }

  /** A neighbour passes a query on, to be answered in some milliseconds. */
  onQuery(id: ByteString, ms: number, client: ByteString, source: Link): void {
    const query = this.#queries.get(id);
    if (query === undefined) {
      this.#begin(id, client, ms, source, (found) => answer(source, id, found));
    } else if (query.asked.has(source)) {
      // The two have crossed.
      if (query.pending.has(source)) this.#settle(query, source, 0);
    } else if (source !== query.source) answer(source, id, NOTHING);
  }

  #begin(
    id: ByteString,
    client: ByteString,
    ms: number,
    source: Link | undefined,
    end: (found: Found) => void,
  ): void {
    const fix = this.#host.held(client);
    const others = [...this.#host.links.values()].filter((it) => it !== source);
    const msOwn = Math.min(ms, this.#limits.queryMsMax);
    const msLeft = msForNext(msOwn);
    const isFull = this.#queries.size >= this.#limits.queriesMax;
    if (isFull) this.#host.full();
    const asked = msLeft <= 0 || isFull
      ? []
      : others.filter((link) => !link.isSilent);
    const query: Query = {
      id,
      source,
      pending: new Set(asked),
      asked: new Set(asked),
      dueTick: this.#tick +
        Math.max(1, Math.floor(msOwn / this.#host.store.tuning.tickMs)),
      end,
      found: {
        fix,
        from: undefined,
        unanswered: others.length - asked.length,
      },
    };
    if (asked.length === 0) return end(query.found);
    this.#queries.set(id, query);
    this.#host.arm();
    for (const link of asked) link.say(`QUERY ${id} ${msLeft} ${client}`);
  }

  /** A neighbour answers; its fix, if it has one, is in a block of its own. */
  onAnswer(
    id: ByteString,
    unanswered: number,
    fix: FixSpan | undefined,
    source: Link,
  ): void {
    const query = this.#queries.get(id);
    if (query === undefined || !query.pending.has(source)) return;
    const { found } = query;
    if (
      fix !== undefined &&
      (found.fix === undefined || isNewer(fix, found.fix))
    ) query.found = { ...found, fix, from: source.peer };
    const isFirst = this.#host.store.plantedBug === "first-answer";
    if (isFirst && fix !== undefined) query.pending.clear();
    this.#settle(query, source, unanswered);
  }

  /** A link is down, and will not answer. */
  linkDown(link: Link): void {
    for (const query of this.#queries.values()) {
      if (query.pending.has(link)) this.#settle(query, link, 1);
    }
  }

  /** A link has answered, or never will. */
  #settle(query: Query, link: Link, unanswered: number): void {
    query.pending.delete(link);
    this.#addUnanswered(query, unanswered);
    if (query.pending.size === 0) this.#end(query);
  }

  #addUnanswered(query: Query, unanswered: number): void {
    if (unanswered === 0) return;
    const { found } = query;
    query.found = { ...found, unanswered: found.unanswered + unanswered };
  }

  #end(query: Query): void {
    this.#queries.delete(query.id);
    query.end(query.found);
  }

  /** A tick; whether another one is wanted. */
  tick(): boolean {
    this.#tick++;
    for (const query of this.#queries.values()) {
      if (query.dueTick > this.#tick) continue;
      this.#addUnanswered(query, query.pending.size);
      this.#end(query);
    }
    return this.#queries.size > 0;
  }
}

/** Milliseconds that a server with `ms` of its own leaves to those it asks. */
function msForNext(ms: number): number {
  return ms > SHARED_MS_MIN ? Math.floor(ms * TIME_LEFT) : ms - HOP_MS;
}

const NOTHING: Found = { fix: undefined, from: undefined, unanswered: 0 };

function answer(link: Link, id: ByteString, { fix, unanswered }: Found): void {
  const at = fix === undefined ? "" : ` ${lineText(fix)}`;
  link.say(`ANSWER ${id} ${unanswered}${at}`);
}
