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
import { Thread } from "../../worlds/threads/thread.ts";
import { type TownsFiles, townsFiles } from "./towns_files.ts";
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
  const thread = new PlacesThread(clock);
  const listening = await thread.listen({
    ask: "listen",
    waits,
    ...!isOpen && { key },
    ...tls && { tls },
  });
  const stop = () => thread.stop();
  return {
    ...listening,
    key,
    misbehave: (mode) => thread.misbehave(mode),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** The thread of the service, which gets the towns when it asks for them. */
class PlacesThread {
  readonly #thread: Thread<
    PlacesQuestion,
    PlacesAnswers,
    FromAsked<TownsAnswers>,
    ToAsked<TownsQuestion>
  >;
  #givingTowns: Promise<TownsFiles> | undefined;

  constructor(clock: Clock) {
    const towns = new Answerer<TownsQuestion, TownsAnswers>(
      (answer) => this.#thread.tell(answer),
      () => this.#givingTowns = this.#townsFiles(),
    );
    // The towns are read on this side, so the worker needs no permission to
    // read.
    this.#thread = new Thread({
      name: "places",
      module: new URL(import.meta.resolve("./worker.ts")),
      permissions: { net: ["127.0.0.1"] },
      clock,
      onReport: (question) => towns.hear(question),
      onError: (why) => this.#end(why),
    });
  }

  listen(
    question: Extract<PlacesQuestion, { ask: "listen" }>,
  ): Promise<PlacesAnswers["listen"]> {
    return this.#thread.ask<"listen">(question);
  }

  misbehave(mode: Misbehaviour): Promise<number> {
    return this.#thread.ask<"misbehave">({ ask: "misbehave", mode });
  }

  async stop(): Promise<void> {
    this.#end("it was stopped");
    await this.#givingTowns?.catch(() => {});
  }

  async #townsFiles(): Promise<TownsFiles> {
    try {
      return await townsFiles();
    } catch (error) {
      this.#end(`the towns cannot be read: ${error}`);
      throw error;
    }
  }

  #end(why: string): void {
    this.#thread.end(ended(why));
  }
}

function ended(why: string): Error {
  return new Error(`The places service ended: ${why}`);
}
