/**
 * The modes, by name.
 *
 * @module
 */
import type { ByteString } from "../bytes/bytes.ts";
import type { Store } from "../store/store.ts";
import type {
  Dissemination,
  DisseminationMode,
  DisseminationNeeds,
} from "./dissemination.ts";
import { Flood } from "./flood.ts";
import defer * as ondemand from "./ondemand.ts";
import defer * as tree from "./tree.ts";

/** The classes of the modes. */
export const MODE_CLASSES: Readonly<
  Record<
    DisseminationMode,
    new (
      host: DisseminationNeeds,
      self: ByteString,
      store: Store,
    ) => Dissemination
  >
> = {
  flood: Flood,
  get tree() {
    return tree.Tree;
  },
  get ondemand() {
    return ondemand.OnDemand;
  },
};
