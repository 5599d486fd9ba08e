/**
 * The fault `reorder`: a line is overtaken by the next one.
 *
 * @module
 */
import { lineFault } from "./line_fault.ts";

export const reorder = lineFault({
  kind: "reorder",
  does: "Swaps a line with the one after it.",
  prompt: { does: "swap a line with the one after it" },
  nemesis: { percent: 50, lines: "AT" },
  hit: "kept",
});
