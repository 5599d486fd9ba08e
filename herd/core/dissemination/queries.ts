/**
 * Queries: one server asks the whole herd for a client's newest fix.
 *
 * This is the echo algorithm (Chang 1982): a server forwards a query on every
 * link but the one it came by, and answers it as soon as all the others have
 * answered, with the newest fix. Two queries that cross on a link answer each
 * other. So each link carries one line each way, 2E lines for E links, and no
 * server needs to know the topology.
 *
 * @module
 */
import type { ByteString } from "../bytes/bytes.ts";
import { type FixSpan, isNewer, lineText } from "../wire/fix.ts";
import type { Limits } from "../limits.ts";
import type { Link } from "../link/link.ts";
import type { Store } from "../store/store.ts";
import type { DisseminationNeeds } from "./dissemination.ts";

/**
 * The share of its own time that a server gives to the neighbours it asks. The
 * rest covers the way there and back, so that they can report first who did not
 * answer.
 */
const TIME_LEFT = 7 / 8;
/**
 * Below this many milliseconds a server keeps a fixed time instead, or a query
 * would not get far: it has passed a dozen servers already.
 */
const SHARED_MS_MIN = 500;
/** The time it keeps then: half a second lasts for a hundred more servers. */
const HOP_MS = 4;

export interface Found {
  /** The newest fix of all answers; `undefined` if no server has one. */
  readonly fix: FixSpan | undefined;
  /** The neighbour that sent it; `undefined` if it was held here. */
  readonly from: ByteString | undefined;
  /**
   * Links, anywhere in the herd, that gave no answer. What servers beyond them
   * hold is unknown.
   */
  readonly unanswered: number;
}

export type QueryLimits = Pick<Limits, "queryMsMax" | "queriesMax">;

export interface QueryNeeds extends DisseminationNeeds {
  readonly store: Pick<Store, "tuning" | "plantedBug">;
  /** A copy of the fix held here, in a block of its own. */
  held(client: ByteString): FixSpan | undefined;
  /** A query was not forwarded, because too many are under way. */
  full(): void;
}

/** A query under way, as seen by this server. */
interface Query {
  readonly id: ByteString;
  /** Who forwarded it; `undefined` if it began here. */
  readonly source: Link | undefined;
  /** Links that were asked and have not answered. */
  readonly pending: Set<Link>;
  readonly dueTick: number;
  /** Takes the result: it answers the neighbour, or the caller here. */
  readonly end: (found: Found) => void;
  found: Found;
}

/** The queries that this node takes part in. */
export class Queries {
  readonly #idBegin: ByteString;
  readonly #limits: QueryLimits;
  readonly #host: QueryNeeds;
  readonly #queries = new Map<ByteString, Query>();
  #count = 0;
  #tick = 0;

  /**
   * @param idBegin Prefix of the ids of this server's queries, unique to this
   * server and this start of it.
   */
  constructor(idBegin: ByteString, limits: QueryLimits, host: QueryNeeds) {
    this.#idBegin = idBegin;
    this.#limits = limits;
    this.#host = host;
  }

  /**
   * Asks the herd for a client's newest fix. `end` may be called immediately.
   */
  ask(client: ByteString, end: (found: Found) => void): void {
    const id = this.#idBegin + (++this.#count).toString(36);
    this.#begin(id, client, this.#limits.queryMsMax, undefined, end);
  }

  /** A neighbour forwards a query, to be answered within `ms` milliseconds. */
  onQuery(id: ByteString, ms: number, client: ByteString, source: Link): void {
    const query = this.#queries.get(id);
    if (query === undefined) {
      this.#begin(id, client, ms, source, (found) => answer(source, id, found));
    } else if (query.pending.has(source)) {
      // The two have crossed.
      this.#settle(query, source, 0);
    } else if (source !== query.source) {
      // Also one that has answered and asks: it was asked again, by a link that
      // came up since.
      answer(source, id, NOTHING);
    }
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
    for (const link of asked) {
      link.control.say(`QUERY ${id} ${msLeft} ${client}`);
    }
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

  /** A tick; returns whether another one is needed. */
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

/** Milliseconds that a server with `ms` of its own gives to its neighbours. */
function msForNext(ms: number): number {
  return ms > SHARED_MS_MIN ? Math.floor(ms * TIME_LEFT) : ms - HOP_MS;
}

const NOTHING: Found = { fix: undefined, from: undefined, unanswered: 0 };

function answer(link: Link, id: ByteString, { fix, unanswered }: Found): void {
  const at = fix === undefined ? "" : ` ${lineText(fix)}`;
  link.control.say(`ANSWER ${id} ${unanswered}${at}`);
}
