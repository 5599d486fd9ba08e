/**
 * A plan as text: a scenario that can be repeated, in which everything that the
 * file, the command line or the run has decided is fixed.
 *
 * @module
 */
import { given } from "../given.ts";
import { stringify } from "yaml";
import { writtenAction } from "../steps/faults.ts";
import { isFaultStep } from "../steps/server_faults.ts";
import {
  allSteps,
  type PlacedStep,
  type Scenario,
  type Step,
} from "./scenario.ts";
import { writtenLimits } from "../topology/limits.ts";
import { type Groups, SERVER_FIELDS, withoutGroups } from "./check_names.ts";
import {
  type Actions,
  type ActionsOf,
  writtenInTime,
  writtenWait,
} from "./actions.ts";
import { writtenTuning } from "./tuning.ts";
import { isYamlMap, valueAt, type YamlValue } from "../yaml.ts";

/** A plan's name, and its settings. */
export interface PlanFacts {
  readonly name: string;
  /** A year, a generated topology or a file. */
  readonly topology: string;
  /** The seed of its random choices. */
  readonly seed: number;
}

/**
 * Fields of a file that are resolved, or are written elsewhere. That of
 * `sometimes` is about many runs, and a plan is for one.
 */
const LEFT_OUT = ["repeat", "params", "groups", "steps", "checks", "sometimes"];

/**
 * The scenario of a file with parameters filled in, groups replaced by their
 * servers, and its seed; and random choices replaced by what was chosen, as far
 * as that is known.
 *
 * @param value The file's value, its parameters filled in.
 * @param groups The file's groups.
 * @param scenario The plan that was read from it.
 * @param facts Its name, and its settings.
 * @param actions What its steps did, or will do.
 */
export function planText(
  value: YamlValue,
  groups: Groups,
  scenario: Scenario,
  facts: PlanFacts,
  actions: ActionsOf<PlacedStep> = new Map(),
): string {
  const file = value as { [key: string]: YamlValue };
  const { description, steps, checks } = file;
  const { mode, world, durable, limits, tuning } = scenario;
  const raw = resolved(steps!, groups) as YamlValue[];
  const settings = {
    name: facts.name,
    description,
    topology: facts.topology,
    mode,
    world,
    durable,
    seed: String(facts.seed),
    limits: limits && writtenLimits(limits),
    tuning: tuning && writtenTuning(tuning),
  };
  const others = Object.entries(file).filter(([key]) =>
    !Object.hasOwn(settings, key) && !LEFT_OUT.includes(key)
  );
  const plan = given({
    ...settings,
    ...Object.fromEntries(others),
    steps: new Writer(actions).steps(raw, scenario.steps),
    checks,
  });
  return stringify(plan, {
    schema: "failsafe",
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}

/**
 * Writes steps with what they did. Each is replaced by exactly one, so that all
 * others keep their places, which select their random numbers.
 */
class Writer {
  readonly #actions: ActionsOf<PlacedStep>;
  /** How often each step has been written. */
  readonly #times = new Map<Step, number>();

  constructor(actions: ActionsOf<PlacedStep>) {
    this.#actions = actions;
  }

  steps(raw: readonly YamlValue[], steps: readonly Step[]): unknown[] {
    return steps.map((step, i) => this.#step(raw[i]!, step));
  }

  #step(raw: YamlValue, step: Step): unknown {
    if (step.kind === "parallel") {
      const { parallel } = raw as { parallel: YamlValue[] };
      const branches = step.branches.map((branch, i) => {
        const inner = parallel[i]!;
        return Array.isArray(inner)
          ? this.steps(inner, branch)
          : this.#step(inner, branch[0]!);
      });
      return { parallel: branches };
    }
    if (step.kind === "repeat") {
      if (!allSteps(step.steps).some((inner) => this.#hasChosen(inner))) {
        return raw;
      }
      const { steps } = (raw as { repeat: { steps: YamlValue[] } }).repeat;
      const all = Array.from(
        { length: step.times },
        () => this.steps(steps, step.steps),
      );
      return { parallel: [all.flat()] };
    }
    const time = this.#times.get(step) ?? 0;
    this.#times.set(step, time + 1);
    const actions = this.#actions.get(step)?.[time];
    return actions === undefined ? raw : this.#written(raw, step, actions);
  }

  #written(raw: YamlValue, step: Step, actions: Actions): unknown {
    switch (step.kind) {
      case "nemesis": {
        const branches = actions.filter((branch) => branch.length > 0)
          .map(writtenInTime);
        return { parallel: [...branches, [writtenWait(step.durationMs)]] };
      }
      case "churn":
        return { parallel: actions.map(writtenInTime) };
    }
    // `all` means all servers, whichever those are.
    if (isFaultStep(step) && !isByChance(step)) return raw;
    const [[first] = []] = actions;
    return first === undefined ? writtenWait(0) : writtenAction(first.action);
  }

  /** Whether a step has made a known choice. */
  #hasChosen(step: Step): boolean {
    return isByChance(step) &&
      this.#actions.get(step)?.some((actions) => actions !== undefined) ===
        true;
  }
}

/** Whether a step chooses its targets at random. */
function isByChance(step: Step): boolean {
  return step.kind === "nemesis" || step.kind === "churn" ||
    "mode" in step && step.mode !== "all" ||
    "shape" in step;
}

/** The steps whose random choices are not known. */
export function openSteps(
  steps: readonly Step[],
  actions: ActionsOf<PlacedStep>,
): Step[] {
  return allSteps(steps).filter((step) =>
    isByChance(step) && !actions.get(step)?.every((it) => it !== undefined)
  );
}

function resolved(value: YamlValue, groups: Groups): YamlValue {
  if (Array.isArray(value)) return value.map((item) => resolved(item, groups));
  if (!isYamlMap(value)) return value;
  const step = Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolved(item, groups)]),
  );
  for (const { path } of SERVER_FIELDS) replaceAt(step, path, groups);
  return step;
}

/** Replaces groups in a list of servers, if a step has one. */
function replaceAt(
  step: { [key: string]: YamlValue },
  path: readonly (string | number)[],
  groups: Groups,
): void {
  const map = valueAt(step, path.slice(0, -1));
  const last = path.at(-1)!;
  if (!isYamlMap(map) || !Object.hasOwn(map, last)) return;
  const list = map[last]!;
  const names = Array.isArray(list) ? list : [list];
  const isGrouped = names.some((name) =>
    typeof name === "string" && groups.has(name)
  );
  if (isGrouped) map[last] = withoutGroups(names as string[], groups);
}
