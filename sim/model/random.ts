/**
 * Random numbers that a seed replays: xoroshiro128+ (Blackman and Vigna, 2018).
 *
 * @module
 */
import { fnv1a } from "../../herd/core/bytes/hash.ts";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/** Seeds are whole numbers from 0 up to this one. */
export const SEED_MAX = 0xffff_ffff;

export function isSeed(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= SEED_MAX;
}

/**
 * The same number, if it can be a seed.
 * @throws {RangeError} If it can't.
 */
export function checkedSeed(value: number): number {
  if (isSeed(value)) return value;
  throw new RangeError(
    `Cannot use the seed ${value}: it must be a whole number from 0 to ${SEED_MAX}`,
  );
}

/**
 * A stream of random numbers. The same seed and stream name give the same
 * numbers, whatever other streams are drawn from meanwhile.
 */
export class Random {
  readonly #generator: RandomGenerator;

  /**
   * Begins a stream.
   * @param seed A whole number from 0 to {@linkcode SEED_MAX}.
   * @param stream What the numbers are for; streams of one seed are unrelated.
   * @throws {RangeError} If the seed is no such number.
   */
  constructor(seed: number, stream = "") {
    this.#generator = xoroshiro128plus(checkedSeed(seed) ^ hash(stream));
  }

  /**
   * A stream of which the first numbers too are unrelated to those of the next
   * seed: where few are drawn of each of many seeds, one after the other.
   */
  static ofSearch(seed: number, stream: string): Random {
    return new Random(mixed(checkedSeed(seed)), stream);
  }

  /** A whole number from 0 up to, not including, `end`. */
  below(end: number): number {
    return uniformInt(this.#generator, 0, end - 1);
  }

  /** A number from 0 up to, not including, 1. */
  fraction(): number {
    return uniformFloat64(this.#generator);
  }

  /**
   * One of `choices`, each as likely as the other.
   * @throws {RangeError} If there is none.
   */
  pick<T>(choices: readonly T[]): T {
    if (choices.length === 0) {
      throw new RangeError("Cannot pick from an empty list");
    }
    return choices[this.below(choices.length)]!;
  }

  /** The same items in random order (Fisher and Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = [...items];
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
    }
    return shuffled;
  }
}

/** Each bit of the seed decides on all bits: the end of MurmurHash3. */
function mixed(seed: number): number {
  let hash = Math.imul(seed ^ (seed >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function hash(text: string): number {
  return text === "" ? 0 : fnv1a(text);
}
