/**
 * What a server can be asked that one can look inside, with the type of each
 * answer.
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
import type { Neighbour } from "../../herd/net/peers_options.ts";
import type { Skew } from "../model/faults/skew.ts";

/** What a server held, and when. */
export interface TimedDigest extends ServerDigest {
  /** When it held that, in milliseconds since the epoch. */
  readonly atMs: number;
}

/** When a server held a fix, in milliseconds since the epoch. */
export interface Holding {
  /** When it came to the question. */
  readonly askedMs: number;
  /** When it was seen to hold it. */
  readonly atMs: number;
  /** Whether it held it before it came to the question: for how long is not known. */
  readonly isOlder: boolean;
}

/** What a server has counted, and what its world knows of it. */
export interface HostedStats extends ServerStats {
  /** Bytes of its own heap that are in use. */
  readonly heapBytes: number;
}

/** What can be asked of a server, and the answer's type. */
export interface Answers {
  /** The counters since its start. */
  readonly stats: HostedStats;
  /** Count and fingerprint of its records, never the records. */
  readonly digest: TimedDigest;
  /** All its records, as AT lines. */
  readonly records: ByteString[];
  /** What it would answer a WHATSAT of one client. */
  readonly record: RecordAnswer;
  /** That it holds a fix, or could have answered by it. */
  readonly held: Holding;
  /** The neighbour is dialled at its new address from now on. */
  readonly readdress: null;
  /** Whether a connection to an old address was given up. */
  readonly redial: boolean;
  /** The clock goes as told. */
  readonly skew: null;
  /** Its disk goes wrong as told. */
  readonly trouble: null;
  /** It records into the memory, or no more. */
  readonly trace: null;
}

/**
 * A question: `record` names a client, `held` an AT line to wait for. Some have
 * the server do something first.
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
    /** What is told of the link that goes down with it. */
    readonly why: string;
  }
  | { readonly ask: "skew"; readonly skew: Skew }
  | { readonly ask: "trouble"; readonly trouble: DiskTrouble }
  | {
    readonly ask: "trace";
    /** Of `traceMemory`: what passes through is recorded there, while it has room. */
    readonly memory: SharedArrayBuffer | undefined;
  };
