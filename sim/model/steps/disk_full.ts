/**
 * The fault `disk_full`: disks have no room left.
 *
 * @module
 */
import { diskFault } from "./disk_fault.ts";

export const diskFull = diskFault({
  kind: "disk_full",
  does: "Leaves the disks of servers no room: a part of a write is made.",
  prompt: "leave a server's disk no room",
  trouble: () => ({ isFull: true }),
});
