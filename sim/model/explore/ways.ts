/**
 * The directions of a small herd's links, by number.
 *
 * @module
 */
import type { TopologyLink } from "../topology/topology.ts";
import type { Move } from "./moves.ts";

export class Ways {
  /** From whom each leads, and to whom. */
  readonly all: readonly TopologyLink[];
  readonly #numbers = new Map<string, number>();
  /** Moves that are made once: by way, and by the number of lines. */
  readonly #reads: Move[][];

  constructor(links: readonly TopologyLink[]) {
    this.all = links.flatMap(([a, b]) => [[a, b], [b, a]] as const);
    for (const [number, [from, to]] of this.all.entries()) {
      this.#numbers.set(`${from}>${to}`, number);
    }
    this.#reads = this.all.map(() => []);
  }

  number(from: string, to: string): number {
    return this.#numbers.get(`${from}>${to}`)!;
  }

  /** The move in which so many lines of a way are read. */
  read(way: number, count: number): Move {
    const [from, to] = this.all[way]!;
    return this.#reads[way]![count] ??= { kind: "read", from, to, count };
  }
}
