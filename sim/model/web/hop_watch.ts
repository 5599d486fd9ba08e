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

interface Pending {
  readonly from: string;
  readonly to: string;
  readonly line: string;
  readonly connection: string;
  readonly number: number;
  sentMs: number | undefined;
  readMs: number | undefined;
  isNew: boolean;
  isTold: boolean;
}

/** The hops of some clients' updates. */
export class HopWatch {
  readonly #pending = new Map<string, Pending>();
  /** Connections that have ended. */
  readonly #over = new Map<string, number>();
  /** The last line written and read, by direction and connection. */
  readonly #read = new Map<string, number>();

  /** A server has written a line. */
  sent(event: SentEvent, atMs: number): void {
    const { server, to, line, connection = "", number = 0 } = event;
    const hop = this.#hop(server, to, { line, connection, number });
    hop.sentMs = atMs;
  }

  /** A server has read a line. */
  delivered(event: DeliveryEvent, atMs: number): void {
    const { server, from, line, isNew, connection = "", number = 0 } = event;
    if (from === null) return;
    const hop = this.#hop(from, server, { line, connection, number });
    hop.readMs = atMs;
    hop.isNew = isNew;
  }

  /** A connection has ended. */
  ended(connection: string, atMs: number): void {
    this.#over.set(connection, atMs);
  }

  #hop(
    from: string,
    to: string,
    { line, connection, number }: Pick<
      Pending,
      "line" | "connection" | "number"
    >,
  ): Pending {
    const key = `${from}>${to} ${connection} ${line}`;
    const known = this.#pending.get(key);
    if (known !== undefined) return known;
    const unknown = { sentMs: undefined, readMs: undefined };
    const place = { from, to, line, connection, number };
    const hop = { ...place, ...unknown, isNew: false, isTold: false };
    this.#pending.set(key, hop);
    return hop;
  }

  /**
   * The hops known by now, unless they were reported before without a change.
   */
  take(nowMs: number): Hop[] {
    const hops: Hop[] = [];
    for (const [key, hop] of this.#pending) {
      const { sentMs, readMs } = hop;
      const ageMs = nowMs - (sentMs ?? readMs ?? 0);
      if (sentMs !== undefined && readMs !== undefined) {
        const way = `${hop.from}>${hop.to} ${hop.connection}`;
        this.#read.set(way, Math.max(this.#read.get(way) ?? 0, hop.number));
        this.#pending.delete(key);
        hops.push(viewOf(hop, sentMs, false));
      } else if (ageMs > FORGOTTEN_MS) this.#pending.delete(key);
      else if (sentMs !== undefined && ageMs > UNDER_WAY_MS) {
        const isLost = this.#isLost(hop);
        if (isLost || !hop.isTold) hops.push(viewOf(hop, sentMs, isLost));
        hop.isTold = true;
        if (isLost) this.#pending.delete(key);
      }
    }
    for (const [connection, atMs] of this.#over) {
      if (nowMs - atMs > FORGOTTEN_MS) this.#over.delete(connection);
    }
    if (this.#pending.size === 0) this.#read.clear();
    return hops;
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

function viewOf(hop: Pending, sentMs: number, isLost: boolean): Hop {
  const { from, to, line, readMs = null, isNew } = hop;
  const client = clientOf(line);
  return { from, to, client, line, sentMs, readMs, isNew, isLost };
}
