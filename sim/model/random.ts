/**
 * Random numbers that can be repeated by a seed: xoroshiro128+ (Blackman and
 * Vigna, 2018).
 *
 * @module
 */
import { fnv1a } from "../../herd/core/bytes/hash.ts";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/** The greatest seed. */
export const SEED_MAX = 0xffff_ffff;

export function isSeed(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= SEED_MAX;
}

/**
 * Returns `value` if it can be a seed.
 *
 * @throws {RangeError} If it can't.
 */
export function checkedSeed(value: number): number {
  if (isSeed(value)) return value;
  throw new RangeError(
    `Cannot use the seed ${value}: it must be a whole number from 0 to ${SEED_MAX}`,
  );
}

/**
 * A stream of random numbers. Seed and stream name determine the numbers,
 * whatever other streams are used meanwhile.
 */
export class Random {
  readonly #generator: RandomGenerator;

  /**
   * @param seed An integer from 0 to {@linkcode SEED_MAX}.
   * @param stream What the numbers are for; streams of one seed are
   * independent.
   * @throws {RangeError} If the seed is invalid.
   */
  constructor(seed: number, stream = "") {
    this.#generator = xoroshiro128plus(checkedSeed(seed) ^ hash(stream));
  }

  /**
   * A stream whose first numbers also differ from those of the next seed, for
   * cases in which few numbers of each of many consecutive seeds are used.
   */
  static ofSearch(seed: number, stream: string): Random {
    return new Random(mixed(checkedSeed(seed)), stream);
  }

  /** An integer from 0 up to, but not including, `end`. */
  below(end: number): number {
    return uniformInt(this.#generator, 0, end - 1);
  }

  /** A number from 0 up to, but not including, 1. */
  fraction(): number {
    return uniformFloat64(this.#generator);
  }

  /**
   * One of `choices`, with equal probability.
   *
   * @throws {RangeError} If there are none.
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

/**
 * Mixes the seed so that each bit affects all bits: MurmurHash3's finalizer.
 */
function mixed(seed: number): number {
  let hash = Math.imul(seed ^ (seed >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function hash(text: string): number {
  return text === "" ? 0 : fnv1a(text);
}
