/**
 * Reads a scenario file, and reports all its errors at once.
 *
 * @module
 */
import { type CheckNames, parseCheck } from "../checks/expression.ts";
import { given } from "../given.ts";
import { InvalidFile, type Place, type Problem } from "../problem.ts";
import {
  type Action,
  DEFAULT_TOPOLOGY,
  type Scenario,
  type Step,
} from "./scenario.ts";
import { lateFaults } from "./late_faults.ts";
import { warningsOf } from "./warnings.ts";
import { type Settings, withParams } from "./params.ts";
import { isSeed } from "../random.ts";
import { checkNames, type Groups, withoutGroups } from "./check_names.ts";
import { shapeErrors } from "./shape_errors.ts";
import { type BareStep, readStep } from "../steps/kinds.ts";
import type { DrawnStep } from "./random_steps.ts";
import {
  type BareScenario,
  file as schema,
  type ShapeIssue,
} from "./schema.ts";
import type { ServerList, Topology } from "../topology/topology.ts";
import { isYamlMap, type Path, YamlFile, type YamlValue } from "../yaml.ts";

/** The result of reading a scenario file. */
export interface ParsedScenario {
  /** The plan; absent if there are errors. */
  readonly scenario?: Scenario;
  /**
   * The file's content with parameters filled in; absent if there are errors.
   */
  readonly value?: YamlValue;
  /** Its groups; absent if there are errors. */
  readonly groups?: Groups;
  readonly topology?: Topology;
  /** All problems; with a plan, only warnings. */
  readonly problems: readonly Problem[];
}

/**
 * Finds the topology that a file names, given the file's seed, if any. If it
 * does not exist, or has invalid numbers, that is the file's error: a
 * RangeError, or an error named NotFound, has the reason.
 */
export type TopologySource = (spec: string, seed?: number) => Topology;

/**
 * Reads a scenario.
 *
 * @param text The file's text.
 * @param file Its name, for the problems; without its extension it is the
 * scenario's name, unless the file says another.
 * @param topologyOf Finds the topology.
 * @param settings Values of the file's parameters that go before its own.
 * @throws {NoSuchParameter} If a setting is of none of its parameters.
 *
 * @example
 * ```ts
 * import { parseScenario } from "./parse.ts";
 * import { generateTopology } from "../topology/generate.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const text = "topology: line:3\nsteps:\n  - kill: s9\n";
 * const { problems } = parseScenario(text, "a.yaml", (s) => generateTopology(s)!);
 * assertEquals(problems.map(({ line, column, message }) => [line, column, message]), [
 *   [3, 11, "no server or group s9"],
 * ]);
 * ```
 */
export function parseScenario(
  text: string,
  file: string,
  topologyOf: TopologySource,
  settings: Settings = {},
): ParsedScenario {
  const yaml = new YamlFile(text, file);
  const problems = [...yaml.problems];
  if (yaml.value === undefined) {
    if (problems.length === 0) {
      problems.push(yaml.problemOf({ path: [], message: "the file is empty" }));
    }
    return { problems };
  }
  const { value, faults: wrongParams } = withParams(yaml.value, settings);
  const found = findTopology(yaml, value, topologyOf);
  problems.push(...found.problems);
  const names = found.topology && checkNames(value, found.topology);
  const read = schema.safeParse(value);
  const issues = (read.error?.issues ?? []) as readonly ShapeIssue[];
  const faults = [
    ...wrongParams,
    ...shapeErrors(issues, value),
    ...(names?.faults ?? []),
  ];
  problems.push(...faults.map((fault) => yaml.problemOf(fault)));
  const topology = given({ topology: found.topology });
  if (problems.length > 0 || !read.success || names === undefined) {
    return { ...topology, problems };
  }
  const scenario = plan(yaml, value, read.data, names);
  const late = lateFaults(scenario.steps);
  if (late.length > 0) {
    const tooLate = late.map(({ kind, where }) =>
      yaml.problem(where, `${kind} begins a fault, and all faults have ended`, {
        hint: "put it before faults_end",
      })
    );
    return { ...topology, problems: tooLate };
  }
  const warnings = warningsOf(value, names.checkNames)
    .map((doubt): Problem => ({
      ...yaml.problemOf(doubt),
      severity: "warning",
    }));
  const { groups } = names;
  return { scenario, value, groups, ...topology, problems: warnings };
}

function findTopology(
  yaml: YamlFile,
  value: YamlValue,
  topologyOf: TopologySource,
): { topology?: Topology; problems: readonly Problem[] } {
  const told = isYamlMap(value) ? value["topology"] : undefined;
  const spec = typeof told === "string" ? told : DEFAULT_TOPOLOGY;
  const seed = isYamlMap(value) ? Number(value["seed"]) : NaN;
  try {
    return {
      topology: topologyOf(spec, isSeed(seed) ? seed : undefined),
      problems: [],
    };
  } catch (error) {
    if (error instanceof InvalidFile) return { problems: error.problems };
    const isFilesFault = error instanceof Error &&
      (error instanceof RangeError || error.name === "NotFound");
    if (!isFilesFault) throw error;
    const { message } = error;
    return { problems: [yaml.problemOf({ path: ["topology"], message })] };
  }
}

function plan(
  yaml: YamlFile,
  value: YamlValue,
  shape: BareScenario,
  { groups, checkNames }: { groups: Groups; checkNames: CheckNames },
): Scenario {
  const { groups: _, steps, checks, sometimes, ...rest } = shape;
  const raw = (value as { [key: string]: YamlValue })["steps"] as YamlValue[];
  const placedChecks = (field: string, texts?: readonly string[]) =>
    texts && {
      [field]: texts.flatMap((text, index) => {
        const parsed = parseCheck(text, checkNames);
        const where = yaml.place([field, index]);
        return "check" in parsed ? [{ ...parsed.check, where }] : [];
      }),
    };
  return {
    name: yaml.stem,
    topology: DEFAULT_TOPOLOGY,
    ...rest,
    file: yaml.file,
    steps: new Planner(yaml, groups).steps(steps, raw, ["steps"]),
    ...placedChecks("checks", checks),
    ...placedChecks("sometimes", sometimes),
  };
}

/**
 * Reads drawn steps, which name no groups.
 *
 * @param where The place of the step that they were drawn for.
 * @throws {z.ZodError | TypeError} If one of them is not a valid step.
 */
export function readDrawn(
  written: readonly DrawnStep[],
  where: Place,
): Step[] {
  return written.flatMap((step) => Object.entries(step))
    .map(([name, value]) => ({ ...readStep(name, value) as Action, where }));
}

/** Adds places to steps, and resolves their groups. */
class Planner {
  readonly #yaml: YamlFile;
  readonly #groups: Groups;

  constructor(yaml: YamlFile, groups: Groups) {
    this.#yaml = yaml;
    this.#groups = groups;
  }

  steps(bare: readonly BareStep[], raw: YamlValue[], path: Path): Step[] {
    return bare.map((step, i) => this.#step(step, raw[i]!, [...path, i]));
  }

  #step(bare: BareStep, raw: YamlValue, path: Path): Step {
    const [name = "", fields = ""] = Object.entries(raw)[0] ?? [];
    const here = [...path, name];
    const where = this.#yaml.keyPlace(here);
    return { ...this.#action(bare, fields, here), where };
  }

  #action(step: BareStep, raw: YamlValue, path: Path): Action {
    if (step.kind === "parallel") {
      const branches = step.branches.map((branch, i) => {
        const inner = (raw as YamlValue[])[i]!;
        return Array.isArray(inner)
          ? this.steps(branch, inner, [...path, i])
          : [this.#step(branch[0]!, inner, [...path, i])];
      });
      return { ...step, branches };
    }
    if (step.kind === "repeat") {
      const inner = (raw as { steps: YamlValue[] }).steps;
      return {
        ...step,
        steps: this.steps(step.steps, inner, [...path, "steps"]),
      };
    }
    return this.#resolved(step);
  }

  #resolved<T extends Action>(step: T): T {
    const lists = Object.entries(step).filter(([, value]) =>
      Array.isArray(value)
    ).map(([key, list]) => [key, this.#servers(list)]);
    return { ...step, ...Object.fromEntries(lists) };
  }

  #servers(list: ServerList | readonly ServerList[]): unknown[] {
    return typeof list[0] === "string" || list.length === 0
      ? withoutGroups(list as ServerList, this.#groups)
      : list.map((inner) => this.#servers(inner as ServerList));
  }
}
