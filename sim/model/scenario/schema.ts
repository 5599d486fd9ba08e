/**
 * How a scenario is written: the fields of the file and of each step.
 *
 * From this one schema come the check of a file, the types of its plan and the
 * JSON schema that editors complete and check with.
 *
 * @module
 */
import { MODES } from "../../../herd/core/dissemination/dissemination.ts";
import * as z from "zod";
import { SEED_MAX } from "../random.ts";
import type { ServerList } from "../topology/topology.ts";
import { AROUND_FIELDS, AROUND_STEPS } from "./around.ts";
import { CHANCE_FIELDS, CHANCE_STEPS } from "./chance_fields.ts";
import { CLIENT_FIELDS, CLIENT_STEPS } from "./client_fields.ts";
import {
  ALWAYS_FIELDS,
  constancy,
  EXPECT_FIELDS,
  expectation,
} from "./expect.ts";
import { MODE_FIELDS } from "./fault_fields.ts";
import { duration, servers, wholeNumber, word } from "./fields.ts";
import { LIMIT_FIELDS, limits } from "./limit_fields.ts";
import { LINK_FIELDS, LINK_STEPS } from "./link_fields.ts";
import { PROCESS_STEP_FIELDS, PROCESS_STEPS } from "./process_fields.ts";
import { supervision, SUPERVISOR_FIELDS } from "./supervisor_fields.ts";
import type {
  Action,
  ParallelStep,
  PhaseStep,
  RepeatStep,
  Scenario,
  WaitStep,
} from "./scenario.ts";

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

const step: z.ZodType<BareStep> = z.lazy(() => z.union(Object.values(STEPS)))
  .meta({ id: "step", description: "One thing to do, or to expect." });

const steps = z.array(step).min(1);

const repeat = z.strictObject({
  times: wholeNumber("How often.", 1, TIMES_MAX),
  get steps() {
    return steps.meta({ description: "What is repeated." });
  },
});

const STEPS = {
  ...CLIENT_STEPS,
  ...PROCESS_STEPS,
  ...LINK_STEPS,
  ...AROUND_STEPS,
  ...CHANCE_STEPS,
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
};

/**
 * A file.
 * @internal
 */
export const file = z.strictObject({
  name: z.string().exactOptional().meta({
    description: "What people call it; the file's name by default.",
  }),
  description: z.string().exactOptional().meta({
    description: "What the drill teaches.",
  }),
  topology: z.string().exactOptional().meta({
    type: ["string", "integer"],
    description:
      "A year, a generated herd (ring:8) or a file; 2014 by default.",
  }),
  mode: z.enum(MODES).exactOptional().meta({
    description:
      "How updates get from server to server; the topology's, else flood.",
  }),
  seed: wholeNumber(
    "What random choices follow from; a fresh one each run by default.",
    0,
    SEED_MAX,
  ).exactOptional(),
  repeat: wholeNumber(
    "How often the drill is run, each time with the next seed; once by default.",
    1,
    TIMES_MAX,
  ).exactOptional(),
  params: z.record(z.string(), z.string()).exactOptional().meta({
    description:
      "Parameters and their values: $name in any text stands for it.",
  }),
  groups: z.record(z.string(), servers("Servers, or other groups before it."))
    .exactOptional().meta({ description: "Names for several servers." }),
  supervisor: supervision().exactOptional(),
  limits: limits().exactOptional(),
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

/**
 * A kind of step, as it is written.
 * @internal
 */
export type StepName = keyof typeof STEPS;

/** The kinds of steps, as they are written. */
export const STEP_NAMES: readonly string[] = Object.keys(STEPS);

const FAULT_FIELDS = { ...PROCESS_STEP_FIELDS, ...LINK_FIELDS };

const FIELDS: Record<string, Record<string, unknown>> = {
  "": file.shape,
  expect: EXPECT_FIELDS,
  eventually: EXPECT_FIELDS,
  always: ALWAYS_FIELDS,
  repeat: repeat.shape,
  ...CLIENT_FIELDS,
  ...AROUND_FIELDS,
  ...CHANCE_FIELDS,
  ...FAULT_FIELDS,
  ...SUPERVISOR_FIELDS,
  ...LIMIT_FIELDS,
  ...Object.fromEntries(
    Object.keys(FAULT_FIELDS).map((name) => [`${name}.mode`, MODE_FIELDS]),
  ),
};

/**
 * The fields that the map at a place may have.
 * @param place `""` for the file itself, else the way from a step inwards:
 * `iamat`, `whatsat.expect`.
 */
export function fieldNames(place: string): string[] {
  return Object.keys(FIELDS[place] ?? {});
}
