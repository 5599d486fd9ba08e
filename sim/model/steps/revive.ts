/**
 * The step `revive`: servers that are down start again.
 *
 * @module
 */
import { serverFault } from "./server_fault.ts";

export const revive = serverFault({
  kind: "revive",
  does: "Starts killed servers again; ends when their links are up.",
  targets: "Killed servers to start again.",
  prompt: {
    does: "start a server again, and wait until its links are up",
    more: ["Ctrl-C stops waiting; the server still starts."],
  },
  from: ["stopped", "crashed"],
  to: "up",
});
