/**
 * The fault `torn_write`: part of the unsynced data is lost.
 *
 * @module
 */
import { diskFault } from "./disk_fault.ts";

export const tornWrite = diskFault({
  kind: "torn_write",
  does:
    "Has servers' disks lose, when a server is killed, what was not synced: " +
    "a part is left that may end anywhere.",
  prompt: "have a server's disk lose at a kill what it had not synced",
  trouble: () => ({ tears: true }),
});
