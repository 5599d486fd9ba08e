/**
 * The messages between a world of threads and the worker of one of its servers,
 * one tagged union each way.
 *
 * @module
 */
import type { FromAsked, ToAsked } from "../ask.ts";
import type { OwnReport } from "../hosted_server.ts";
import type { Answers, Question } from "../questions.ts";
import type { ServerStart } from "../world.ts";
import type { ClockQuestion } from "./thread_clock.ts";

/** Everything a worker needs, so that it is loaded and started in one go. */
export interface StartMessage extends Omit<ServerStart, "trace"> {
  /** Which message it is. */
  readonly kind: "start";
  /** What passes through it is recorded in this; see `TraceWriter`. */
  readonly trace?: SharedArrayBuffer;
  /** Of `clockMemory`: by this the worker's clock is set before all else. */
  readonly clock: SharedArrayBuffer;
  /** One Int32 of shared memory: a paused worker sleeps while it is 1. */
  readonly pauseFlag: SharedArrayBuffer;
}

/** What is said to a worker. */
export type ToWorker =
  | StartMessage
  | { readonly kind: "ping" }
  | { readonly kind: "pause" }
  | { readonly kind: "stop" }
  | { readonly kind: "crash"; readonly why: string }
  | ToAsked<Question>;

/** What a worker says. */
export type FromWorker =
  | ClockQuestion
  | { readonly kind: "pong" }
  | { readonly kind: "paused" }
  | OwnReport
  | FromAsked<Answers>;
