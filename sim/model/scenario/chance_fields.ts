/**
 * How the steps are written that leave to chance what is done, and to whom.
 *
 * @module
 */
import * as z from "zod";
import { NEMESIS_FAULTS } from "../faults/nemesis.ts";
import type { ChurnStep, NemesisStep, RandomStep } from "./fault_types.ts";
import { COUNT_MAX } from "../numbers.ts";
import { aboveZero } from "./fault_fields.ts";
import { CLIENTS_MAX, duration, servers, wholeNumber } from "./fields.ts";
import { RANDOM_ACTIONS } from "./random_steps.ts";
import { RANDOM_CLIENTS } from "./scenario.ts";

const RANDOM_STEPS_MAX = 10_000;
const TIMES_MAX = 1_000_000;
/** What is done is planned, and told, one by one: more takes all memory. */
const DEEDS_MAX = 100_000;

/** Whether so much is done in all as can be planned. */
const isBounded = (it: { readonly every: number; readonly for: number }) =>
  it.every === 0 || it.for / it.every <= DEEDS_MAX;

/** What is wrong with it else. */
const tooMany = (what: string) =>
  `${what} does at most ${DEEDS_MAX} things: for is too long for every`;

const churn = z.strictObject({
  every: aboveZero("From one kill to the next."),
  for: duration("How long."),
  down: duration("From a kill to the revival; at once by default.").default(0),
  servers: servers("Servers to choose from.").default(["all"]),
}).refine(isBounded, tooMany("churn"));

const random = z.strictObject({
  steps: wholeNumber("How many steps.", 1, RANDOM_STEPS_MAX),
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
    RANDOM_STEPS_MAX,
  ).default(1),
});

const nemesis = z.strictObject({
  every: aboveZero("From one fault to the next."),
  for: aboveZero("How long."),
  duration: aboveZero("How long each fault lasts; 500ms by default.")
    .default(500),
  faults: z.array(z.enum(NEMESIS_FAULTS)).min(1).exactOptional().meta({
    description: "What it chooses from; by default all but loss and corrupt.",
  }),
  min_alive: wholeNumber(
    "Servers that are neither killed, crashed nor paused, at least; 1 by default.",
    0,
    COUNT_MAX,
  ).default(1),
}).refine(isBounded, tooMany("nemesis"));

/**
 * The steps, by name.
 * @internal
 */
export const CHANCE_STEPS = {
  nemesis: z.strictObject({ nemesis })
    .transform(({ nemesis: it }): NemesisStep => ({
      kind: "nemesis",
      everyMs: it.every,
      faultMs: it.duration,
      durationMs: it.for,
      faults: it.faults ??
        NEMESIS_FAULTS.filter((kind) => kind !== "loss" && kind !== "corrupt"),
      minAlive: it.min_alive,
    })),
  churn: z.strictObject({ churn })
    .transform(({ churn }): ChurnStep => ({
      kind: "churn",
      everyMs: churn.every,
      durationMs: churn.for,
      downMs: churn.down,
      servers: churn.servers,
    })),
  random: z.strictObject({ random })
    .transform(({ random }): RandomStep => ({
      kind: "random",
      count: random.steps,
      of: random.of,
      clients: random.clients,
      times: random.times,
      minAlive: random.min_alive,
    })),
};

/** The fields of each of the steps, by name. */
export const CHANCE_FIELDS: Readonly<Record<string, Record<string, unknown>>> =
  {
    churn: churn.shape,
    random: random.shape,
    nemesis: nemesis.shape,
  };
