/**
 * The worker of the embedded places service. It listens at once, so that its
 * address is known, and reads the towns later.
 *
 * @module
 */
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import type { Misbehaviour } from "../../model/faults/misbehaviour.ts";
import type { TownIndex } from "./index.ts";
import { PlacesService } from "./service.ts";
import type { TownsFiles } from "./towns_files.ts";

/** What is said to the worker: first `start`, once; `towns`, when it asks. */
export type ToPlaces =
  | { readonly kind: "start"; readonly key: string }
  | { readonly kind: "towns"; readonly files: TownsFiles }
  | { readonly kind: "misbehave"; readonly mode: Misbehaviour };

/**
 * What the worker says: that it listens, that it wants the towns, once, and that
 * it heeded a `misbehave`, with the requests that have fared as it was told
 * before.
 */
export type FromPlaces =
  | { readonly kind: "listening"; readonly base: string }
  | { readonly kind: "towns-wanted" }
  | { readonly kind: "misbehaving"; readonly touched: number };

/** A worker's own side of its message port, which the DOM types leave out. */
interface Port {
  onmessage: ((event: MessageEvent<ToPlaces>) => void) | null;
  postMessage(message: FromPlaces): void;
}

/**
 * Milliseconds until the towns are read unasked. They keep a processor busy for
 * a third of a second, and the servers of the herd start at the same time: so
 * they go first, unless somebody asks for places before.
 */
const QUIET_MS = 500;

const port = globalThis as unknown as Port;
let service: PlacesService | undefined;

const files = Promise.withResolvers<TownsFiles>();
let index: Promise<TownIndex> | undefined;

/** The index, made when this is first called. */
function townIndex(): Promise<TownIndex> {
  return index ??= makeIndex();
}

async function makeIndex(): Promise<TownIndex> {
  port.postMessage({ kind: "towns-wanted" });
  const { TownIndex } = await import("./index.ts");
  return new TownIndex(await files.promise);
}

async function start(key: string): Promise<void> {
  service = await PlacesService.listen({
    key,
    findTowns: async (...asked) => (await townIndex()).around(...asked),
  });
  port.postMessage({ kind: "listening", base: service.base });
  // If the towns can't be read, nothing catches it, and the parent hears of it.
  denoPlatform.clock.after(QUIET_MS, townIndex);
}

port.onmessage = ({ data }) => {
  switch (data.kind) {
    case "start":
      return void start(data.key);
    case "towns":
      return files.resolve(data.files);
    case "misbehave": {
      const touched = service?.misbehave(data.mode) ?? 0;
      return port.postMessage({ kind: "misbehaving", touched });
    }
  }
};
