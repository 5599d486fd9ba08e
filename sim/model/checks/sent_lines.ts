/**
 * Who sent each line to whom. Compact, because there are more of them than of
 * anything else.
 *
 * @module
 */
import type { HistoryParts } from "../history_parts.ts";

/** What was sent in a history, by line and direction. */
export class SentLines {
  readonly isEmpty: boolean;
  /** The numbers of directions, by server and by the one that it sends to. */
  readonly #links = new Map<string, Map<string, number>>();
  #count = 0;
  /** A bit for each line and direction. */
  readonly #bits: Uint8Array;

  constructor(
    { sent, lines, sentLines }: Pick<
      HistoryParts,
      "sent" | "lines" | "sentLines"
    >,
  ) {
    this.isEmpty = sent.length === 0;
    const links = new Int32Array(sent.length);
    for (const [at, { server, to }] of sent.entries()) {
      links[at] = this.#add(server, to);
    }
    this.#bits = new Uint8Array(Math.ceil(lines.length * this.#count / 8));
    for (let at = 0; at < links.length; at++) {
      const bit = sentLines[at]! * this.#count + links[at]!;
      this.#bits[Math.floor(bit / 8)]! |= 1 << bit % 8;
    }
  }

  /** Whether a line, by its number, was sent from one server to another. */
  has(line: number, from: string, to: string): boolean {
    const link = this.#links.get(from)?.get(to);
    return link !== undefined && this.#isSent(line, link);
  }

  /** Whether any server sent a line to this one. */
  hasAny(line: number, to: string): boolean {
    return [...this.#links.values()].some((links) => {
      const link = links.get(to);
      return link !== undefined && this.#isSent(line, link);
    });
  }

  #isSent(line: number, link: number): boolean {
    const bit = line * this.#count + link;
    return (this.#bits[Math.floor(bit / 8)]! & 1 << bit % 8) !== 0;
  }

  /** The number of a direction, a new one if there was none. */
  #add(from: string, to: string): number {
    return this.#links.getOrInsertComputed(from, () => new Map())
      .getOrInsertComputed(to, () => this.#count++);
  }
}
