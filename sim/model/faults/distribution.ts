/**
 * How jitter is distributed, as tc-netem offers it.
 *
 * @module
 */

export const DISTRIBUTIONS = ["uniform", "normal", "pareto"] as const;

/** A distribution of jitter, by name. */
export type Distribution = typeof DISTRIBUTIONS[number];

/** The shape of tc-netem's pareto table. */
const PARETO_SHAPE = 3;
const PARETO_MEAN = PARETO_SHAPE / (PARETO_SHAPE - 1);
const PARETO_DEVIATION = Math.sqrt(
  PARETO_SHAPE / ((PARETO_SHAPE - 1) ** 2 * (PARETO_SHAPE - 2)),
);
/** Probabilities are cut off here, so that no delay is infinite. */
const TAIL = 1e-9;

/**
 * A normal number of mean 0 and deviation 1, from two numbers of 0 up to 1
 * (Box and Muller, 1958).
 */
export function standardNormal(radius: number, angle: number): number {
  return Math.sqrt(-2 * Math.log(Math.max(radius, TAIL))) *
    Math.cos(2 * Math.PI * angle);
}

/**
 * The share of normal numbers below `normal` (Abramowitz and Stegun 1964,
 * 7.1.26; off by 1.5e-7 at most).
 */
function shareBelow(normal: number): number {
  const x = Math.abs(normal) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const poly = t *
    (0.254829592 +
      t *
        (-0.284496736 +
          t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const half = (1 - poly * Math.exp(-x * x)) / 2;
  return normal < 0 ? 0.5 - half : 0.5 + half;
}

/**
 * Maps a normal number to another distribution: how far a delay is from its
 * mean, in units of the jitter.
 *
 * `uniform`: from -1 to 1. `normal`: deviation 1. `pareto`: deviation 1, mean 0
 * and a long tail of late ones.
 */
export function spread(distribution: Distribution, normal: number): number {
  switch (distribution) {
    case "uniform":
      return 2 * shareBelow(normal) - 1;
    case "normal":
      return normal;
    case "pareto": {
      const left = Math.max(1 - shareBelow(normal), TAIL);
      return (left ** (-1 / PARETO_SHAPE) - PARETO_MEAN) / PARETO_DEVIATION;
    }
  }
}
