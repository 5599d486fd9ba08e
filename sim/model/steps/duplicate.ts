/**
 * The fault `duplicate`: lines come twice.
 *
 * @module
 */
import { lineFault } from "./line_fault.ts";

export const duplicate = lineFault({
  kind: "duplicate",
  does: "Delivers lines twice.",
  prompt: { does: "deliver lines twice" },
  nemesis: { percent: 50, lines: "AT" },
  hit: (line) => [line, line],
});
