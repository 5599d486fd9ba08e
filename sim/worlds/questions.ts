/**
 * The questions to servers that can be observed from inside, with the type of
 * each answer.
 *
 * @module
 */
import type { DiskTrouble } from "../model/faults/disk_trouble.ts";
import type { ByteString } from "../../herd/core/bytes/bytes.ts";
import type {
  RecordAnswer,
  ServerDigest,
  ServerStats,
} from "../../herd/net/account.ts";
import type { Neighbour } from "../../herd/net/neighbour.ts";
import type { Skew } from "../model/faults/skew.ts";

/** A digest of a server's records, and when it was taken. */
export interface TimedDigest extends ServerDigest {
  /** In milliseconds since the epoch. */
  readonly atMs: number;
}

/** When a server held a fix, in milliseconds since the epoch. */
export interface Holding {
  /** When it got the question. */
  readonly askedMs: number;
  /** When it was found to hold the fix. */
  readonly atMs: number;
  /**
   * Until when it is known to have lacked the fix; left out if it may have held
   * it before it got the question.
   */
  readonly lackedMs?: number;
}

/** A server's counters, and what its world knows of it. */
export interface HostedStats extends ServerStats {
  /** Bytes of its heap in use. */
  readonly heapBytes: number;
}

/** The questions to a server, and the type of each answer. */
export interface Answers {
  /** The counters since its start. */
  readonly stats: HostedStats;
  /** Count and fingerprint of its records. */
  readonly digest: TimedDigest;
  /** All its records, as AT lines. */
  readonly records: ByteString[];
  /** What it would answer to a WHATSAT of one client. */
  readonly record: RecordAnswer;
  /** Answers once it holds a fix, or could have answered with it. */
  readonly held: Holding;
  /** From now on it dials the neighbour at the new address. */
  readonly readdress: null;
  /** Whether a connection to an old address was closed. */
  readonly redial: boolean;
  /** Its clock is skewed as ordered. */
  readonly skew: null;
  /** Its disk fails as ordered. */
  readonly trouble: null;
  /** It records into the memory, or no longer. */
  readonly trace: null;
}

/**
 * A question: `record` names a client, `held` an AT line to wait for. Some are
 * orders to do something.
 */
export type Question =
  | { readonly ask: "stats" }
  | { readonly ask: "digest" }
  | { readonly ask: "records" }
  | { readonly ask: "record"; readonly client: ByteString }
  | { readonly ask: "held"; readonly at: ByteString }
  | { readonly ask: "readdress"; readonly neighbour: Neighbour }
  | {
    readonly ask: "redial";
    readonly peer: string;
    /** The reason reported for the link that goes down. */
    readonly why: string;
  }
  | { readonly ask: "skew"; readonly skew: Skew }
  | { readonly ask: "trouble"; readonly trouble: DiskTrouble }
  | {
    readonly ask: "trace";
    /**
     * From `traceMemory`: records into it while there is room; `undefined` to
     * stop.
     */
    readonly memory: SharedArrayBuffer | undefined;
  };
