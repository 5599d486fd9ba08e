/**
 * The fault `hub_wipe`: servers of the hub end at once, and their files are lost.
 *
 * @module
 */
import { hubFault } from "./hub_fault.ts";

export const hubWipe = hubFault({
  kind: "hub_wipe",
  does:
    "Kills servers of the hub and removes what they keep on disk; healed, " +
    "they start again.",
  prompt: "kill servers of the hub, and remove what they keep on disk",
});
