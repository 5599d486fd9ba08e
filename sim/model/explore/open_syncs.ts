/**
 * What has passed on links in syncs that have not come to their end.
 *
 * @module
 */
import type { ByteString } from "../../../herd/core/bytes/bytes.ts";

/** The first line of a list, and how many follow it. */
const LIST = /^(?:HAVE|WANT) (\d+)$/;

interface OpenSync {
  /** All lines but updates, each with what was held then. */
  text: string;
  /** Whether this end has not done its part. */
  isUnderWay: boolean;
  /** Lines of a list that are still to come. */
  left: number;
}

export class OpenSyncs {
  readonly #open = new Map<string, OpenSync>();

  begin(peer: string): void {
    this.#open.set(peer, { text: "", isUnderWay: true, left: 0 });
  }

  /** This end has done its part. */
  done(peer: string): void {
    const open = this.#open.get(peer);
    if (open === undefined) return;
    open.isUnderWay = false;
    this.#close(peer, open);
  }

  forget(peer: string): void {
    this.#open.delete(peer);
  }

  read(peer: string, line: ByteString, held: string): void {
    this.#pass(
      peer,
      "<",
      line,
      held,
      (left) => left > 0 ? left - 1 : Number(LIST.exec(line)?.[1] ?? 0),
    );
  }

  wrote(peer: string, line: ByteString, held: string): void {
    this.#pass(peer, ">", line, held, (left) => left);
  }

  #pass(
    peer: string,
    way: "<" | ">",
    line: ByteString,
    held: string,
    leftAfter: (left: number) => number,
  ): void {
    // What updates do is seen by what is held.
    if (line.startsWith("AT ")) return;
    const open = this.#open.get(peer) ??
      { text: "", isUnderWay: false, left: 0 };
    open.text += `${way} ${line} (${held})\n`;
    open.left = leftAfter(open.left);
    this.#open.set(peer, open);
    this.#close(peer, open);
  }

  #close(peer: string, { isUnderWay, left }: OpenSync): void {
    if (!isUnderWay && left === 0) this.#open.delete(peer);
  }

  /** Of all links together. */
  toString(): string {
    return [...this.#open].map(([peer, { text }]) => `${peer}\n${text}`)
      .sort().join("");
  }
}
