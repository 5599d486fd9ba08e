/**
 * The texts of lines by their bytes: a line that was recorded many times is
 * decoded once, and is one string, which is quick to look up.
 *
 * @module
 */
import { ByteBlock, copyBytes, isSame } from "../../herd/core/bytes/block.ts";
import { finish, FNV_OFFSET, FNV_PRIME } from "../../herd/core/bytes/hash.ts";

const WORD = 4;
const SLOTS_MIN = 64;
const BYTES_MIN = 4_096;

const decoder = new TextDecoder();

/** The text of bytes `start` to before `end`. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  // A copy, for browsers decode nothing in memory that can grow.
  return decoder.decode(bytes.slice(start, end));
}

export class LineTexts {
  readonly #texts: string[] = [];
  /** Where the bytes of each line begin, and where those of the last end. */
  readonly #starts = [0];
  #block = new ByteBlock(new Uint8Array(BYTES_MIN));
  /** Of each line, 1 more than its number, where its hash says or after it. */
  #slots = new Int32Array(SLOTS_MIN);

  /** Number of lines that were decoded. */
  get count(): number {
    return this.#texts.length;
  }

  /** The text of bytes `start` to before `end`. */
  of(block: ByteBlock, start: number, end: number): string {
    const slot = this.#slotOf(block, start, end);
    const known = this.#slots[slot]!;
    if (known > 0) return this.#texts[known - 1]!;
    const text = textOf(block.bytes, start, end);
    this.#keep(block, start, end, text);
    this.#slots[slot] = this.#texts.length;
    if (2 * this.#texts.length > this.#slots.length) this.#grow();
    return text;
  }

  /** Where a line is, or is to be. */
  #slotOf(block: ByteBlock, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(block, start, end) & mask;
    for (; this.#slots[slot]! > 0; slot = (slot + 1) & mask) {
      const from = this.#starts[this.#slots[slot]! - 1]!;
      const to = this.#starts[this.#slots[slot]!]!;
      const isKnown = to - from === end - start &&
        isSame(this.#block, from, block, start, to - from);
      if (isKnown) break;
    }
    return slot;
  }

  #keep(block: ByteBlock, start: number, end: number, text: string): void {
    const at = this.#starts.at(-1)!;
    if (at + end - start > this.#block.bytes.length) {
      const bytes = new Uint8Array(2 * (at + end - start));
      bytes.set(this.#block.bytes);
      this.#block = new ByteBlock(bytes);
    }
    this.#starts.push(copyBytes(block, start, end, this.#block, at));
    this.#texts.push(text);
  }

  #grow(): void {
    this.#slots = new Int32Array(2 * this.#slots.length);
    for (let number = 1; number <= this.#texts.length; number++) {
      const [from, to] = [this.#starts[number - 1]!, this.#starts[number]!];
      this.#slots[this.#slotOf(this.#block, from, to)] = number;
    }
  }
}

/** A hash by words; the last one may overlap the one before it. */
function hashOf({ bytes, words }: ByteBlock, start: number, end: number) {
  let hash = FNV_OFFSET;
  if (end - start < WORD) {
    for (let at = start; at < end; at++) hash = mix(hash, bytes[at]!);
    return finish(hash);
  }
  const last = end - WORD;
  for (let at = start; at < last; at += WORD) {
    hash = mix(hash, words.getInt32(at, true));
  }
  return finish(mix(hash, words.getInt32(last, true)));
}

function mix(hash: number, word: number): number {
  return Math.imul((hash << 13 | hash >>> 19) ^ word, FNV_PRIME);
}
