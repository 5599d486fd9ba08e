/**
 * The embedded places service, as the main thread holds it.
 *
 * @module
 */
import type { PlacesOptions } from "../../../herd/net/places/lookup.ts";
import type { Misbehaviour } from "../../model/faults/misbehaviour.ts";
import { townsFiles } from "./towns_files.ts";
import type { FromPlaces, ToPlaces } from "./worker.ts";

export interface StartPlacesOptions {
  /** The only key that is let in; `embedded` by default. */
  readonly key?: string;
}

/** A running places service. Its methods may be taken off it. */
export interface EmbeddedPlaces extends PlacesOptions, AsyncDisposable {
  /** The only key that is let in. */
  readonly key: string;
  /**
   * Has all requests from now on fare as told, as soon as this resolves: to how
   * many requests have fared as it was told before.
   */
  misbehave(mode: Misbehaviour): Promise<number>;
  /** Ends the service; its connections close. */
  stop(): Promise<void>;
}

const KEY = "embedded";

/**
 * Starts the service in a worker of its own, on a free port of 127.0.0.1.
 *
 * It listens when this resolves, and reads its towns at the first request, or
 * unasked half a second later. If the service dies later, connections to it are
 * refused, and lookups say so.
 *
 * @throws {Error} If the worker ends before it listens.
 * @example
 * ```ts
 * import { denoPlatform } from "../../../herd/net/deno_platform.ts";
 * import { startPlaces } from "./places.ts";
 * import { PlacesLookup } from "../../../herd/net/places/lookup.ts";
 * import { assert } from "@std/assert";
 *
 * await using places = await startPlaces();
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
  options: StartPlacesOptions = {},
): Promise<EmbeddedPlaces> {
  const { key = KEY } = options;
  const worker = new PlacesWorker();
  const base = await worker.start(key);
  const stop = () => worker.terminate();
  return {
    base,
    key,
    misbehave: (mode) => worker.misbehave(mode),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** The worker, and who waits for its word. */
class PlacesWorker {
  readonly #worker: Worker;
  readonly #listening = Promise.withResolvers<string>();
  /** Those who told it to misbehave, in that order. */
  readonly #told: PromiseWithResolvers<number>[] = [];
  #givingTowns: Promise<void> | undefined;
  #endedWhy: string | undefined;

  constructor() {
    // The towns are read on this side, so the worker needs no leave to read.
    this.#worker = new Worker(import.meta.resolve("./worker.ts"), {
      type: "module",
      name: "places",
      deno: { permissions: { net: ["127.0.0.1"] } },
    });
    this.#worker.onmessage = ({ data }: MessageEvent<FromPlaces>) => {
      switch (data.kind) {
        case "listening":
          return this.#listening.resolve(data.base);
        case "towns-wanted":
          this.#givingTowns = this.#giveTowns();
          return;
        case "misbehaving":
          return this.#told.shift()?.resolve(data.touched);
      }
    };
    this.#worker.onerror = (event) => {
      // Unprevented, the error would end the whole process.
      event.preventDefault();
      this.#end(event.message);
    };
  }

  start(key: string): Promise<string> {
    this.#post({ kind: "start", key });
    return this.#listening.promise;
  }

  misbehave(mode: Misbehaviour): Promise<number> {
    const told = Promise.withResolvers<number>();
    if (this.#endedWhy === undefined) {
      this.#told.push(told);
      this.#post({ kind: "misbehave", mode });
    } else {
      told.reject(ended(this.#endedWhy));
    }
    return told.promise;
  }

  async terminate(): Promise<void> {
    this.#end("it was stopped");
    await this.#givingTowns;
  }

  async #giveTowns(): Promise<void> {
    try {
      this.#post({ kind: "towns", files: await townsFiles() });
    } catch (error) {
      this.#end(`the towns cannot be read: ${error}`);
    }
  }

  #post(message: ToPlaces): void {
    this.#worker.postMessage(message);
  }

  #end(why: string): void {
    this.#endedWhy ??= why;
    this.#worker.terminate();
    this.#listening.reject(ended(why));
    for (const told of this.#told.splice(0)) told.reject(ended(why));
  }
}

function ended(why: string): Error {
  return new Error(`The places service ended: ${why}`);
}
