/**
 * A scenario: what a drill does, step by step, and what must then hold.
 *
 * These are the types of a plan that has been read and checked;
 * `schema.ts` says how each is written in YAML.
 *
 * @module
 */
import type { Durability } from "../../../herd/core/durability.ts";
import type { DisseminationMode } from "../../../herd/core/dissemination/dissemination.ts";
import type { Limits } from "../../../herd/core/limits.ts";
import type { FurtherVia } from "../../../herd/core/wire/via.ts";
import type { PlacedCheck } from "../checks/assess.ts";
import type { Place } from "../problem.ts";
import type { RestartRules } from "../restart.ts";
import type { ToldTuning } from "./tuning.ts";
import type { WorldName } from "../world_name.ts";
import type { AnyStep } from "../steps/kind.ts";
import { type FlatStep, kindOf } from "../steps/kinds.ts";
import type { ParallelStep as ParallelOf } from "../steps/parallel.ts";
import { furtherWay } from "../steps/via.ts";
import type { RepeatStep as RepeatOf } from "../steps/repeat.ts";

/** Branches run at the same time; the step ends with the last of them. */
export type ParallelStep = ParallelOf<Step>;

export type RepeatStep = RepeatOf<Step>;

export type Action = FlatStep | ParallelStep | RepeatStep;

/** A step in results: its kind, and its place in the file. */
export type PlacedStep = AnyStep & {
  readonly where: Place;
};

/** One step of a plan, with all its fields. */
export type Step = Action & PlacedStep;

/** A plan that was read and checked, ready to run. */
export type Scenario = ScenarioOf<Step>;

/** A plan, with steps of a certain type. */
export interface ScenarioOf<S extends PlacedStep> {
  /** Its name, by default the file's. */
  readonly name: string;
  /** The file it came from, as the user knows it. */
  readonly file: string;
  readonly description?: string;
  /** A year, a generated topology or a file. */
  readonly topology: string;
  /**
   * How updates get from server to server; by default as in the topology, or
   * else `flood`.
   */
  readonly mode?: DisseminationMode;
  /** Where its servers run; in threads by default. */
  readonly world?: WorldName;
  /**
   * What an acknowledged fix survives; by default as in the topology, or else
   * `none`.
   */
  readonly durable?: Durability;
  /** The seed of its random choices; a new one each run by default. */
  readonly seed?: number;
  /** Number of runs, each with the next seed; 1 by default. */
  readonly repeat?: number;
  /** How servers that ended are restarted. */
  readonly supervisor?: RestartRules;
  /** Limits of each server; by default as in the topology. */
  readonly limits?: Partial<Limits>;
  /** Constants of its servers; `drawn`: chosen by the seed. */
  readonly tuning?: ToldTuning;
  /** The hub that the workbench runs to join herds; none by default. */
  readonly hub?: { readonly servers: number };
  readonly steps: readonly S[];
  /** Checks of the whole drill, made at its end. */
  readonly checks?: readonly PlacedCheck[];
  /** Checks of which at least one of many runs must pass each. */
  readonly sometimes?: readonly PlacedCheck[];
}

/** All steps with those nested in them, in the order of the file. */
export function allSteps(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) => {
    if (step.kind === "parallel") {
      return [step, ...step.branches.flatMap(allSteps)];
    }
    return step.kind === "repeat" ? [step, ...allSteps(step.steps)] : [step];
  });
}

/** Whether steps, or those in them, affect links. */
export function needsLinkFaults(steps: readonly Step[]): boolean {
  return allSteps(steps).some((step) => kindOf(step).isOfLinks);
}

/** The transports that clients in steps need in addition to plain TCP. */
export function furtherWays(steps: readonly Step[]): FurtherVia[] {
  return [...new Set(allSteps(steps).flatMap(furtherWay))];
}

/** The topology of a scenario that names none. */
export const DEFAULT_TOPOLOGY = "2014";
