/**
 * The fault `restart`: servers are killed and revived.
 *
 * @module
 */
import { serverFault } from "./server_fault.ts";

export const restart = serverFault({
  kind: "restart",
  does: "Kills servers, then revives them.",
  targets: "Servers to stop and start again.",
  prompt: { does: "kill a server, then revive it" },
  from: ["up"],
  to: "up",
  isFault: true,
});
