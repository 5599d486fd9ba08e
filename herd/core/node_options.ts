/**
 * How a node is set up, and what it keeps of clients' lines.
 *
 * @module
 */
import type { ByteString } from "./bytes/bytes.ts";
import type { Durability } from "./durability.ts";
import type { DisseminationMode } from "./dissemination/dissemination.ts";
import type { Limits } from "./limits.ts";
import type { PlantedBug } from "./planted_bug.ts";
import type { RoomLimits } from "./store/room.ts";
import type { Tuning } from "./tuning.ts";

/** The limits that a node heeds. */
export type NodeLimits =
  & RoomLimits
  & Pick<Limits, "queryMsMax" | "queriesMax" | "futureMsMax">;

export interface NodeOptions {
  readonly name: ByteString;
  /** Any whole number that clients can't know; see {@linkcode Store}. */
  readonly seed: number;
  /**
   * Whether a fix that waits for a neighbour is dropped when the neighbour
   * sends the very same. Off only to measure what plain flooding costs.
   */
  readonly echoCancellation: boolean;
  /** How updates get to the other servers; `flood` by default. */
  readonly mode?: DisseminationMode;
  /** What is allowed at most; the usual limits by default. */
  readonly limits?: Partial<NodeLimits>;
  /**
   * What stands behind the AT line of every answer, where no places service is
   * to be asked. Without it, each WHATSAT is a lookup.
   */
  readonly placesBody?: ByteString;
  /** What an acknowledged fix outlasts; `none` by default. */
  readonly durable?: Durability;
  /** Whether what is stored is to be written to disk too. */
  readonly hasJournal?: boolean;
  /** Constants that decide which code runs; the usual ones by default. */
  readonly tuning?: Tuning;
  /**
   * The servers of this herd, if what they hear is to be told to a hub, and what
   * the hub tells to be merged.
   */
  readonly hubHerd?: readonly ByteString[];
  /** Nothing but for drills of the checks themselves. */
  readonly plantedBug?: PlantedBug;
}
