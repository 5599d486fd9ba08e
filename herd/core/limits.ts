/**
 * What a server allows at most, so that no client and no neighbour can use up
 * its memory or its time.
 *
 * @module
 */

/** The limits of one server. */
export interface Limits {
  /** Bytes of a line, its terminator not counted. */
  readonly lineBytesMax: number;
  /** Bytes of a client's ID. */
  readonly clientBytesMax: number;
  /** Clients whose fix is held, before no client's line brings a new one. */
  readonly clientsMax: number;
  /** Bytes of memory for their AT lines, before no client's line brings a new one. */
  readonly recordBytesMax: number;
  /** Bytes of input of clients that is held, before those who hold most are closed. */
  readonly inputTotalBytesMax: number;
  /** Clients that are served; neighbours, and who is yet to tell, have places of their own. */
  readonly connectionsMax: number;
  /** WHATSAT under way on one connection, before it is read no further. */
  readonly lookupsPerConnectionMax: number;
  /** Unsent bytes of replies on one connection, before it is read no further. */
  readonly unsentBytesMax: number;
  /** The same of all connections, before those with most are read no further. */
  readonly unsentTotalBytesMax: number;
  /** Milliseconds without progress, after which unsent replies are given up. */
  readonly unsentStallMsMax: number;
  /** Milliseconds in which a new connection must send its first full line. */
  readonly firstLineMsMax: number;
  /** Milliseconds without a line after which a client that has sent one is closed. */
  readonly idleMsMax: number;
  /** Handshakes under way that others have begun; each neighbour has one kept. */
  readonly handshakesMax: number;
  /** Milliseconds in which the next line of a handshake must come. */
  readonly handshakeLineMsMax: number;
  /** Milliseconds in which a handshake must be done, and a connection be made for it. */
  readonly handshakeMsMax: number;
  /** Milliseconds until a fix is as durable as is asked for, before its client is closed. */
  readonly durableMsMax: number;
  /** Milliseconds of work for one connection before the others have their turn. */
  readonly turnMsMax: number;
  /** Milliseconds after which a query ends with what has come. */
  readonly queryMsMax: number;
  /** Queries under way, this server's and others'. */
  readonly queriesMax: number;
  /** Milliseconds that a client's time may be ahead of the server's clock; infinite: any. */
  readonly futureMsMax: number;
}

export type LimitUnit = "bytes" | "ms" | "number";

export interface LimitSpec {
  readonly unit: LimitUnit;
  /** Its value by default; infinite: it is off. */
  readonly usual: number;
  readonly min: number;
  /** The greatest value, other than off. */
  readonly max: number;
  /** What is limited, for people. */
  readonly of: string;
  /** What happens when it is met, for people. */
  readonly effect: string;
  /** The event by which the log tells that it was met. */
  readonly event: string;
}

const KIB = 1_024;
const MIB = 1_048_576;
const SECOND = 1_000;
const HOUR = 3_600_000;
/** Timers take no more than 2³¹−1 ms; one of more ends at once. */
const TIMER_MS_MAX = 596 * HOUR;
/** No timer waits for it, so it may be a century. */
const CENTURY_MS = 876_600 * HOUR;
/**
 * The longest line that a server can be told to allow: an AT line may be twice
 * as long as the IAMAT line it comes from, and must fit into a segment of the
 * store.
 */
const LINE_BYTES_CAP = 500_000;

/** A default, and the least and the greatest value. */
function range(
  unit: LimitUnit,
  usual: number,
  min: number,
  max: number,
): Pick<LimitSpec, "unit" | "usual" | "min" | "max"> {
  return { unit, usual, min, max };
}

/** Every limit: its default and its range, and what it does. */
export const LIMITS: Readonly<Record<keyof Limits, LimitSpec>> = {
  lineBytesMax: {
    ...range("bytes", 64 * KIB, 256, LINE_BYTES_CAP),
    of: "a line",
    effect: "the line gets its `?`, and the connection is closed",
    event: "line-too-long",
  },
  clientBytesMax: {
    ...range("bytes", KIB, 1, LINE_BYTES_CAP),
    of: "a client's ID",
    effect: "the line gets its `?`",
    event: "client-too-long",
  },
  clientsMax: {
    ...range("number", 1_000_000, 0, 10_000_000),
    of: "clients of a server",
    effect:
      "a client's line with a new one gets its `?`; a known one goes on, and so do links",
    event: "clients-full",
  },
  recordBytesMax: {
    ...range("bytes", 256 * MIB, 0, 4_096 * MIB),
    of: "memory for the records of clients",
    effect: "as for `clients_max`",
    event: "records-full",
  },
  futureMsMax: {
    ...range("ms", Infinity, 0, CENTURY_MS),
    of: "how far a time may be ahead of the server's clock",
    effect: "a client's line gets its `?`; see below",
    event: "time-too-far",
  },
  connectionsMax: {
    ...range("number", 10_000, 1, 1_000_000),
    of: "clients that are connected",
    effect: "a further one is closed when it speaks; see below",
    event: "too-many-connections",
  },
  firstLineMsMax: {
    ...range("ms", 30 * SECOND, 1, TIMER_MS_MAX),
    of: "time for a first full line",
    effect: "the connection is closed",
    event: "first-line-late",
  },
  idleMsMax: {
    ...range("ms", HOUR, 1, TIMER_MS_MAX),
    of: "time without a line, once one has come",
    effect: "the connection is closed, up to two minutes later",
    event: "idle",
  },
  inputTotalBytesMax: {
    ...range("bytes", 64 * MIB, 1, 4_096 * MIB),
    of: "unfinished lines of all connections",
    effect: "the connections that hold most are closed",
    event: "input-full",
  },
  unsentBytesMax: {
    ...range("bytes", MIB, 1, 1_024 * MIB),
    of: "unsent replies on a connection",
    effect: "it is read no further until some have left",
    event: "unsent-full",
  },
  unsentTotalBytesMax: {
    ...range("bytes", 256 * MIB, 1, 4_096 * MIB),
    of: "unsent replies of all connections",
    effect: "those with more than a small part of it are read no further",
    event: "unsent-total-full",
  },
  unsentStallMsMax: {
    ...range("ms", 30 * SECOND, 1, TIMER_MS_MAX),
    of: "time in which unsent replies make no progress",
    effect: "the connection is closed",
    event: "stalled",
  },
  lookupsPerConnectionMax: {
    ...range("number", 64, 1, 100_000),
    of: "`WHATSAT` under way on a connection",
    effect: "it is read no further until one is answered",
    event: "lookups-full",
  },
  durableMsMax: {
    ...range("ms", 10 * SECOND, 1, TIMER_MS_MAX),
    of: "time until a fix is as durable as is asked for",
    effect: "its reply is withheld, and the connection is closed",
    event: "durable-late",
  },
  turnMsMax: {
    ...range("ms", 4, 1, 10 * SECOND),
    of: "work for one connection",
    effect: "the others have their turn first, who worked least first",
    event: "turn-over",
  },
  handshakesMax: {
    ...range("number", 16, 1, 10_000),
    of: "handshakes under way",
    effect: "the oldest makes room, once it has had a second",
    event: "handshakes-full",
  },
  handshakeLineMsMax: {
    ...range("ms", 5 * SECOND, 1, TIMER_MS_MAX),
    of: "time for the next line of a handshake",
    effect: "the connection is closed",
    event: "handshake-dropped",
  },
  handshakeMsMax: {
    ...range("ms", 20 * SECOND, 1, TIMER_MS_MAX),
    of: "time for a handshake",
    effect: "the connection is closed",
    event: "handshake-dropped",
  },
  queryMsMax: {
    ...range("ms", 2 * SECOND, 1, TIMER_MS_MAX),
    of: "time for a query",
    effect: "it ends with what has come",
    event: "query-unanswered",
  },
  queriesMax: {
    ...range("number", 4_096, 1, 1_000_000),
    of: "queries under way in a server",
    effect: "it answers a further one by itself, unasked links counted",
    event: "queries-full",
  },
};

export const LIMIT_KEYS: readonly (keyof Limits)[] = Object.keys(
  LIMITS,
) as (keyof Limits)[];

/** The default limits of a server. */
export const DEFAULT_LIMITS: Limits = Object.fromEntries(
  LIMIT_KEYS.map((key) => [key, LIMITS[key].usual]),
) as unknown as Limits;

export function isLimit(key: keyof Limits, value: number): boolean {
  const { usual, min, max } = LIMITS[key];
  const isOff = value === Infinity && usual === Infinity;
  return isOff || Number.isInteger(value) && value >= min && value <= max;
}

/**
 * Checks limits.
 *
 * @throws {RangeError} If there is no such limit, or it may not have that value.
 */
export function checkLimits(limits: Partial<Limits>): void {
  for (const [name, value] of Object.entries(limits)) {
    const key = LIMIT_KEYS.find((key) => key === name);
    if (key === undefined) {
      throw new RangeError(`Cannot use the limit ${name}: there is none`);
    }
    if (isLimit(key, value)) continue;
    const { min, max } = LIMITS[key];
    throw new RangeError(
      `Cannot set ${key} to ${value}: it must be a whole number from ${min} to ${max}`,
    );
  }
}
