/**
 * Which of several fixes a server must hold, by the order that all servers use.
 *
 * @module
 */
import type { ByteString } from "../../../herd/core/bytes/bytes.ts";
import { Node } from "../../../herd/core/node.ts";
import { Line } from "../../../herd/core/wire/line.ts";

/** The newest fix of each client among these AT lines. */
export function newest(lines: readonly ByteString[]): ByteString[] {
  const node = new Node(
    { name: "reader", seed: 1, echoCancellation: false },
    {
      marked() {},
      reserve: () => ({ lookup() {}, reply() {} }),
      arm() {},
      stored() {},
      synced() {},
    },
  );
  const link = node.onLinkUp("writer");
  for (const line of lines) {
    const why = link.onLine(Line.of(`${line} writer`));
    if (why !== undefined) throw new Error(`${why}: ${line}`);
  }
  return [...node.lines()];
}
