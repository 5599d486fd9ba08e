/**
 * How a scenario is written: the fields of the file and of each step.
 *
 * From this one schema come the check of a file, the types of its plan and the
 * JSON schema that editors complete and check with.
 *
 * @module
 */
import * as z from "zod";
import { parseInstant } from "../../../herd/core/message.ts";
import { parseRatePerSecond, RATE_FORMS, RATE_PATTERN } from "../duration.ts";
import { SEED_MAX } from "../random.ts";
import { RANDOM_ACTIONS } from "./random_steps.ts";
import {
  type Action,
  type AnswerExpected,
  type ChurnStep,
  type IamatStep,
  type LoadStep,
  type ParallelStep,
  type PhaseStep,
  RANDOM_CLIENTS,
  type RandomStep,
  type RepeatStep,
  type Scenario,
  type SendStep,
  type ServerList,
  type WaitStep,
  type WhatsatStep,
} from "./scenario.ts";
import {
  ALWAYS_FIELDS,
  constancy,
  EXPECT_FIELDS,
  expectation,
} from "./expect.ts";
import { AROUND_FIELDS, AROUND_STEPS } from "./around.ts";
import {
  LINK_FIELDS,
  LINK_STEPS,
  MODE_FIELDS,
  processStep,
} from "./link_fields.ts";
import {
  client,
  CLIENTS_MAX,
  duration,
  position,
  scalar,
  server,
  servers,
  wholeNumber,
  word,
  yesOrNo,
} from "./fields.ts";

/** A step as it comes out of the schema: its inner steps have no place yet. */
export type BareStep =
  | Exclude<Action, ParallelStep | RepeatStep>
  | {
    /** Which step it is. */
    readonly kind: "parallel";
    /** The branches, each a list of steps. */
    readonly branches: readonly BareStep[][];
  }
  | {
    /** Which step it is. */
    readonly kind: "repeat";
    /** How often. */
    readonly times: number;
    /** What is repeated. */
    readonly steps: readonly BareStep[];
  };

/** A file as it comes out of the schema; see {@linkcode Scenario}. */
export interface BareScenario
  extends Omit<Scenario, "file" | "name" | "topology" | "steps" | "checks"> {
  /** What people call it. */
  readonly name?: string;
  /** A year, a generated topology or a file. */
  readonly topology?: string;
  /** Parameters; they have been filled in. */
  readonly params?: Record<string, string>;
  /** Names for several servers. */
  readonly groups?: Record<string, ServerList>;
  /** The steps, without their places. */
  readonly steps: readonly BareStep[];
  /** The checks, as they are written. */
  readonly checks?: readonly string[];
}

/** What the schema finds wrong at one place; the shape is zod's. */
export interface ShapeIssue {
  /** The kind: `invalid_type`, `unrecognized_keys`, `invalid_union`, … */
  readonly code: string;
  /** The way to the place, from where the schema began. */
  readonly path: readonly PropertyKey[];
  /** What is wrong; ours where the kind is `custom`. */
  readonly message: string;
  /** The type wanted, of `invalid_type`. */
  readonly expected?: string;
  /** The keys, of `unrecognized_keys`. */
  readonly keys?: readonly string[];
  /** The choices, of `invalid_value`. */
  readonly values?: readonly unknown[];
  /** What each branch finds wrong, of `invalid_union`. */
  readonly errors?: readonly (readonly ShapeIssue[])[];
}

const TIMES_MAX = 1_000_000;
const RANDOM_STEPS_MAX = 10_000;
const LINE_CHARACTERS_MAX = 65_536;
const RADIUS_KM_MAX = 50;
const ITEMS_MAX = 20;
const WEIGHT_MAX = 1_000_000;

const answerWithin = duration("How long the answer may take; 12s unless told.")
  .default(12_000);

const iamat = z.strictObject({
  client: client(),
  position: position(),
  to: server(),
  time: scalar(
    (text) => parseInstant(text) && text,
    "time in POSIX seconds",
    {
      type: ["number", "string"],
      description: "POSIX seconds; now unless told.",
    },
  ).exactOptional(),
  within: answerWithin,
});

const answer = z.strictObject({
  places: wholeNumber("At least so many places.", 0, ITEMS_MAX).exactOptional(),
  status: word("The status of the places: OK, ZERO_RESULTS.").exactOptional(),
  server: server().exactOptional(),
  position: position().exactOptional(),
});

const whatsat = z.strictObject({
  client: client(),
  radius: scalar(
    (text) =>
      /^\d+(\.\d+)?$/.test(text) && Number(text) <= RADIUS_KM_MAX
        ? text
        : undefined,
    `radius from 0 to ${RADIUS_KM_MAX} km`,
    { type: ["number", "string"], description: "Kilometres, 0 to 50." },
  ),
  items: wholeNumber("Places at most.", 0, ITEMS_MAX),
  to: server(),
  expect: z.union([
    z.enum(["places", "unknown"]).transform((value): AnswerExpected =>
      value === "places" ? { places: 1, status: "OK" } : { unknown: true }
    ),
    answer,
  ]).exactOptional().meta({
    description: "places: at least one. unknown: the server knows no such " +
      "client. Or a map of what must hold.",
  }),
  within: answerWithin,
});

const send = z.strictObject({
  line: z.string().max(LINE_CHARACTERS_MAX).meta({
    description: "The line, without its end.",
  }),
  to: server(),
  reply: z.string().exactOptional().meta({
    description: "What the reply must be, to the letter.",
  }),
  matches: scalar(
    (text) => isRegExp(text) ? text : undefined,
    "regular expression",
    { description: "A regular expression that the reply must match." },
  ).exactOptional(),
  within: answerWithin,
}).refine(
  ({ reply, matches }) => reply === undefined || matches === undefined,
  {
    message: "send takes reply or matches, not both",
  },
);

const mix = z.strictObject({
  iamat: wholeNumber("So many fixes", 0, WEIGHT_MAX).default(0),
  whatsat: wholeNumber("to so many questions.", 0, WEIGHT_MAX).default(0),
});

const load = z.strictObject({
  rate: scalar(parseRatePerSecond, `rate (${RATE_FORMS})`, {
    pattern: RATE_PATTERN,
    description: "Lines sent, by all clients together.",
  }),
  for: duration("How long."),
  clients: wholeNumber("Clients load-1, load-2, …", 1, CLIENTS_MAX),
  to: servers("Servers they send to, by chance.").default(["all"]),
  mix: mix.refine(
    ({ iamat, whatsat }) => iamat + whatsat > 0,
    "a mix needs something in it",
  ).exactOptional().meta({
    description: "Fixes to questions; fixes alone unless told.",
  }),
  background: yesOrNo("Whether the next steps do not wait for its end.")
    .default(false),
});

const churn = z.strictObject({
  every: duration("From one kill to the next.")
    .refine((ms) => ms > 0, "every must be above 0"),
  for: duration("How long."),
  down: duration("From a kill to the revival; at once unless told.").default(0),
  servers: servers("Servers to choose from.").default(["all"]),
});

const random = z.strictObject({
  steps: wholeNumber("How many steps.", 1, RANDOM_STEPS_MAX),
  of: z.array(z.enum(RANDOM_ACTIONS)).min(1).default([...RANDOM_ACTIONS])
    .meta({ description: "What may be drawn; all of them unless told." }),
  clients: wholeNumber(
    `Clients c1, c2, …; ${RANDOM_CLIENTS} unless told.`,
    1,
    CLIENTS_MAX,
  ).default(RANDOM_CLIENTS),
  times: wholeNumber(
    "Their times are drawn from so many, so that some are equal; 10 unless told.",
    1,
    TIMES_MAX,
  ).default(10),
  min_alive: wholeNumber(
    "Servers that stay up whatever is drawn; 1 unless told.",
    0,
    RANDOM_STEPS_MAX,
  ).default(1),
});

const step: z.ZodType<BareStep> = z.lazy(() => z.union(Object.values(STEPS)))
  .meta({ id: "step", description: "One thing to do, or to expect." });

const steps = z.array(step).min(1);

const repeat = z.strictObject({
  times: wholeNumber("How often.", 1, TIMES_MAX),
  get steps() {
    return steps;
  },
});

const STEPS = {
  iamat: z.strictObject({ iamat }).transform((
    { iamat: { within, ...rest } },
  ): IamatStep => ({ kind: "iamat", ...rest, withinMs: within })),
  whatsat: z.strictObject({ whatsat }).transform((
    { whatsat: { within, ...rest } },
  ): WhatsatStep => ({ kind: "whatsat", ...rest, withinMs: within })),
  send: z.strictObject({ send }).transform((
    { send: { within, ...rest } },
  ): SendStep => ({ kind: "send", ...rest, withinMs: within })),
  kill: processStep("kill", "Servers to end without a word."),
  revive: processStep("revive", "Killed servers to start again."),
  restart: processStep("restart", "Servers to stop and start again."),
  pause: processStep("pause", "Servers to freeze."),
  resume: processStep("resume", "Frozen servers to thaw."),
  ...LINK_STEPS,
  ...AROUND_STEPS,
  expect: z.strictObject({ expect: expectation() }).transform(({ expect }) =>
    expect
  ),
  eventually: z.strictObject({ eventually: expectation() })
    .transform(({ eventually }) => eventually),
  always: z.strictObject({ always: constancy() })
    .transform(({ always }) => always),
  wait: z.strictObject({ wait: duration("How long.") })
    .transform(({ wait }): WaitStep => ({ kind: "wait", durationMs: wait })),
  phase: z.strictObject({
    phase: word(
      "A phase begins, for checks to speak of; it lasts until the next.",
    ),
  }).transform(({ phase }): PhaseStep => ({ kind: "phase", name: phase })),
  parallel: z.strictObject({
    parallel: z.array(z.union([steps, step])).min(1).meta({
      description: "Steps, or lists of steps, that run at the same time.",
    }),
  }).transform(({ parallel }): BareStep => ({
    kind: "parallel",
    branches: parallel.map((branch) =>
      Array.isArray(branch) ? branch : [branch]
    ),
  })),
  repeat: z.strictObject({ repeat })
    .transform(({ repeat }): BareStep => ({ kind: "repeat", ...repeat })),
  load: z.strictObject({ load })
    .transform(({ load: { mix, background, ...load } }): LoadStep => ({
      kind: "load",
      ratePerSecond: load.rate,
      durationMs: load.for,
      clients: load.clients,
      to: load.to,
      ...mix && { whatsatShare: mix.whatsat / (mix.iamat + mix.whatsat) },
      ...background && { isBackground: true },
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

function isRegExp(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

const file = z.strictObject({
  name: z.string().exactOptional().meta({
    description: "What people call it; the file's name unless told.",
  }),
  description: z.string().exactOptional().meta({
    description: "What the drill teaches.",
  }),
  topology: z.string().exactOptional().meta({
    type: ["string", "integer"],
    description:
      "A year, a generated herd (ring:8) or a file; 2014 unless told.",
  }),
  seed: wholeNumber(
    "What random choices follow from; a fresh one each run unless told.",
    0,
    SEED_MAX,
  ).exactOptional(),
  repeat: wholeNumber(
    "How often the drill is run, each time with the next seed; once unless told.",
    1,
    TIMES_MAX,
  ).exactOptional(),
  params: z.record(z.string(), z.string()).exactOptional().meta({
    description:
      "Parameters and their values: $name in any text stands for it.",
  }),
  groups: z.record(z.string(), servers("Servers, or other groups before it."))
    .exactOptional().meta({ description: "Names for several servers." }),
  steps: steps.meta({ description: "What happens, in order." }),
  checks: z.array(z.string()).min(1).exactOptional().meta({
    description: "What must be true at the end: lost == 0, p99 < 50ms.",
  }),
});

/**
 * Reads a file's value, strings, lists and maps, by the schema: what it says,
 * or else what is wrong with it.
 */
export function readShape(
  value: unknown,
): { shape: BareScenario } | { issues: readonly ShapeIssue[] } {
  const read = file.safeParse(value);
  return read.success
    ? { shape: read.data }
    : { issues: read.error.issues as readonly ShapeIssue[] };
}

/** The kinds of steps, as they are written. */
export const STEP_NAMES: readonly string[] = Object.keys(STEPS);

const FIELDS: Record<string, Record<string, unknown>> = {
  "": file.shape,
  iamat: iamat.shape,
  whatsat: whatsat.shape,
  "whatsat.expect": answer.shape,
  send: send.shape,
  expect: EXPECT_FIELDS,
  eventually: EXPECT_FIELDS,
  always: ALWAYS_FIELDS,
  repeat: repeat.shape,
  load: load.shape,
  "load.mix": mix.shape,
  churn: churn.shape,
  ...AROUND_FIELDS,
  ...LINK_FIELDS,
  ...Object.fromEntries(
    Object.keys(LINK_FIELDS).map((name) => [`${name}.mode`, MODE_FIELDS]),
  ),
  random: random.shape,
};

/**
 * The fields that the map at a place may have.
 * @param place `""` for the file itself, else the way from a step inwards:
 * `iamat`, `whatsat.expect`.
 */
export function fieldNames(place: string): string[] {
  return Object.keys(FIELDS[place] ?? {});
}

/** The JSON schema (2020-12) by which editors complete and check scenarios. */
export function scenarioJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(file, { io: "input" }),
    title: "A scenario of the herd workbench",
  };
}
