/**
 * The main thread's side of the embedded places service.
 *
 * @module
 */
import type { Clock } from "../../../herd/net/platform.ts";
import type { PlacesOptions } from "../../../herd/net/places/lookup.ts";
import type { Misbehaviour } from "../../model/faults/misbehaviour.ts";
import { Answerer, type FromAsked, type ToAsked } from "../../worlds/ask.ts";
import type { TlsOptions } from "./service.ts";
import type { TownsFound } from "./towns_found.ts";
import { oneModule } from "../../worlds/threads/one_module.ts";
import { Thread } from "../../worlds/threads/thread.ts";
import { townsFetched, type TownsFiles, townsFiles } from "./towns_files.ts";
import type {
  PlacesAnswers,
  PlacesQuestion,
  TownsAnswers,
  TownsQuestion,
} from "./worker.ts";

export interface StartPlacesOptions {
  readonly clock: Clock;
  /** The only accepted key; `embedded` by default. */
  readonly key?: string;
  /** Whether any key is accepted, and none too. */
  readonly isOpen?: boolean;
  /** A certificate, to serve TLS as well. */
  readonly tls?: TlsOptions;
  /**
   * Whether towns are only read at the first request; otherwise also without
   * one.
   */
  readonly waits?: boolean;
}

/** Where servers get places from. */
export interface Places {
  /** The options that servers get; absent without a source. */
  readonly options?: PlacesOptions;
  /** What it has found so far; absent where that is not recorded. */
  readonly found?: TownsFound;
  /** Like {@linkcode EmbeddedPlaces.misbehave}; absent for other services. */
  misbehave?(mode: Misbehaviour): Promise<number>;
  stop(): Promise<void>;
}

/** A running places service. Its methods can be called without it. */
export interface EmbeddedPlaces extends PlacesOptions, AsyncDisposable {
  /** A key that it accepts. */
  readonly key: string;
  /** The TLS port, if it has a certificate. */
  readonly tlsPort?: number;
  /**
   * Sets how all requests are answered from when this resolves, which is to the
   * number of requests that the previous mode affected.
   */
  misbehave(mode: Misbehaviour): Promise<number>;
  stop(): Promise<void>;
}

const KEY = "embedded";

/**
 * Starts the service in a worker of its own, on a free port of 127.0.0.1.
 *
 * It listens when this resolves, and reads its towns at the first request, or
 * unasked half a second later, unless it is told to wait. If the service dies
 * later, connections to it are refused, and lookups say so.
 *
 * @throws {Error} If the worker ends before it listens.
 * @example
 * ```ts
 * import { denoPlatform } from "../../../herd/net/deno_platform.ts";
 * import { startPlaces } from "./places.ts";
 * import { PlacesLookup } from "../../../herd/net/places/lookup.ts";
 * import { assert } from "@std/assert";
 *
 * await using places = await startPlaces(denoPlatform);
 * const lookup = new PlacesLookup(denoPlatform, places);
 * const body = await lookup.find({
 *   position: "+34.068930-118.445127",
 *   radiusKm: "10",
 *   items: 5,
 * }, "a client");
 * assert(body.includes('"name" : "Westwood"'));
 * lookup.close();
 * ```
 */
export async function startPlaces(
  options: StartPlacesOptions,
): Promise<EmbeddedPlaces> {
  const { clock, key = KEY, isOpen = false, tls, waits = false } = options;
  await townsFetched(clock);
  let givingTowns: Promise<TownsFiles> | undefined;
  const end = (why: string) =>
    thread.end(new Error(`The places service ended: ${why}`));
  const towns = new Answerer<TownsQuestion, TownsAnswers>(
    (answer) => thread.tell(answer),
    () =>
      givingTowns = townsFiles().catch((error) => {
        end(`the towns cannot be read: ${error}`);
        throw error;
      }),
  );
  // For packing, a worker's module must be a literal in a URL of its own.
  const module = new URL(import.meta.resolve("./worker.ts"));
  // The towns are read on this side, so the worker needs no permission to read.
  const thread = new Thread<
    PlacesQuestion,
    PlacesAnswers,
    FromAsked<TownsAnswers>,
    ToAsked<TownsQuestion>
  >({
    name: "places",
    module: oneModule(module),
    permissions: { net: ["127.0.0.1"] },
    clock,
    onReport: (question) => towns.hear(question),
    onError: end,
  });
  const listening = await thread.ask<"listen">({
    ask: "listen",
    waits,
    ...!isOpen && { key },
    ...tls && { tls },
  });
  const stop = async () => {
    end("it was stopped");
    await givingTowns?.catch(() => {});
  };
  return {
    ...listening,
    key,
    misbehave: (mode) => thread.ask<"misbehave">({ ask: "misbehave", mode }),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
