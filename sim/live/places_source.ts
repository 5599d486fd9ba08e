/**
 * Where a herd's servers get places from: the embedded service, started with
 * the herd or when it is first wanted, some other service, or none.
 *
 * @module
 */
import type { PlacesOptions } from "../../herd/net/lookup.ts";
import { startPlaces } from "./places.ts";

/** A source of places, and its end. */
export interface Places {
  /** What a server is told; nothing, where there is no source. */
  readonly options?: PlacesOptions;
  /** Ends what was started for it. */
  stop(): Promise<void>;
}

/** Opens the source that is asked for; `onReady` is told an embedded one's base. */
export async function servePlaces(
  wish: "on-demand" | "embedded" | "none" | PlacesOptions,
  onReady: (base: string) => void,
): Promise<Places> {
  switch (wish) {
    case "none":
      return { stop: async () => {} };
    case "on-demand":
      return new PlacesDoor(onReady);
    case "embedded": {
      const { base, key, stop } = await startPlaces();
      onReady(base);
      return { options: { base, key }, stop };
    }
    default:
      return { options: wish, stop: async () => {} };
  }
}

type Embedded = Awaited<ReturnType<typeof startPlaces>>;

/**
 * A door to the embedded service that is opened when somebody comes: a test
 * that never asks WHATSAT does not pay for the index of towns, and one that
 * does need not say so. It is an HTTP server that sends every request on (307)
 * to the service, which the first request starts.
 */
class PlacesDoor implements Places {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #onReady: (base: string) => void;
  #places: Promise<Embedded> | undefined;

  constructor(onReady: (base: string) => void) {
    this.#onReady = onReady;
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      (request) => this.#sendOn(request),
    );
  }

  get options(): PlacesOptions {
    const { hostname, port } = this.#server.addr;
    return { base: `http://${hostname}:${port}`, key: "embedded" };
  }

  async #sendOn(request: Request): Promise<Response> {
    this.#places ??= this.#start();
    const { base } = await this.#places;
    const { pathname, search } = new URL(request.url);
    return Response.redirect(base + pathname + search, 307);
  }

  async #start(): Promise<Embedded> {
    const places = await startPlaces();
    this.#onReady(places.base);
    return places;
  }

  async stop(): Promise<void> {
    const places = await this.#places;
    await Promise.all([this.#server.shutdown(), places?.stop()]);
  }
}
