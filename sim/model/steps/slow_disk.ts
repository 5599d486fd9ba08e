/**
 * The fault `slow_disk`: disk operations take longer.
 *
 * @module
 */
import { diskFault } from "./disk_fault.ts";

export const slowDisk = diskFault({
  kind: "slow_disk",
  does: "Has each write and each sync of servers' disks take longer.",
  prompt: "have a server's disk take longer",
  hasDelay: true,
  trouble: (delayMs) => ({ delayMs }),
});
