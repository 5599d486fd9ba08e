/**
 * The random numbers of steps: each execution of a step has a stream of its
 * own, determined by the seed and the step's place.
 *
 * Not by its line: a written plan has other lines, and must make the same
 * choices when it is repeated. Nor by what was executed before it. The n-th
 * execution of a step in a `repeat` has the place it has in a plan that lists
 * it n times.
 *
 * @module
 */
import { Random } from "../random.ts";
import type { Step } from "./scenario.ts";

/** The path of a step, given how often it was executed before: `2.1.0`. */
export type PathOf = (time: number) => string;

/**
 * The path of each step: `0` for the first, `2.1.0` for the first step of the
 * second branch of the third. Steps in a `repeat` are numbered like those of
 * one branch that contains each as often as it is executed.
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

  /** A step is executed, maybe again. */
  take(step: Step): void {
    const time = this.#taken.get(step) ?? 0;
    this.#taken.set(step, time + 1);
    const path = this.#paths.get(step)?.(time);
    this.#streams.set(step, new Random(this.#seed, `${step.kind} ${path}`));
  }

  /**
   * The random numbers of a step's last execution.
   *
   * @throws {TypeError} If it was not executed.
   */
  of(step: Step): Random {
    const stream = this.#streams.get(step);
    if (stream !== undefined) return stream;
    throw new TypeError(`Cannot draw for ${step.kind}: it was not taken`);
  }
}
