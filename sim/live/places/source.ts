/**
 * Where a herd's servers get places from: the embedded service, started with
 * the herd or on first use, another service, or none.
 *
 * @module
 */
import type {
  Connection,
  Platform,
  TcpListener,
} from "../../../herd/net/platform.ts";
import { connectionsOf } from "../../../herd/net/accepting.ts";
import type { PlacesOptions } from "../../../herd/net/places/lookup.ts";
import type { Misbehaviour } from "../../model/faults/misbehaviour.ts";
import type { World } from "../../worlds/world.ts";
import { type EmbeddedPlaces, startPlaces } from "./places.ts";
import { servePlacesHere } from "./places_here.ts";
import type { TownsFound } from "./towns_found.ts";

export interface Places {
  /** The options that servers get; absent without a source. */
  readonly options?: PlacesOptions;
  /** What it has found so far; absent where that is not recorded. */
  readonly found?: TownsFound;
  /** Like {@linkcode EmbeddedPlaces.misbehave}; absent for other services. */
  misbehave?(mode: Misbehaviour): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Opens the source that is asked for; `onReady` gets the base address of an
 * embedded one.
 *
 * @param world Where its servers, and so the embedded service, run; by default
 * the service has a thread of its own, on loopback.
 * @param trace Whether what it finds is recorded, where it can be.
 */
export async function servePlaces(
  platform: Platform,
  wish: "on-demand" | "embedded" | "none" | PlacesOptions | Places,
  onReady: (base: string) => void,
  { host, machines }: Pick<World, "host" | "machines"> = {},
  trace = false,
): Promise<Places> {
  const isOurs = wish === "on-demand" || wish === "embedded";
  if (host !== undefined && isOurs) return servePlacesHere(host, trace);
  if (machines !== undefined && isOurs) {
    return new PlacesDoor(platform, onReady, machines.here);
  }
  switch (wish) {
    case "none":
      return { stop: async () => {} };
    case "on-demand":
      return new PlacesDoor(platform, onReady, LOOPBACK);
    case "embedded": {
      const { base, key, misbehave, stop } = await startPlaces(platform);
      onReady(base);
      return { options: { base, key }, misbehave, stop };
    }
    default:
      return "stop" in wish ? wish : { options: wish, stop: async () => {} };
  }
}

const LOOPBACK = "127.0.0.1";
const CHUNK_BYTES = 16_384;
/** The key that servers get before there is a service to ask for its own. */
const KEY = "embedded";

/**
 * A port that starts the embedded service on the first connection: a test that
 * never asks WHATSAT does not pay for the index of towns, and one that does
 * needs no option. It passes bytes on without parsing them.
 */
class PlacesDoor implements Places {
  readonly #platform: Platform;
  readonly #listener: TcpListener;
  readonly #onReady: (base: string) => void;
  readonly #open = new Set<Connection>();
  readonly #tasks = new Set<Promise<void>>();
  #places: Promise<EmbeddedPlaces> | undefined;
  #isStopped = false;

  constructor(
    platform: Platform,
    onReady: (base: string) => void,
    hostname: string,
  ) {
    const address = { hostname, port: 0 };
    this.#platform = platform;
    this.#listener = platform.network.listen(address);
    this.#onReady = onReady;
    this.#track(this.#accept());
  }

  get options(): PlacesOptions {
    const { hostname, port } = this.#listener.addr;
    return { base: `http://${hostname}:${port}`, key: KEY };
  }

  #track(task: Promise<void>): void {
    this.#tasks.add(task);
    task.finally(() => this.#tasks.delete(task));
  }

  async #accept(): Promise<void> {
    for await (
      const conn of connectionsOf(this.#platform.clock, this.#listener)
    ) {
      this.#track(this.#pass(conn));
    }
  }

  /** Joins a connection to one of the service's, until either ends. */
  async #pass(outer: Connection): Promise<void> {
    this.#open.add(outer);
    let inner: Connection | undefined;
    try {
      // It may have been accepted at the very moment of the end.
      if (this.#isStopped) return;
      const { base } = await this.#started();
      const { hostname, port } = new URL(base);
      const address = { hostname, port: Number(port) };
      inner = await this.#platform.network.connect(address);
      this.#open.add(inner);
      await Promise.all([copy(outer, inner), copy(inner, outer)]);
    } catch {
      // Either end has gone, or the service did not start: the other end sees
      // its connection close, which says just that.
    } finally {
      for (const conn of [outer, inner]) {
        if (conn) this.#drop(conn);
      }
    }
  }

  #drop(conn: Connection): void {
    // The end of the other direction may have been noticed first.
    if (this.#open.delete(conn)) conn.close();
  }

  async misbehave(mode: Misbehaviour): Promise<number> {
    const { misbehave } = await this.#started();
    return await misbehave(mode);
  }

  #started(): Promise<EmbeddedPlaces> {
    return this.#places ??= this.#start();
  }

  async #start(): Promise<EmbeddedPlaces> {
    const places = await startPlaces({ clock: this.#platform.clock, key: KEY });
    this.#onReady(places.base);
    return places;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#listener.close();
    for (const conn of this.#open) this.#drop(conn);
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
    await (await this.#places)?.stop();
  }
}

/** Copies bytes until the end, and passes that on. */
async function copy(from: Connection, to: Connection): Promise<void> {
  const chunk = new Uint8Array(CHUNK_BYTES);
  for (;;) {
    const count = await from.read(chunk);
    if (count === null) return await to.closeWrite();
    for (let sent = 0; sent < count;) {
      sent += await to.write(chunk.subarray(sent, count));
    }
  }
}
