/**
 * The messages between a world of processes and one of its servers.
 *
 * @module
 */
import type { FromAsked, ToAsked } from "../ask.ts";
import type { Answers, Question } from "../questions.ts";
import type { ServerReport, ServerStart } from "../world.ts";

export type Order =
  | { readonly kind: "start"; readonly server: ServerStart }
  | { readonly kind: "ping" }
  | { readonly kind: "stop" }
  | { readonly kind: "crash"; readonly why: string };

export type Report = ServerReport | { readonly kind: "pong" };

export type ToServer = Order | ToAsked<Question>;
export type FromServer = Report | FromAsked<Answers>;
