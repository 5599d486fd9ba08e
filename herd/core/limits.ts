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
  /** Handshakes under way that others have begun; each neighbour has one kept. */
  readonly handshakesMax: number;
  /** Milliseconds in which the next line of a handshake must come. */
  readonly handshakeLineMsMax: number;
  /** Milliseconds in which a handshake must be done, and a connection be made for it. */
  readonly handshakeMsMax: number;
  /** Milliseconds of work for one connection before the others have their turn. */
  readonly turnMsMax: number;
  /** Milliseconds after which a query ends with what has come. */
  readonly queryMsMax: number;
  /** Queries under way, this server's and others'. */
  readonly queriesMax: number;
}

/** The limits that a server has unless told otherwise. */
export const DEFAULT_LIMITS: Limits = {
  lineBytesMax: 65_536,
  clientBytesMax: 1_024,
  clientsMax: 1_000_000,
  recordBytesMax: 268_435_456,
  inputTotalBytesMax: 67_108_864,
  connectionsMax: 10_000,
  lookupsPerConnectionMax: 64,
  unsentBytesMax: 1_048_576,
  unsentTotalBytesMax: 268_435_456,
  unsentStallMsMax: 30_000,
  firstLineMsMax: 30_000,
  handshakesMax: 16,
  handshakeLineMsMax: 5_000,
  handshakeMsMax: 20_000,
  turnMsMax: 4,
  queryMsMax: 2_000,
  queriesMax: 4_096,
};

/**
 * The longest line that a server can be told to allow: an AT line may be twice
 * as long as the IAMAT line it comes from, and must fit into a segment of the
 * store.
 */
const LINE_BYTES_CAP = 500_000;
/** The longest that a timer takes. */
const TIMER_MS_CAP = 2 ** 31 - 1;

/**
 * Checks limits.
 *
 * @throws {RangeError} If one is no whole number from 0, or allows more than a
 * server can hold.
 */
export function checkLimits(limits: Limits): void {
  for (const [name, value] of Object.entries(limits)) {
    if (Number.isSafeInteger(value) && value >= 0) continue;
    throw new RangeError(
      `Cannot use the limit ${name}: it must be a whole number, not ${value}`,
    );
  }
  // A timer of more ends at once.
  for (const [name, value] of Object.entries(limits)) {
    if (!name.endsWith("MsMax") || value <= TIMER_MS_CAP) continue;
    throw new RangeError(
      `Cannot set ${name} to ${value}: at most ${TIMER_MS_CAP}`,
    );
  }
  if (limits.lineBytesMax > LINE_BYTES_CAP) {
    throw new RangeError(
      `Cannot allow lines of ${limits.lineBytesMax} bytes: at most ${LINE_BYTES_CAP}`,
    );
  }
}
