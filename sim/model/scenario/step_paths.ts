/**
 * What each step of a plan is called by where it stands in it.
 *
 * Not by its line: a plan that is written out and run again has others, and must
 * make the same choices.
 *
 * @module
 */
import type { Step } from "./scenario.ts";

/**
 * The way to each step: `0` for the first, `2.1.0` for the first step of the
 * second branch of the third.
 */
export function stepPaths(steps: readonly Step[]): Map<Step, string> {
  const paths = new Map<Step, string>();
  const walk = (steps: readonly Step[], prefix: string): void => {
    for (const [index, step] of steps.entries()) {
      const path = `${prefix}${index}`;
      paths.set(step, path);
      if (step.kind === "repeat") walk(step.steps, `${path}.`);
      if (step.kind === "parallel") {
        for (const [number, branch] of step.branches.entries()) {
          walk(branch, `${path}.${number}.`);
        }
      }
    }
  };
  walk(steps, "");
  return paths;
}
