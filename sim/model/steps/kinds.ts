/**
 * The list of all kinds of steps, which the schema, the prompt, reports and
 * checks use.
 *
 * @module
 */
import * as z from "zod";
import { given } from "../given.ts";
import { always } from "./always.ts";
import { churn } from "./churn.ts";
import { eventually, expect } from "./expect.ts";
import { FAULTS } from "./faults.ts";
import { isPercentage } from "./fields.ts";
import { garbage } from "./garbage.ts";
import { greedy } from "./greedy.ts";
import { faultsEnd } from "./faults_end.ts";
import { heal } from "./heal.ts";
import { HUB_FAULTS } from "./hub_faults.ts";
import { iamat } from "./iamat.ts";
import type {
  AnyStep,
  CommandKind,
  CommandOf,
  StepKind,
  StepOf,
} from "./kind.ts";
import { load } from "./load.ts";
import { mapsIn } from "./maps_in.ts";
import { nemesis } from "./nemesis.ts";
import { parallel, type ParallelStep } from "./parallel.ts";
import { phase } from "./phase.ts";
import { places } from "./places.ts";
import { random } from "./random.ts";
import { repeat, type RepeatStep } from "./repeat.ts";
import { send } from "./send.ts";
import { wait } from "./wait.ts";
import { whatsat } from "./whatsat.ts";

const FLAT_KINDS = [
  iamat,
  whatsat,
  send,
  load,
  ...FAULTS,
  heal,
  places,
  ...HUB_FAULTS,
  garbage,
  greedy,
  nemesis,
  churn,
  random,
  faultsEnd,
  expect,
  eventually,
  always,
  wait,
  phase,
] as const;

/** A step that has no other steps in it. */
export type FlatStep = StepOf<typeof FLAT_KINDS[number]>;

/** A step as the schema returns it, without its place. */
export type BareStep =
  | FlatStep
  | ParallelStep<BareStep>
  | RepeatStep<BareStep>;

const step: z.ZodType<BareStep> = z.lazy(() => z.union(KINDS.map(written)))
  .meta({ id: "step", description: "One thing to do, or to expect." });

export const steps = z.array(step).min(1);

// deno-lint-ignore no-explicit-any
export type AnyKind = StepKind<any, any>;

export const KINDS: readonly AnyKind[] = [
  ...FLAT_KINDS,
  parallel(step, steps),
  repeat(steps),
];

/** A step in a file: a map from its name to its value. */
function written({ name, schema }: AnyKind): z.ZodType<BareStep> {
  return z.strictObject({ [name]: schema })
    .transform((value) => value[name] as BareStep);
}

/** Whether fields with this name are percentages, in any step. */
export function isPercentField(name: string): boolean {
  return KINDS.flatMap(({ schema }) => [...mapsIn(schema)])
    .flatMap(([, fields]) => Object.entries(fields))
    .some(([its, field]) => its === name && isPercentage(field as z.ZodType));
}

const BY_STEP: ReadonlyMap<string, AnyKind> = new Map(
  KINDS.flatMap((kind) =>
    (kind.kinds ?? [kind.name]).map((name) => [name, kind] as const)
  ),
);

const BY_NAME: ReadonlyMap<string, z.ZodType<BareStep>> = new Map(
  KINDS.map(({ name, schema }) => [name, schema]),
);

/**
 * Reads one step, by its name and what stands below that. To try all kinds, so
 * that one can tell what is wrong with each, takes several times as long.
 *
 * @throws {z.ZodError | TypeError} If it is none.
 */
export function readStep(name: string, value: unknown): BareStep {
  const schema = BY_NAME.get(name);
  if (schema === undefined) throw new TypeError(`Cannot read a step ${name}`);
  return schema.parse(value);
}

/** What there is to know of a step. */
export function kindOf({ kind }: AnyStep): AnyKind {
  return BY_STEP.get(kind)!;
}

/** A step in one line, in the words of its file. */
export function describeStep(step: AnyStep): string {
  return kindOf(step).describe(step);
}

/** Whether a step has a duration. */
export function isTimed(step: AnyStep): boolean {
  return kindOf(step).isTimed === true;
}

/** Whether a step checks something, rather than does something. */
export function isCheck(step: AnyStep): boolean {
  return kindOf(step).isCheck === true;
}

/** The names of steps in files. */
export const STEP_NAMES: readonly string[] = KINDS.map(({ name }) => name);

/**
 * The kinds of faults. Steps that cause other faults can't be caused by one.
 */
export const FAULT_KINDS: readonly string[] = KINDS
  .filter(({ isFault }) => isFault).map(({ name }) => name);

/** What the prompt can do to a herd. */
export type StepCommand = CommandOf<typeof FLAT_KINDS[number]>;

export const STEP_COMMANDS: Readonly<Record<string, CommandKind<StepCommand>>> =
  given(Object.fromEntries(KINDS.map(({ name, command }) => [name, command])));
