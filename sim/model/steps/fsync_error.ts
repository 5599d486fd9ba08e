/**
 * The fault `fsync_error`: a sync fails, and with it the server.
 *
 * @module
 */
import { diskFault } from "./disk_fault.ts";

export const fsyncError = diskFault({
  kind: "fsync_error",
  does:
    "Has the next sync of servers' disks fail, which ends them; with that " +
    "it is over.",
  prompt: "have a server's next sync fail, which ends it",
  trouble: () => ({ failsSync: true }),
  endsServer: true,
});
