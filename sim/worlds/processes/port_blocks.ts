/**
 * Ports that stand in for those of a herd: others, but as far from each other,
 * for a program may count them up from a first one.
 *
 * @module
 */
/** Ports in a row. */
export interface PortBlock {
  readonly first: number;
  readonly count: number;
}

/** Those that are further apart have nothing to do with each other. */
const GAP_MAX = 64;
/** The blocks that ports are in, each as short as can be. */
export function blocksOf(ports: Iterable<number>): PortBlock[] {
  const blocks: PortBlock[] = [];
  for (const port of [...new Set(ports)].sort((a, b) => a - b)) {
    const last = blocks.at(-1);
    if (last !== undefined && port - last.first - last.count < GAP_MAX) {
      blocks[blocks.length - 1] = {
        first: last.first,
        count: port - last.first + 1,
      };
    } else blocks.push({ first: port, count: 1 });
  }
  return blocks;
}
