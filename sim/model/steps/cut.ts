/**
 * The fault `cut`: what TCP sees of a pulled cable.
 *
 * @module
 */
import { linkFault } from "./link_fault.ts";

/**
 * Nothing passes: bytes and ends are held, and pass after it.
 * @internal
 */
export const cut = linkFault({
  kind: "cut",
  does: "Blocks all traffic on links, both ways (A-B) or one way (A>B).",
  fields: () => ({}),
  names: {},
  prompt: {
    does: "block all traffic on a link, both ways (A-B) or one way (A>B)",
    more: ["The first fault on a link reconnects it through a proxy."],
    examples: ["cut Alford-Parker", "cut Alford Parker", "cut Alford>Parker"],
  },
  words: () => "",
  nemesis: {},
  holds: () => true,
});
