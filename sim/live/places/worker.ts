/**
 * The worker of the embedded places service. It listens at once, so that its
 * address is known, and reads the towns later.
 *
 * @module
 */
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import type { Misbehaviour } from "../../model/faults/misbehaviour.ts";
import { PlacesService } from "./service.ts";

/** What is said to the worker: first `start`, once. */
export type ToPlaces =
  | { readonly kind: "start"; readonly key: string }
  | { readonly kind: "misbehave"; readonly mode: Misbehaviour };

/**
 * What the worker says: that it listens, and that it heeded a `misbehave`, with
 * the requests that have fared as it was told before.
 */
export type FromPlaces =
  | { readonly kind: "listening"; readonly base: string }
  | { readonly kind: "misbehaving"; readonly touched: number };

/** A worker's own side of its message port, which the DOM types leave out. */
interface Port {
  onmessage: ((event: MessageEvent<ToPlaces>) => void) | null;
  postMessage(message: FromPlaces): void;
}

/**
 * Milliseconds until the towns are read unasked. They keep a processor busy for
 * a quarter of a second, and the servers of the herd start at the same time: so
 * they go first, unless somebody asks for places before.
 */
const QUIET_MS = 500;

const port = globalThis as unknown as Port;
let service: PlacesService | undefined;

/** The index, read when this is first called. */
function index(): Promise<typeof import("./index.ts")> {
  return import("./index.ts");
}

async function start(key: string): Promise<void> {
  service = await PlacesService.listen({
    key,
    findTowns: async (...asked) => (await index()).townsAround(...asked),
  });
  port.postMessage({ kind: "listening", base: service.base });
  // If the towns can't be read, nothing catches it, and the parent hears of it.
  denoPlatform.clock.after(QUIET_MS, index);
}

port.onmessage = ({ data }) => {
  switch (data.kind) {
    case "start":
      return void start(data.key);
    case "misbehave": {
      const touched = service?.misbehave(data.mode) ?? 0;
      return port.postMessage({ kind: "misbehaving", touched });
    }
  }
};
