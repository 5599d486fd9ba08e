/**
 * The fault `cut`: what TCP sees of a pulled cable, or of a firewall that
 * refuses connections.
 *
 * @module
 */
import { linkFault } from "./link_fault.ts";

/** What happens to dials across a cut. */
export const CUT_DIALS = ["hold", "refuse"] as const;

/** What happens to dials across a cut: they hang, or are refused. */
export type CutDials = typeof CUT_DIALS[number];

/** The description in files. */
export const CUT_DIALS_TEXT = "What comes of who dials: hold, it waits (the " +
  "default); refuse, it is refused, and connections are reset.";

/**
 * Nothing passes: bytes and ends are held, and pass after it. Or connections are
 * reset, and who dials is refused.
 */
export const cut = linkFault({
  kind: "cut",
  does: "Blocks all traffic on links, both ways (A-B) or one way (A>B).",
  fields: ({ choice }) => ({
    dials: choice(CUT_DIALS, CUT_DIALS_TEXT).exactOptional(),
  }),
  names: {},
  prompt: {
    words: { dials: CUT_DIALS.join("|") },
    does: "block all traffic on a link, both ways (A-B) or one way (A>B)",
    more: [
      "Who dials waits (hold), or is refused, and connections are reset (refuse).",
      "The first fault on a link reconnects it through a proxy.",
    ],
    examples: [
      "cut Alford-Parker",
      "cut Alford Parker",
      "cut Alford>Parker",
      "cut Alford-Parker refuse",
    ],
  },
  words: ({ dials }) => dials === "refuse" ? "that refuses" : "",
  nemesis: {},
  holds: () => true,
  refuses: ({ dials }) => dials === "refuse",
});
