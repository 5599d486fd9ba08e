/**
 * The messages between the supervisor and a server's worker: one tagged union
 * each way, and the questions that can be asked with the type of each answer.
 *
 * @module
 */
import type { ByteString } from "../../../herd/core/bytes/bytes.ts";
import type { DisseminationMode } from "../../../herd/core/dissemination/dissemination.ts";
import type { Limits } from "../../../herd/core/limits.ts";
import type { PlantedBug } from "../../../herd/core/planted_bug.ts";
import type { ServerEvent } from "../../../herd/core/server_event.ts";
import type { LogOptions } from "../../../herd/net/log.ts";
import type { PlacesOptions } from "../../../herd/net/places/lookup.ts";
import type { Skew } from "../../model/faults/skew.ts";
import type { ClockQuestion } from "../thread_clock.ts";
import type { Neighbour } from "../../../herd/net/peers_options.ts";
import type {
  RecordAnswer,
  ServerDigest,
  ServerStats,
} from "../../../herd/net/account.ts";

/** Everything a worker needs, so that it is loaded and started in one go. */
export interface StartMessage {
  /** Which message it is. */
  readonly kind: "start";
  /** The server's name. */
  readonly name: string;
  /** The address it listens on. */
  readonly hostname: string;
  /** The port it listens on. */
  readonly port: number;
  /** The servers it is linked to, and where they listen. */
  readonly neighbours: readonly Neighbour[];
  /** The herd's secret, in hex. */
  readonly secret: string;
  /** What it allows at most, where that is not the default. */
  readonly limits?: Partial<Limits>;
  /** Who answers what is around a client. */
  readonly places?: PlacesOptions;
  /** Where it logs; no log without it. */
  readonly log?: Omit<LogOptions, "clock" | "server">;
  /** How updates get from server to server; `flood` by default. */
  readonly mode?: DisseminationMode;
  /** Whether queued echoes are cancelled. */
  readonly echoCancellation?: boolean;
  /** What passes through it is recorded in this; see `TraceWriter`. */
  readonly trace?: SharedArrayBuffer;
  /** How its clock goes; right by default. */
  readonly skew?: Skew;
  /** A bug that is planted on purpose. */
  readonly plantedBug?: PlantedBug;
  /** Of `clockMemory`: by this the worker's clock is set before all else. */
  readonly clock: SharedArrayBuffer;
  /** One Int32 of shared memory: a paused worker sleeps while it is 1. */
  readonly pauseFlag: SharedArrayBuffer;
}

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

/** What can be asked of a server, and the answer's type. */
export interface Answers {
  /** The counters since its start. */
  readonly stats: ServerStats;
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
  | {
    readonly ask: "trace";
    /** Of `traceMemory`: what passes through is recorded there, while it has room. */
    readonly memory: SharedArrayBuffer | undefined;
  };

/** What the supervisor says to a worker. */
export type ToWorker =
  | StartMessage
  | { readonly kind: "ping" }
  | { readonly kind: "pause" }
  | { readonly kind: "stop" }
  | { readonly kind: "crash"; readonly why: string }
  | { readonly kind: "ask"; readonly id: number; readonly question: Question }
  | { readonly kind: "forget"; readonly id: number };

/** What a worker says to the supervisor. */
export type FromWorker =
  | ClockQuestion
  | { readonly kind: "listening"; readonly port: number }
  | {
    readonly kind: "start-failed";
    readonly portInUse: boolean;
    readonly why: string;
  }
  | { readonly kind: "pong" }
  | { readonly kind: "paused" }
  | { readonly kind: "stopped" }
  | {
    readonly kind: "event";
    /** Milliseconds since the epoch, with fractions. */
    readonly atMs: number;
    readonly event: ServerEvent;
  }
  | {
    readonly kind: "answer";
    readonly id: number;
    readonly answer: Answers[keyof Answers];
  }
  | { readonly kind: "no-answer"; readonly id: number; readonly why: string };
