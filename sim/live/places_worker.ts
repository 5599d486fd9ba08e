/**
 * The worker of the embedded places service. It listens first and reads the
 * towns then, so that its address is known at once.
 *
 * @module
 */
import { type Misbehaviour, PlacesService } from "./places_service.ts";

/** What is said to the worker: first `start`, once. */
export type ToPlaces =
  | { readonly kind: "start"; readonly key: string }
  | { readonly kind: "misbehave"; readonly mode: Misbehaviour };

/** What the worker says: that it listens, and that it heeded a `misbehave`. */
export type FromPlaces =
  | { readonly kind: "listening"; readonly base: string }
  | { readonly kind: "misbehaving" };

/** A worker's own side of its message port, which the DOM types leave out. */
interface Port {
  onmessage: ((event: MessageEvent<ToPlaces>) => void) | null;
  postMessage(message: FromPlaces): void;
}

const port = globalThis as unknown as Port;
let service: PlacesService | undefined;

async function start(key: string): Promise<void> {
  const towns = Promise.withResolvers<typeof import("./places_index.ts")>();
  service = await PlacesService.listen({
    key,
    findTowns: towns.promise.then(({ townsAround }) => townsAround),
  });
  port.postMessage({ kind: "listening", base: service.base });
  // An error in there is thrown on, and ends the worker: the parent hears of it.
  towns.resolve(await import("./places_index.ts"));
}

port.onmessage = ({ data }) => {
  switch (data.kind) {
    case "start":
      return void start(data.key);
    case "misbehave":
      service?.misbehave(data.mode);
      return port.postMessage({ kind: "misbehaving" });
  }
};
