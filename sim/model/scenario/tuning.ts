/**
 * How a scenario sets its servers' constants, or leaves them to the seed: so a
 * few clients and a few seconds reach code that otherwise only a large herd
 * reaches.
 *
 * @module
 */
import * as z from "zod";
import {
  isTuning,
  TUNING,
  type Tuning,
  TUNING_KEYS,
} from "../../../herd/core/tuning.ts";
import { given } from "../given.ts";
import { Random } from "../random.ts";
import { wholeNumber } from "../steps/fields.ts";
import { renamedCodec } from "../steps/kind.ts";

/** Given constants, or the word that leaves them to the seed. */
export type ToldTuning = "drawn" | Partial<Tuning>;

/** The name of a constant in a file: as in the code, in the files' spelling. */
function tuningName(key: keyof Tuning): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const names = Object.fromEntries(
  TUNING_KEYS.map((key) => [tuningName(key), key]),
);
const object = z.strictObject(Object.fromEntries(
  TUNING_KEYS.map((key) => {
    const { min, max, usual } = TUNING[key];
    const words = `${tuningName(key)}; ${usual} by default.`;
    return [
      tuningName(key),
      wholeNumber(words, min, max).refine(
        (value) => isTuning(key, value),
        "must be a power of two",
      ).exactOptional(),
    ];
  }),
));

/** The file's field `tuning`. */
export const tuning: z.ZodType<ToldTuning> = z.union([
  z.literal("drawn"),
  renamedCodec<Partial<Tuning>>(object, names),
]).meta({
  description:
    "Constants that decide which code of the servers runs: told, or drawn " +
    "from the seed in virtual time.",
});

/** Constants as written in a file. */
export function writtenTuning(told: ToldTuning): string | object {
  return z.encode(tuning, told) as string | object;
}

/**
 * The constants of a run: in virtual time, those left to the seed are drawn;
 * elsewhere they keep their defaults, because such a run is not determined by
 * its seed.
 */
export function settledTuning(
  told: ToldTuning | undefined,
  isVirtual: boolean,
  seed: number,
): Partial<Tuning> | undefined {
  if (told !== "drawn") return told;
  return isVirtual ? drawnTuning(seed) : undefined;
}

/**
 * One in three keeps its default; of the others, one in three is the minimum.
 */
const USUAL_IN = 3;
const LEAST_IN = 4;

/** Never drawn: a server that is always at work answers nobody. */
const TOLD: ReadonlySet<keyof Tuning> = new Set(["workUs"]);

function drawnTuning(seed: number): Partial<Tuning> {
  const random = Random.ofSearch(seed, "tuning");
  const drawn = TUNING_KEYS.filter((key) => !TOLD.has(key))
    .map((key) => [key, drawnValue(key, random)]);
  return given(Object.fromEntries(drawn));
}

/** Small values, which matter most, are as likely as large ones. */
function drawnValue(
  key: keyof Tuning,
  random: Random,
): number | undefined {
  const isUsual = random.below(USUAL_IN) === 0;
  const isLeast = random.below(LEAST_IN) === 0;
  const part = random.fraction();
  if (isUsual) return undefined;
  const { min, max } = TUNING[key];
  if (isLeast) return min;
  const least = Math.max(1, min);
  const value = least * (max / least) ** part;
  return "isPower" in TUNING[key]
    ? 2 ** Math.round(Math.log2(value))
    : Math.round(value);
}
