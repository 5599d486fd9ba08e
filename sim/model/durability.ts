/**
 * What servers keep of what they acknowledge, and what a drill may rely on.
 *
 * @module
 */
import { type Durability, isReplicated } from "../../herd/core/durability.ts";

/** What survives the servers of a herd. */
export interface Keeping {
  /** What an acknowledged fix survives. */
  readonly durable: Durability;
  /** Whether servers have disks, with everything they hold on them. */
  readonly hasDisks: boolean;
}

/** Everything is in memory only. */
export const IN_MEMORY: Keeping = { durable: "none", hasDisks: false };

/**
 * Whether an acknowledgement promises more than a copy in memory: then it is no
 * excuse that it was read after its server's end.
 */
export function isKept({ durable }: Keeping): boolean {
  return durable !== "none";
}

/** The minimum number of servers that hold an acknowledged fix. */
export function holdersOf({ durable }: Keeping): number {
  return isReplicated(durable) ? 2 : 1;
}
