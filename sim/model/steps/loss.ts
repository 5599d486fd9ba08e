/**
 * The fault `loss`: lines are lost.
 *
 * @module
 */
import { lineFault } from "./line_fault.ts";

export const loss = lineFault({
  kind: "loss",
  does: "Drops lines on links.",
  prompt: {
    does: "drop lines on a link: all, or a percentage; of any kind, or one",
    examples: ["loss Alford-Parker 10%", "loss Alford>Parker AT"],
  },
  nemesis: { percent: 10, lines: "AT" },
  isHarsh: true,
  hit: (line) => [{ ...line, isDropped: true }],
});
