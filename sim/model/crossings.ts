/**
 * The lines that went over links: what became of each fix that was written to
 * one, as a history tells it.
 *
 * A line that was written and the same line read are joined by their connection
 * and their number on it, which both ends count alike, and by what the link's
 * proxy has told it did to lines; never by what they say, nor by order in time,
 * for these mislead just where there are faults. What can't be known is unknown.
 *
 * @module
 */
import type { HistoryEvent } from "./history.ts";

export type Sent = Extract<HistoryEvent, { kind: "sent" }>;
export type Delivery = Extract<HistoryEvent, { kind: "delivery" }>;
type Altered = Extract<HistoryEvent, { kind: "altered" }>;

/**
 * What became of a line: it *arrived*; it was *lost* on its way, by a fault or
 * because its connection ended first; its reader took it and *ignored* it, with
 * no fault to excuse that; or nobody knows: mostly it is still on its way.
 */
export type Fate = "arrived" | "lost" | "ignored" | "unknown";

/** A fix that was written to a link. */
export interface Crossing {
  readonly sent: Sent;
  readonly fate: Fate;
  /** How it was read: once, or as often as it was doubled. */
  readonly copies: readonly Delivery[];
  /** How it was read as another fix, since a fault had corrupted it. */
  readonly corrupted: readonly Delivery[];
}

/** All that went over the links of a herd. */
export interface Crossings {
  /** What was written, in the order of time. */
  readonly crossings: readonly Crossing[];
  /** What came from neighbours without it being known how it was written. */
  readonly strays: readonly Delivery[];
}

/** What one server has told of its end of a connection. */
interface End {
  isOver: boolean;
}

interface Connection {
  /** By server. */
  readonly ends: Map<string, End>;
  /** By the server that writes. */
  readonly ways: Map<string, Way>;
}

/** What went one way over a connection. */
interface Way {
  /** With their places among all that was written. */
  readonly sent: { readonly event: Sent; readonly place: number }[];
  /** By number. */
  readonly read: Map<number, Delivery>;
  lastRead: number;
  /** By the number that the line was written as. */
  readonly altered: Map<number, Altered[]>;
  /** How many lives the reader had had when the first line was written. */
  readonly readerLives: number;
}

const EMPTY: readonly Delivery[] = [];

/** Reads a history, event by event, and tells what went over its links. */
export class CrossingReader {
  readonly #connections = new Map<string, Connection>();
  readonly #lives = new Map<string, number>();
  /** The ends that are not over, by server. */
  readonly #open = new Map<string, Set<End>>();
  readonly #written: Crossing[] = [];
  readonly #strays: Delivery[] = [];

  /** Takes the next event, in the order of time. */
  take(event: HistoryEvent): void {
    switch (event.kind) {
      case "sent":
        return this.#takeSent(event);
      case "delivery":
        return this.#takeDelivery(event);
      case "altered": {
        const { altered } = this.#way(event.connection, event.from, event.to);
        const known = altered.get(event.number);
        if (known === undefined) altered.set(event.number, [event]);
        else known.push(event);
        return;
      }
      case "connection": {
        const { ends } = this.#connection(event.connection);
        if (event.isOpen) return this.#openEnd(ends, event.server);
        const end = ends.get(event.server);
        if (end === undefined) return;
        end.isOver = true;
        this.#open.get(event.server)?.delete(end);
        return;
      }
      case "state":
        if (event.state === "starting") this.#endLife(event.server, 1);
        else if (event.state === "stopped" || event.state === "crashed") {
          this.#endLife(event.server, 0);
        }
    }
  }

  #takeSent(event: Sent): void {
    const place = this.#written.length;
    const [copies, corrupted] = [EMPTY, EMPTY];
    this.#written.push({ sent: event, fate: "unknown", copies, corrupted });
    const { connection, server, to } = event;
    if (connection === undefined || event.number === undefined) return;
    this.#way(connection, server, to).sent.push({ event, place });
  }

  #takeDelivery(event: Delivery): void {
    const { connection, number, from, server } = event;
    if (from === null) return;
    if (connection === undefined || number === undefined) {
      this.#strays.push(event);
      return;
    }
    const way = this.#way(connection, from, server);
    way.read.set(number, event);
    way.lastRead = Math.max(way.lastRead, number);
  }

  #openEnd(ends: Map<string, End>, server: string): void {
    const end = { isOver: false };
    ends.set(server, end);
    const open = this.#open.get(server);
    if (open === undefined) this.#open.set(server, new Set([end]));
    else open.add(end);
  }

  /** What a server had open has ended with it. */
  #endLife(server: string, begun: number): void {
    for (const end of this.#open.get(server) ?? []) end.isOver = true;
    this.#open.delete(server);
    this.#lives.set(server, this.#livesOf(server) + begun);
  }

  #livesOf(server: string): number {
    return this.#lives.get(server) ?? 0;
  }

  #connection(name: string): Connection {
    const known = this.#connections.get(name);
    if (known !== undefined) return known;
    const fresh = { ends: new Map(), ways: new Map() };
    this.#connections.set(name, fresh);
    return fresh;
  }

  #way(connection: string, from: string, to: string): Way {
    const { ways } = this.#connection(connection);
    const known = ways.get(from);
    if (known !== undefined) return known;
    const fresh = {
      sent: [],
      read: new Map(),
      lastRead: 0,
      altered: new Map(),
      readerLives: this.#livesOf(to),
    };
    ways.set(from, fresh);
    return fresh;
  }

  /** What went over the links, as far as has been read. */
  crossings(): Crossings {
    const crossings = [...this.#written];
    const strays = [...this.#strays];
    for (const { ends, ways } of this.#connections.values()) {
      for (const way of ways.values()) {
        const joined = new Set<Delivery>();
        const isOver = this.#isOver(way, ends);
        for (const { place, crossing } of joinedOf(way, isOver, joined)) {
          crossings[place] = crossing;
        }
        for (const read of way.read.values()) {
          if (!joined.has(read)) strays.push(read);
        }
      }
    }
    return { crossings, strays: strays.sort((a, b) => a.atMs - b.atMs) };
  }

  /** Whether nothing that was written one way will be read any more. */
  #isOver({ sent, readerLives }: Way, ends: Connection["ends"]): boolean {
    const first = sent[0]?.event;
    if (first === undefined) return true;
    const reader = ends.get(first.to);
    // One that never finished the handshake has not read what came after it.
    return reader?.isOver ??
      (ends.get(first.server)?.isOver || this.#livesOf(first.to) > readerLives);
  }
}

/** What became of each line that was written one way. */
function* joinedOf(
  way: Way,
  isOver: boolean,
  joined: Set<Delivery>,
): Iterable<{ readonly place: number; readonly crossing: Crossing }> {
  const { sent, read, altered, lastRead } = way;
  const alteredNumbers = [...altered.keys()].sort((a, b) => a - b);
  let passed = 0;
  /** By so much a line's number is greater for its reader. */
  let shift = 0;
  for (const { event, place } of sent.sort(byNumber)) {
    const number = event.number!;
    // Nearly all: no fault has had a part in it.
    if (alteredNumbers.length === 0) {
      const one = read.get(number);
      if (one?.line === event.line) {
        joined.add(one);
        const crossing: Crossing = {
          sent: event,
          fate: "arrived",
          copies: [one],
          corrupted: EMPTY,
        };
        yield { place, crossing };
        continue;
      }
    }
    for (; alteredNumbers[passed]! < number; passed++) {
      shift += numbersOf(altered.get(alteredNumbers[passed]!)!).length - 1;
    }
    const faulted = altered.get(number);
    const numbers = faulted === undefined
      ? [number + shift]
      : numbersOf(faulted);
    const isCorrupted = faulted?.some(({ by }) => by.includes("corrupt")) ??
      false;
    const came = numbers.flatMap((it) => read.get(it) ?? []);
    const copies = came.filter(({ line }) => line === event.line);
    const others = came.filter(({ line }) => line !== event.line);
    for (const one of isCorrupted ? came : copies) joined.add(one);
    const fate = (): Fate => {
      if (copies.length > 0) return "arrived";
      if (numbers.length === 0 || isCorrupted) return "lost";
      if (others.length > 0) return "unknown";
      // A list whose lines were tampered with may have taken it for one of its.
      if (lastRead > numbers[0]!) return passed > 0 ? "lost" : "ignored";
      return isOver ? "lost" : "unknown";
    };
    const corrupted = isCorrupted ? others : EMPTY;
    yield { place, crossing: { sent: event, fate: fate(), copies, corrupted } };
  }
}

function byNumber(a: { event: Sent }, b: { event: Sent }): number {
  return a.event.number! - b.event.number!;
}

/** The numbers that a line has for its reader. */
function numbersOf(altered: readonly Altered[]): number[] {
  return altered.flatMap(({ as }) => as ?? []);
}

/** What went over the links of a herd in the whole of a history. */
export function crossingsOf(history: Iterable<HistoryEvent>): Crossings {
  const reader = new CrossingReader();
  for (const event of history) reader.take(event);
  return reader.crossings();
}
