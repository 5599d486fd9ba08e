/**
 * The worker of the embedded places service. It listens at once, so that its
 * address is known, and reads the towns later.
 *
 * @module
 */
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import type { Misbehaviour } from "../../model/faults/misbehaviour.ts";
import {
  Answerer,
  Asker,
  type FromAsked,
  type ToAsked,
} from "../../worlds/ask.ts";
import { parentPort } from "../../worlds/threads/port.ts";
import defer * as indexes from "./index.ts";
import { PlacesService, type TlsOptions } from "./service.ts";
import type { TownsFiles } from "./towns_files.ts";

/** The orders to the worker: to listen, once; or to misbehave. */
export type PlacesQuestion =
  | {
    readonly ask: "listen";
    /** The only accepted key; by default any, and none. */
    readonly key?: string;
    readonly tls?: TlsOptions;
    /** Whether towns are only read at the first request. */
    readonly waits: boolean;
  }
  | { readonly ask: "misbehave"; readonly mode: Misbehaviour };

/** The worker's answers. */
export interface PlacesAnswers {
  /** The base address, and the TLS port if there is one. */
  readonly listen: { readonly base: string; readonly tlsPort?: number };
  /** How many requests the previous mode affected. */
  readonly misbehave: number;
}

/** The worker's own question, asked once. */
export interface TownsQuestion {
  readonly ask: "towns";
}

/** The answer to it. */
export interface TownsAnswers {
  readonly towns: TownsFiles;
}

/**
 * Milliseconds until the towns are read without a request. This keeps a
 * processor busy for a third of a second while the servers of the herd start,
 * so they go first, unless somebody asks for places before.
 */
const QUIET_MS = 500;

const port = parentPort<
  ToAsked<PlacesQuestion> | FromAsked<TownsAnswers>,
  FromAsked<PlacesAnswers> | ToAsked<TownsQuestion>
>();
const { clock } = denoPlatform;
const asker = new Asker<TownsQuestion, TownsAnswers>(
  "The main thread",
  clock,
  port.post,
);
const answerer = new Answerer<PlacesQuestion, PlacesAnswers>(
  port.post,
  (question) =>
    question.ask === "listen"
      ? listen(question)
      : service?.misbehave(question.mode) ?? 0,
);
let service: PlacesService | undefined;
let index: Promise<indexes.TownIndex> | undefined;

/** The index, built by the first call. */
function townIndex(): Promise<indexes.TownIndex> {
  return index ??= makeIndex();
}

async function makeIndex(): Promise<indexes.TownIndex> {
  const files = await asker.ask<"towns">({ ask: "towns" });
  return new indexes.TownIndex(files);
}

async function listen(
  { key, tls, waits }: Extract<PlacesQuestion, { ask: "listen" }>,
): Promise<PlacesAnswers["listen"]> {
  service = await PlacesService.listen({
    ...key !== undefined && { key },
    ...tls && { tls },
    findTowns: async (...asked) => (await townIndex()).around(...asked),
  });
  // If the towns can't be read, the error is uncaught and reaches the parent.
  if (!waits) clock.after(QUIET_MS, townIndex);
  const { base, tlsPort } = service;
  return { base, ...tlsPort !== undefined && { tlsPort } };
}

port.listen((message) => {
  if (message.kind === "ask" || message.kind === "forget") {
    answerer.hear(message);
  } else asker.hear(message);
});
