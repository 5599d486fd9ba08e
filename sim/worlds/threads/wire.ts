/**
 * The messages between a world of threads and a server's worker, as one tagged
 * union for each direction.
 *
 * @module
 */
import type { FromAsked, ToAsked } from "../ask.ts";
import type { OwnReport } from "../hosted_server.ts";
import type { Answers, Question } from "../questions.ts";
import type { ServerStart } from "../world.ts";

/** Everything a worker needs, so that loading and starting is one step. */
export interface StartMessage extends Omit<ServerStart, "trace"> {
  readonly kind: "start";
  /** The memory for its trace; see `TraceWriter`. */
  readonly trace?: SharedArrayBuffer;
  /** What the worker's clock is set by; see `alignedOrigin`. */
  readonly systemAheadMs: number;
  /** One Int32 of shared memory: a paused worker sleeps while it is 1. */
  readonly pauseFlag: SharedArrayBuffer;
}

export type ToWorker =
  | StartMessage
  | { readonly kind: "ping" }
  | { readonly kind: "pause" }
  | { readonly kind: "stop" }
  | { readonly kind: "crash"; readonly why: string }
  | ToAsked<Question>;

export type FromWorker =
  | { readonly kind: "pong" }
  | { readonly kind: "paused" }
  | OwnReport
  | FromAsked<Answers>;
