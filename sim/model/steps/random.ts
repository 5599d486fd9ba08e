/**
 * The step `random`: it is replaced by randomly drawn steps before a run.
 *
 * @module
 */
import * as z from "zod";
import { count } from "../count.ts";
import { CLIENTS_MAX, wholeNumber, yesOrNo } from "./fields.ts";
import { planned, type StepOf } from "./kind.ts";
import { isFaultKind, MILD_FAULTS, nemesisUse } from "./faults.ts";

/** Weights of fixes, waits and faults of servers. */
const SERVER_WEIGHTS = {
  iamat: 10,
  kill: 3,
  revive: 3,
  restart: 1,
  pause: 1,
  resume: 2,
  wait: 2,
  whatsat: 5,
} as const;

/** Faults of links that lose nothing permanently; each ends by itself. */
export const RANDOM_LINK_FAULTS: readonly string[] = MILD_FAULTS
  .filter((name) => nemesisUse(name).on === "links");

/** What may be drawn, with weights. */
export const RANDOM_WEIGHTS: Readonly<Record<string, number>> = {
  ...SERVER_WEIGHTS,
  ...Object.fromEntries(RANDOM_LINK_FAULTS.map((name) => [name, 1])),
};

const SERVER_ACTIONS = Object.keys(SERVER_WEIGHTS);
export const RANDOM_ACTIONS: readonly string[] = Object.keys(RANDOM_WEIGHTS);
/** Stands for everything that may be drawn. */
const ALL = "all";

const STEPS_MAX = 10_000;
const TIMES_MAX = 1_000_000;
/** Default number of clients of a `random` step. */
export const RANDOM_CLIENTS = 3;

const shape = {
  steps: wholeNumber("How many steps.", 1, STEPS_MAX),
  of: z.union([
    z.literal(ALL).transform(() => [...RANDOM_ACTIONS]),
    z.array(z.enum(RANDOM_ACTIONS)).min(1),
  ]).default([...SERVER_ACTIONS]).meta({
    description:
      "What may be drawn; by default all but faults of links. all: these too. " +
      "whatsat is drawn in mode ondemand only.",
  }),
  swarm: yesOrNo(
    "Whether each seed draws which of them it uses, and how often; no by default.",
  ).default(false),
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
export const random = planned({
  kind: "random",
  does: "Steps that are drawn from the seed.",
  object: z.strictObject(shape),
  names: {
    steps: "count",
    min_alive: "minAlive",
  },
  describe: (step) =>
    `random, ${count(step.count, "step")} of ${step.of.join(", ")}` +
    (step.swarm ? ", some of them" : ""),
  brings: () => RANDOM_ACTIONS.filter(isFaultKind),
});

export type RandomStep = StepOf<typeof random>;
