/**
 * The random numbers of steps: each taking of a step has a stream of its own,
 * which follows from the seed and from where the step stands.
 *
 * Not from its line: a plan that is written out and run again has others, and
 * must make the same choices. Nor from what was taken before it. The n-th taking
 * of a step in a `repeat` has the place that it has where the plan writes it n
 * times.
 *
 * @module
 */
import { Random } from "../random.ts";
import type { Step } from "./scenario.ts";

/** The way to a step, given how often it was taken before: `2.1.0`. */
export type PathOf = (time: number) => string;

/**
 * The way to each step: `0` for the first, `2.1.0` for the first step of the
 * second branch of the third. Steps in a `repeat` are as those of one branch, in
 * which each stands as often as it is taken.
 */
export function stepPaths(steps: readonly Step[]): Map<Step, PathOf> {
  const paths = new Map<Step, PathOf>();
  const walk = (
    steps: readonly Step[],
    pathAt: (index: number) => PathOf,
  ): void => {
    for (const [index, step] of steps.entries()) {
      const path = pathAt(index);
      paths.set(step, path);
      if (step.kind === "repeat") {
        const { times, steps: { length } } = step;
        walk(step.steps, (inner) => (time) => {
          const place = time % times * length + inner;
          return `${path(Math.floor(time / times))}.0.${place}`;
        });
      }
      if (step.kind === "parallel") {
        for (const [number, branch] of step.branches.entries()) {
          walk(branch, (inner) => (time) => `${path(time)}.${number}.${inner}`);
        }
      }
    }
  };
  walk(steps, (index) => () => String(index));
  return paths;
}

export class StepRandom {
  readonly #paths: ReadonlyMap<Step, PathOf>;
  readonly #seed: number;
  readonly #taken = new Map<Step, number>();
  readonly #streams = new Map<Step, Random>();

  constructor(steps: readonly Step[], seed: number) {
    this.#paths = stepPaths(steps);
    this.#seed = seed;
  }

  /** A step is taken, maybe again. */
  take(step: Step): void {
    const time = this.#taken.get(step) ?? 0;
    this.#taken.set(step, time + 1);
    const path = this.#paths.get(step)?.(time);
    this.#streams.set(step, new Random(this.#seed, `${step.kind} ${path}`));
  }

  /**
   * The random numbers of a step, as it was taken last.
   * @throws {TypeError} If it was not taken.
   */
  of(step: Step): Random {
    const stream = this.#streams.get(step);
    if (stream !== undefined) return stream;
    throw new TypeError(`Cannot draw for ${step.kind}: it was not taken`);
  }
}
