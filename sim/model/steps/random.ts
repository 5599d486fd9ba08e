/**
 * The step `random`: steps drawn by chance, that take its place before a run.
 *
 * @module
 */
import * as z from "zod";
import { count } from "../count.ts";
import { CLIENTS_MAX, wholeNumber } from "./fields.ts";
import { planCodec, type StepKind } from "./kind.ts";
import { isFaultKind } from "./faults.ts";

/** What may be drawn, and how often of all draws. */
export const RANDOM_WEIGHTS = {
  iamat: 10,
  kill: 3,
  revive: 3,
  restart: 1,
  pause: 1,
  resume: 2,
  wait: 2,
} as const;

/** What a `random` step may draw. */
export type RandomAction = keyof typeof RANDOM_WEIGHTS;

export const RANDOM_ACTIONS = Object.keys(RANDOM_WEIGHTS) as RandomAction[];

const STEPS_MAX = 10_000;
const TIMES_MAX = 1_000_000;
/** Clients of a `random` step that tells none. */
export const RANDOM_CLIENTS = 3;

const shape = {
  steps: wholeNumber("How many steps.", 1, STEPS_MAX),
  of: z.array(z.enum(RANDOM_ACTIONS)).min(1).default([...RANDOM_ACTIONS])
    .meta({ description: "What may be drawn; by default all." }),
  clients: wholeNumber(
    `Clients c1, c2, …; ${RANDOM_CLIENTS} by default.`,
    1,
    CLIENTS_MAX,
  ).default(RANDOM_CLIENTS),
  times: wholeNumber(
    "Their times are drawn from so many, so that some are equal; 10 by default.",
    1,
    TIMES_MAX,
  ).default(10),
  min_alive: wholeNumber(
    "Servers that stay up whatever is drawn; 1 by default.",
    0,
    STEPS_MAX,
  ).default(1),
};
const codec = planCodec("random", z.strictObject(shape), {
  steps: "count",
  min_alive: "minAlive",
});

/**
 * Steps drawn by chance; they take the place of this one before a run.
 * @internal
 */
export type RandomStep = z.output<typeof codec>;

/**
 * Steps that are drawn from the seed.
 * @internal
 */
export const random: StepKind<RandomStep> = {
  name: "random",
  does: "Steps that are drawn from the seed.",
  schema: codec,
  fields: { "": shape },
  describe: (step) =>
    `random, ${count(step.count, "step")} of ${step.of.join(", ")}`,
  brings: () => RANDOM_ACTIONS.filter(isFaultKind),
};
