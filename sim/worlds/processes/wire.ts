/**
 * The messages between a world of processes and one of its servers.
 *
 * @module
 */
import type { FromAsked, ToAsked } from "../ask.ts";
import type { Answers, Question } from "../questions.ts";
import type { ServerReport, ServerStart } from "../world.ts";

export type Order =
  | {
    readonly kind: "start";
    readonly server: ServerStart;
    /** By how much its clock is ahead of that of whom it reports to. */
    readonly aheadMs?: number;
  }
  | { readonly kind: "ping" }
  | { readonly kind: "stop" }
  | { readonly kind: "crash"; readonly why: string };

export type Report =
  | ServerReport
  | {
    readonly kind: "pong";
    /** When it said that, by its own clock, in milliseconds since the epoch. */
    readonly atMs: number;
  };

/** What a process has used of its machine. */
export interface Usage {
  /** Processor time of user and system, in microseconds. */
  readonly cpuUs: number;
  readonly rssBytes: number;
}

/** What a server is asked, or its process. */
export type ProcessQuestion = Question | { readonly ask: "usage" };

export interface ProcessAnswers extends Answers {
  readonly usage: Usage;
}

export type ToServer = Order | ToAsked<ProcessQuestion>;
export type FromServer = Report | FromAsked<ProcessAnswers>;
