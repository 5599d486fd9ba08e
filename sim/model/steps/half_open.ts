/**
 * The fault `half_open`: a new connection is accepted, and never answered.
 *
 * @module
 */
import { linkFault } from "./link_fault.ts";

/**
 * A new connection is accepted and never answered. A connection that was there
 * before the fault goes on, so that a nemesis by itself would touch nothing.
 */
export const halfOpen = linkFault({
  kind: "half_open",
  does: "Accepts new connections on links, and never answers them.",
  fields: () => ({}),
  names: {},
  prompt: {
    does: "accept new connections on a link, and never answer them",
    examples: ["half_open Alford-Parker"],
  },
  words: () => "",
  holds: (connectedMs, beganMs) => connectedMs >= beganMs,
});
