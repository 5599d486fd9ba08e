/**
 * Matches lines written by one server and read by another to hops of updates,
 * while a herd runs.
 *
 * @module
 */
import {
  clientOf,
  type DeliveryEvent,
  type SentEvent,
} from "../line_events.ts";
import type { Hop } from "./batch.ts";

/** A line not read after this time is reported as under way. */
const UNDER_WAY_MS = 250;
/** After this time the other end is not awaited any more. */
const FORGOTTEN_MS = 10_000;

/** A line on its way. */
interface Place {
  readonly from: string;
  readonly to: string;
  readonly line: string;
  readonly connection: string;
  readonly number: number;
}

interface Pending extends Place {
  /** As it was written, once that is known. */
  number: number;
  sentMs: number | undefined;
  readMs: number | undefined;
  isNew: boolean;
  isTold: boolean;
}

/** The hops of some clients' updates. */
export class HopWatch {
  /**
   * By direction, connection and line: one, unless it is written again before
   * it was read.
   */
  readonly #pending = new Map<string, Pending[]>();
  /** Connections that have ended. */
  readonly #over = new Map<string, number>();
  /** The last line written and read, by direction and connection. */
  readonly #read = new Map<string, number>();

  /** A server has written a line. */
  sent(event: SentEvent, atMs: number): void {
    const { server, to, line, connection = "", number = 0 } = event;
    const place = { from: server, to, line, connection, number };
    const its = this.#its(place);
    const unsent = its.filter(({ sentMs }) => sentMs === undefined);
    const hop = sameOf(unsent, number) ?? unsent[0] ?? add(its, place);
    hop.number = number;
    hop.sentMs = atMs;
  }

  /** A server has read a line. */
  delivered(event: DeliveryEvent, atMs: number): void {
    const { server, from, line, isNew, connection = "", number = 0 } = event;
    if (from === null) return;
    const place = { from, to: server, line, connection, number };
    const its = this.#its(place);
    const unread = its.filter(({ readMs }) => readMs === undefined);
    // Where a fault has dropped lines, those after it have other numbers here.
    const hop = sameOf(unread, number) ?? unread.at(-1) ?? add(its, place);
    hop.readMs = atMs;
    hop.isNew = isNew;
  }

  /** A connection has ended. */
  ended(connection: string, atMs: number): void {
    this.#over.set(connection, atMs);
  }

  #its({ from, to, connection, line }: Place): Pending[] {
    const key = `${from}>${to} ${connection} ${line}`;
    return this.#pending.getOrInsertComputed(key, () => []);
  }

  /**
   * The hops known by now, unless they were reported before without a change.
   */
  take(nowMs: number): Hop[] {
    const hops: Hop[] = [];
    for (const [key, its] of this.#pending) {
      const left = its.filter((hop) => this.#isPending(hop, nowMs, hops));
      if (left.length === 0) this.#pending.delete(key);
      else this.#pending.set(key, left);
    }
    for (const [connection, atMs] of this.#over) {
      if (nowMs - atMs > FORGOTTEN_MS) this.#over.delete(connection);
    }
    if (this.#pending.size === 0) this.#read.clear();
    return hops;
  }

  /** Tells what is new of a hop; returns whether more of it may come. */
  #isPending(hop: Pending, nowMs: number, hops: Hop[]): boolean {
    const { sentMs, readMs } = hop;
    if (sentMs !== undefined && readMs !== undefined) {
      const way = `${hop.from}>${hop.to} ${hop.connection}`;
      this.#read.set(way, Math.max(this.#read.get(way) ?? 0, hop.number));
      hops.push(viewOf(hop, sentMs, false));
      return false;
    }
    const ageMs = nowMs - (sentMs ?? readMs ?? 0);
    if (ageMs > FORGOTTEN_MS) return false;
    if (sentMs === undefined || ageMs <= UNDER_WAY_MS) return true;
    const isLost = this.#isLost(hop);
    if (isLost || !hop.isTold) hops.push(viewOf(hop, sentMs, isLost));
    hop.isTold = true;
    return !isLost;
  }

  /**
   * Lines keep their order, except for neighbouring ones that a fault has
   * swapped.
   */
  #isLost({ from, to, connection, number }: Pending): boolean {
    if (this.#over.has(connection)) return true;
    const read = this.#read.get(`${from}>${to} ${connection}`) ?? 0;
    return read > number + 1;
  }
}

function sameOf(hops: readonly Pending[], number: number): Pending | undefined {
  return hops.find((hop) => hop.number === number);
}

function add(hops: Pending[], place: Place): Pending {
  const unknown = { sentMs: undefined, readMs: undefined };
  const hop = { ...place, ...unknown, isNew: false, isTold: false };
  hops.push(hop);
  return hop;
}

function viewOf(hop: Pending, sentMs: number, isLost: boolean): Hop {
  const { from, to, line, readMs = null, isNew } = hop;
  const client = clientOf(line);
  return { from, to, client, line, sentMs, readMs, isNew, isLost };
}
