/**
 * The step `repeat`: steps run again and again.
 *
 * @module
 */
import * as z from "zod";
import { count } from "../count.ts";
import { wholeNumber } from "./fields.ts";
import type { StepKind } from "./kind.ts";

const TIMES_MAX = 1_000_000;

export interface RepeatStep<S> {
  readonly kind: "repeat";
  readonly times: number;
  readonly steps: readonly S[];
}

/** The step, given how a list of steps is read. */
export function repeat<S>(steps: z.ZodType<S[]>): StepKind<RepeatStep<S>> {
  const shape = {
    times: wholeNumber("How often.", 1, TIMES_MAX),
    steps: steps.meta({ description: "What is repeated." }),
  };
  return {
    name: "repeat",
    does: "Repeats steps.",
    schema: z.strictObject(shape).transform((fields): RepeatStep<S> => ({
      kind: "repeat",
      ...fields,
    })),
    describe: ({ times }) => `repeat ${count(times, "time")}`,
  };
}
