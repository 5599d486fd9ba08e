/**
 * The modes, by name.
 *
 * @module
 */
import type { ByteString } from "../bytes/bytes.ts";
import type { Store } from "../store/store.ts";
import type {
  Dissemination,
  DisseminationHost,
  DisseminationMode,
} from "./dissemination.ts";
import { Flood } from "./flood.ts";
import { OnDemand } from "./ondemand.ts";
import { Tree } from "./tree.ts";

/** Makes the mode of this name for the node `self` with this store. */
export function modeOf(
  mode: DisseminationMode,
  self: ByteString,
  store: Store,
  host: DisseminationHost,
): Dissemination {
  switch (mode) {
    case "flood":
      return new Flood(host);
    case "tree":
      return new Tree(self, store, host);
    case "ondemand":
      return new OnDemand();
  }
}
