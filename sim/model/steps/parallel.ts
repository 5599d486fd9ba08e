/**
 * The step `parallel`: branches of steps run at the same time.
 *
 * @module
 */
import * as z from "zod";
import { count } from "../count.ts";
import type { StepKind } from "./kind.ts";

/** Branches run at the same time; the step ends with the last of them. */
export interface ParallelStep<S> {
  readonly kind: "parallel";
  /** Lists of steps; each list runs in order, in parallel to the others. */
  readonly branches: readonly (readonly S[])[];
}

/** The step, given how any step is read, and a list of them. */
export function parallel<S>(
  step: z.ZodType<S>,
  steps: z.ZodType<S[]>,
): StepKind<ParallelStep<S>> {
  return {
    name: "parallel",
    does: "Steps, or lists of steps, that run at the same time.",
    schema: z.array(z.union([steps, step])).min(1).transform((
      branches,
    ): ParallelStep<S> => ({
      kind: "parallel",
      branches: branches.map((branch) =>
        Array.isArray(branch) ? branch : [branch]
      ),
    })),
    describe: ({ branches }) =>
      `parallel, ${count(branches.length, "branch", "branches")}`,
  };
}
