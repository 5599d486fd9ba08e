/**
 * What servers keep of what they acknowledge, and what a drill may count on.
 *
 * @module
 */
import { type Durability, isReplicated } from "../../herd/core/durability.ts";

/** What outlasts the servers of a herd. */
export interface Keeping {
  /** What an acknowledged fix outlasts. */
  readonly durable: Durability;
  /** Whether servers have disks, on which all is that they hold. */
  readonly hasDisks: boolean;
}

/** All is in memory alone. */
export const IN_MEMORY: Keeping = { durable: "none", hasDisks: false };

/**
 * Whether an acknowledgement promises more than that a fix is held in memory:
 * that it was read after its server's end excuses nothing then.
 */
export function isKept({ durable }: Keeping): boolean {
  return durable !== "none";
}

/** How many servers at least hold what is acknowledged. */
export function holdersOf({ durable }: Keeping): number {
  return isReplicated(durable) ? 2 : 1;
}
