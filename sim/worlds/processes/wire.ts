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

export type ToServer = Order | ToAsked<Question>;
export type FromServer = Report | FromAsked<Answers>;
