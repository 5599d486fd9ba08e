/**
 * The fault `timeout`: nothing passes, and after a while the connection is
 * closed.
 *
 * @module
 */
import { formatDuration } from "../duration.ts";
import { linkFault } from "./link_fault.ts";

export const timeout = linkFault({
  kind: "timeout",
  does: "Stops all data, and closes the connections after a time.",
  fields: ({ duration }) => ({
    timeout: duration(
      "After which a connection that is held is closed; 0s: never.",
    ),
  }),
  names: { timeout: "timeoutMs" },
  prompt: {
    words: { timeout: "<time>" },
    does: "stop all data, and close connections after this time (0s: never)",
  },
  words: ({ timeoutMs }) => `of ${formatDuration(timeoutMs)}`,
  nemesis: { timeoutMs: 200 },
  holds: () => true,
  closesAfterMs: ({ timeoutMs }) => timeoutMs,
});
