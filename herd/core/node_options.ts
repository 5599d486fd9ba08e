/**
 * The options of a node.
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

/** The limits that a node checks. */
export type NodeLimits =
  & RoomLimits
  & Pick<Limits, "queryMsMax" | "queriesMax" | "futureMsMax">;

export interface NodeOptions {
  readonly name: ByteString;
  /** Any integer that clients can't know; see {@linkcode Store}. */
  readonly seed: number;
  /**
   * Whether a fix that waits for a neighbour is dropped when the neighbour
   * sends the same one. Off only to measure the cost of plain flooding.
   */
  readonly echoCancellation: boolean;
  /** How updates get to the other servers; `flood` by default. */
  readonly mode?: DisseminationMode;
  readonly limits?: Partial<NodeLimits>;
  /**
   * What follows the AT line of every answer if no places service is to be
   * asked. Without it, each WHATSAT is a lookup.
   */
  readonly placesBody?: ByteString;
  /** What an acknowledged fix survives; `none` by default. */
  readonly durable?: Durability;
  /** Whether stored fixes are to be written to disk too. */
  readonly hasJournal?: boolean;
  /** Constants that decide which code runs. */
  readonly tuning?: Tuning;
  /** The servers of this herd, if it is connected to a hub. */
  readonly hubHerd?: readonly ByteString[];
  /** Only for drills that test the checks themselves. */
  readonly plantedBug?: PlantedBug;
}
