/**
 * What a server allows at most, so that no client and no neighbour can exhaust
 * its memory or its time.
 *
 * @module
 */

/** Limits of one server. A value of `Infinity` turns a limit off. */
export interface Limits {
  /** Bytes of a line, without its terminator. */
  readonly lineBytesMax: number;
  /** Bytes of a client's ID. */
  readonly clientBytesMax: number;
  /** Number of clients held, above which clients can't add a new one. */
  readonly clientsMax: number;
  /**
   * Bytes of memory for their AT lines, above which clients can't add another.
   */
  readonly recordBytesMax: number;
  /** Bytes of client input, above which the greatest holders are closed. */
  readonly inputTotalBytesMax: number;
  /**
   * Client connections. Neighbours, and connections without a first line, are
   * counted apart.
   */
  readonly connectionsMax: number;
  /** WHATSAT under way on one connection, above which it is not read. */
  readonly lookupsPerConnectionMax: number;
  /** Unsent bytes of replies on one connection, above which it is not read. */
  readonly unsentBytesMax: number;
  /** The same of all connections, above which those with most are not read. */
  readonly unsentTotalBytesMax: number;
  /** Milliseconds without progress after which unsent replies are dropped. */
  readonly unsentStallMsMax: number;
  /** Milliseconds in which a new connection must send its first whole line. */
  readonly firstLineMsMax: number;
  /** Milliseconds without a line after which a client that has sent one is closed. */
  readonly idleMsMax: number;
  /** Incoming handshakes under way; one more is reserved for each neighbour. */
  readonly handshakesMax: number;
  /** Milliseconds in which the next line of a handshake must arrive. */
  readonly handshakeLineMsMax: number;
  /**
   * Milliseconds for a whole handshake, and for opening a connection for one.
   */
  readonly handshakeMsMax: number;
  /** Milliseconds for a fix to become durable before its client is closed. */
  readonly durableMsMax: number;
  /**
   * Milliseconds of work for one connection before the others get their turn.
   */
  readonly turnMsMax: number;
  /** Milliseconds after which a query ends with the answers so far. */
  readonly queryMsMax: number;
  /** Queries under way, this server's own and forwarded ones. */
  readonly queriesMax: number;
  /** Milliseconds that a client's time may be ahead of the server's clock. */
  readonly futureMsMax: number;
}

export type LimitUnit = "bytes" | "ms" | "number";

export interface LimitSpec {
  readonly unit: LimitUnit;
  /** The default; infinite: the limit is off. */
  readonly usual: number;
  readonly min: number;
  /** The greatest value, other than off. */
  readonly max: number;
  /** What is limited, as shown to users. */
  readonly of: string;
  /** What happens when the limit is reached, as shown to users. */
  readonly effect: string;
  /** The event that the log records when it is reached. */
  readonly event: string;
}

const KIB = 1_024;
const MIB = 1_048_576;
const SECOND = 1_000;
const HOUR = 3_600_000;
/** Timers take no more than 2³¹−1 ms; a longer one ends at once. */
const TIMER_MS_MAX = 596 * HOUR;
/** No timer is set for these limits, so a century is allowed. */
const CENTURY_MS = 876_600 * HOUR;
/**
 * The greatest `lineBytesMax`: an AT line may be twice as long as the IAMAT
 * line that it comes from, and must fit into a segment of the store.
 */
const LINE_BYTES_CAP = 500_000;

/** A default, a minimum and a maximum. */
function range(
  unit: LimitUnit,
  usual: number,
  min: number,
  max: number,
): Pick<LimitSpec, "unit" | "usual" | "min" | "max"> {
  return { unit, usual, min, max };
}

/** Every limit, with its default, its range and its effect. */
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

/** Limits of a server, by default. */
export const DEFAULT_LIMITS: Limits = Object.fromEntries(
  LIMIT_KEYS.map((key) => [key, LIMITS[key].usual]),
) as unknown as Limits;

/**
 * What an AT line may exceed twice its IAMAT line by: the names. Twice, because
 * the difference of a very long time has all its digits too.
 */
const LINK_LINE_EXTRA_BYTES = 4_096;

/** Maximum bytes of a line on a link. */
export function linkLineBytesMax(
  { lineBytesMax }: Pick<Limits, "lineBytesMax">,
): number {
  return 2 * lineBytesMax + LINK_LINE_EXTRA_BYTES;
}

export function isLimit(key: keyof Limits, value: number): boolean {
  const { usual, min, max } = LIMITS[key];
  const isOff = value === Infinity && usual === Infinity;
  return isOff || Number.isInteger(value) && value >= min && value <= max;
}

/**
 * Checks limits.
 *
 * @throws {RangeError} If a limit does not exist, or its value is not allowed.
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
