/**
 * The fault `hub_kill`: servers of the hub end at once.
 *
 * @module
 */
import { hubFault } from "./hub_fault.ts";

export const hubKill = hubFault({
  kind: "hub_kill",
  does: "Kills servers of the hub, like SIGKILL; healed, they start again.",
  prompt: "kill servers of the hub, like SIGKILL; heal starts them again",
});
