/**
 * What happened to each fix that was written to a link, as a history shows it.
 *
 * A line that was written and the same line read are matched by their
 * connection and their number on it, which both ends count alike, and by what
 * the link's proxy reported doing to lines; never by content or order, which
 * are misleading exactly when there are faults. What can't be determined is
 * unknown.
 *
 * @module
 */
import type { HistoryEvent } from "./history.ts";
import type { Delivery, Sent } from "./history_parts.ts";

type Altered = Extract<HistoryEvent, { kind: "altered" }>;

/**
 * What happened to a line. *arrived*; *lost* on its way, by a fault or because
 * its connection ended first; *ignored* by its reader, without a fault to
 * excuse that; or *unknown*, mostly because it is still on its way.
 */
export type Fate = "arrived" | "lost" | "ignored" | "unknown";

/** A fix that was written to a link. */
export interface Crossing {
  readonly sent: Sent;
  readonly fate: Fate;
  /** How it was read: once, or several times if it was duplicated. */
  readonly copies: readonly Delivery[];
  /** How it was read as another fix, after a fault had corrupted it. */
  readonly corrupted: readonly Delivery[];
}

/** All fixes that were sent over the links of a herd. */
export interface Crossings {
  /** What was written, in order of time. */
  readonly crossings: readonly Crossing[];
  /**
   * What was read from neighbours although it is unknown how it was written.
   */
  readonly strays: readonly Delivery[];
}

/** What a server has reported of its end of a connection. */
interface End {
  isOver: boolean;
}

interface Connection {
  readonly ends: Map<string, End>;
  /** By the server that writes. */
  readonly ways: Map<string, Way>;
}

/** What was sent in one direction of a connection. */
interface Way {
  /** The positions of its lines in everything that was written. */
  readonly places: number[];
  readonly read: Map<number, Delivery>;
  lastRead: number;
  readonly altered: Map<number, Altered[]>;
  /** The reader's number of lives when the first line was written. */
  readonly readerLives: number;
}

const EMPTY: readonly Delivery[] = [];

/**
 * Reads a history, event by event, and reports what was sent over its links.
 */
export class CrossingReader {
  readonly #connections = new Map<string, Connection>();
  readonly #lives = new Map<string, number>();
  /** Open ends, by server. */
  readonly #open = new Map<string, Set<End>>();
  readonly #written: Sent[] = [];
  readonly #strays: Delivery[] = [];

  /** Processes the next event, in order of time. */
  take(event: HistoryEvent): void {
    switch (event.kind) {
      case "sent":
        return this.#takeSent(event);
      case "delivery":
        return this.#takeDelivery(event);
      case "altered": {
        const { altered } = this.#way(event.connection, event.from, event.to);
        altered.getOrInsertComputed(event.number, () => []).push(event);
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
    this.#written.push(event);
    const { connection, server, to } = event;
    if (connection === undefined || event.number === undefined) return;
    this.#way(connection, server, to).places.push(place);
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
    this.#open.getOrInsertComputed(server, () => new Set()).add(end);
  }

  /** Closes the connections of a server that has ended. */
  #endLife(server: string, begun: number): void {
    for (const end of this.#open.get(server) ?? []) end.isOver = true;
    this.#open.delete(server);
    this.#lives.set(server, this.#livesOf(server) + begun);
  }

  #livesOf(server: string): number {
    return this.#lives.get(server) ?? 0;
  }

  #connection(name: string): Connection {
    return this.#connections.getOrInsertComputed(name, () => ({
      ends: new Map(),
      ways: new Map(),
    }));
  }

  #way(connection: string, from: string, to: string): Way {
    const { ways } = this.#connection(connection);
    return ways.getOrInsertComputed(from, () => ({
      places: [],
      read: new Map(),
      lastRead: 0,
      altered: new Map(),
      readerLives: this.#livesOf(to),
    }));
  }

  /** All crossings read so far. */
  crossings(): Crossings {
    const [copies, corrupted] = [EMPTY, EMPTY];
    const crossings = this.#written.map((sent): Crossing => {
      return { sent, fate: "unknown", copies, corrupted };
    });
    const strays = [...this.#strays];
    for (const { ends, ways } of this.#connections.values()) {
      for (const way of ways.values()) {
        const joined = new Set<Delivery>();
        const isOver = this.#isOver(way, ends);
        const joins = joinedOf(way, this.#written, isOver, joined);
        for (const { place, crossing } of joins) {
          crossings[place] = crossing;
        }
        for (const read of way.read.values()) {
          if (!joined.has(read)) strays.push(read);
        }
      }
    }
    return { crossings, strays: strays.sort((a, b) => a.atMs - b.atMs) };
  }

  /** Visits all lines that have arrived, and how each was read first. */
  eachArrived(visit: (sent: Sent, read: Delivery) => void): void {
    const written = this.#written;
    for (const { ways } of this.#connections.values()) {
      for (const way of ways.values()) {
        if (way.altered.size === 0) {
          for (const place of way.places) {
            const read = plainRead(written[place]!, way);
            if (read !== undefined) visit(written[place]!, read);
          }
          continue;
        }
        for (const { crossing } of joinedOf(way, written, true, new Set())) {
          const [read] = crossing.copies;
          if (read !== undefined) visit(crossing.sent, read);
        }
      }
    }
  }

  /** Whether nothing written in this direction will be read any more. */
  #isOver({ places, readerLives }: Way, ends: Connection["ends"]): boolean {
    if (places.length === 0) return true;
    const first = this.#written[places[0]!]!;
    const reader = ends.get(first.to);
    // A server that never finished the handshake has not read what followed it.
    return reader?.isOver ??
      (ends.get(first.server)?.isOver || this.#livesOf(first.to) > readerLives);
  }
}

/** How a line was read, in a direction in which nothing was altered. */
function plainRead(
  { number, line }: Sent,
  { read }: Way,
): Delivery | undefined {
  const one = read.get(number!);
  return one?.line === line ? one : undefined;
}

/** What happened to each line that was written in one direction. */
function* joinedOf(
  way: Way,
  written: readonly Sent[],
  isOver: boolean,
  joined: Set<Delivery>,
): Iterable<{ readonly place: number; readonly crossing: Crossing }> {
  const { places, read, altered, lastRead } = way;
  const alteredNumbers = [...altered.keys()].sort((a, b) => a - b);
  let passed = 0;
  /** How much greater a line's number is for its reader. */
  let shift = 0;
  for (
    const place of places.sort((a, b) =>
      written[a]!.number! - written[b]!.number!
    )
  ) {
    const event = written[place]!;
    const number = event.number!;
    // Nearly all: no fault has had a part in it.
    if (alteredNumbers.length === 0) {
      const one = plainRead(event, way);
      if (one !== undefined) {
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
      // If lines of a list were altered, it may have taken this line as one of
      // its own.
      if (lastRead > numbers[0]!) return passed > 0 ? "lost" : "ignored";
      return isOver ? "lost" : "unknown";
    };
    const corrupted = isCorrupted ? others : EMPTY;
    yield { place, crossing: { sent: event, fate: fate(), copies, corrupted } };
  }
}

/** The numbers that a line has for its reader. */
function numbersOf(altered: readonly Altered[]): number[] {
  return altered.flatMap(({ as }) => as ?? []);
}

/** All crossings of a complete history. */
export function crossingsOf(history: Iterable<HistoryEvent>): Crossings {
  const reader = new CrossingReader();
  for (const event of history) reader.take(event);
  return reader.crossings();
}
