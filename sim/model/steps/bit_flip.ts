/**
 * The fault `bit_flip`: disks return other data than was written.
 *
 * @module
 */
import { diskFault } from "./disk_fault.ts";

export const bitFlip = diskFault({
  kind: "bit_flip",
  does: "Turns a bit in the older half of each file that servers read from " +
    "their disks, as they do when they start.",
  prompt: "turn bits of what a server reads from its disk",
  trouble: () => ({ flips: true }),
});
