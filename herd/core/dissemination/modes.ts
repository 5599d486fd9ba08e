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

/** The classes of the modes. */
export const MODE_CLASSES: Readonly<
  Record<
    DisseminationMode,
    new (
      host: DisseminationHost,
      self: ByteString,
      store: Store,
    ) => Dissemination
  >
> = { flood: Flood, tree: Tree, ondemand: OnDemand };
