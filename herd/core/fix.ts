/**
 * A fix: where a client was at a time, as the server that heard it wrote it down.
 *
 * @module
 */
import type { ByteString } from "./bytes.ts";
import { compareDecimals, type Instant } from "./decimal.ts";

/** What a fix is made of, each field as it came on the wire. */
export interface FixFields {
  /** The server that the client spoke to. */
  readonly server: ByteString;
  /** That server's clock minus `time`, in seconds: `+0.263873386`. */
  readonly difference: ByteString;
  /** The client's ID. */
  readonly client: ByteString;
  /** `+34.068930-118.445127`. */
  readonly position: ByteString;
  /** POSIX seconds, the client's own digits. */
  readonly time: ByteString;
}

/**
 * One fix, kept as its AT line: the only form in which it ever leaves a server.
 */
export class Fix {
  /** `AT <server> <difference> <client> <position> <time>`. */
  readonly line: ByteString;
  readonly #seconds: number;
  readonly #nanos: number;

  /**
   * A fix of an AT line that has been read.
   *
   * @param line The AT line, with one space between two fields; in memory of
   * its own, for it is kept.
   * @param time The instant that its last field tells.
   */
  constructor(line: ByteString, time: Instant) {
    this.line = line;
    this.#seconds = time.seconds;
    this.#nanos = time.nanos;
  }

  /** The time as the client wrote it. */
  get time(): ByteString {
    return this.line.slice(this.line.lastIndexOf(" ") + 1);
  }

  /** The client's ID. */
  get client(): ByteString {
    return this.fields().client;
  }

  /** The fields of the line. */
  fields(): FixFields {
    const [, server, difference, client, position, time] = this.line.split(" ");
    return {
      server: server!,
      difference: difference!,
      client: client!,
      position: position!,
      time: time!,
    };
  }

  /**
   * Orders two times: below 0 if this fix is the older one, 0 if they are
   * equal in value.
   */
  compareTime(other: Fix): number {
    // Two times beyond all doubles give a NaN, which says as little as a 0.
    return this.#seconds - other.#seconds || this.#nanos - other.#nanos ||
      compareDecimals(this.time, other.time);
  }

  /**
   * The total order by which the herd agrees: by time, and on equal times by
   * the bytes of the line. Keeping the greater of two fixes is idempotent,
   * commutative and associative, so in whatever order, and however often,
   * fixes arrive, all servers end with the same (a state-based CRDT, Shapiro
   * et al. 2011).
   */
  isNewerThan(other: Fix): boolean {
    return (this.compareTime(other) || compareBytes(this.line, other.line)) > 0;
  }
}

function compareBytes(a: ByteString, b: ByteString): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
