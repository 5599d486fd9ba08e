/**
 * The fault `corrupt`: one bit of lines is turned.
 *
 * @module
 */
import { CR, LF } from "../../../herd/core/bytes/bytes.ts";
import { lineFault } from "./line_fault.ts";
import { chanceAt, type Spot } from "./link_fault.ts";

export const corrupt = lineFault({
  kind: "corrupt",
  does: "Flips one bit in a line.",
  prompt: { does: "flip one bit in a line" },
  nemesis: { percent: 10 },
  isHarsh: true,
  hit: (line, { spot, number }) => [
    { ...line, bytes: corrupted(line.bytes, spot, number) },
  ],
});

/**
 * A copy of a line with one bit of one byte turned, by chance. Its end stays,
 * and no other end comes about: what is corrupt is one line, not two.
 *
 * @param line The line with its line feed.
 */
export function corrupted(
  line: Uint8Array,
  spot: Spot,
  number: number,
): Uint8Array<ArrayBuffer> {
  const copy = Uint8Array.from(line);
  const length = copy.at(-1) === LF ? copy.length - 1 : copy.length;
  if (length === 0) return copy;
  const at = Math.floor(chanceAt(spot, "byte", number) * length);
  const first = Math.floor(chanceAt(spot, "bit", number) * 7);
  for (let step = 0; step < 7; step++) {
    const byte = copy[at]! ^ (1 << ((first + step) % 7));
    if (byte === LF || byte === CR) continue;
    copy[at] = byte;
    break;
  }
  return copy;
}
