/**
 * Rubrics: which checks there are in a grade, and what each is worth.
 *
 * @module
 */
import { given } from "../../model/given.ts";
import { hasErrors, InvalidFile, type Problem } from "../../model/problem.ts";
import { hintFor } from "../../model/suggest.ts";
import {
  isYamlMap,
  type Path,
  YamlFile,
  type YamlValue,
} from "../../model/yaml.ts";
import type { CheckOptions } from "./check.ts";
import { CHECK_NAMES, GRADE_CHECKS, type GradeCheckName } from "./checks.ts";

/** What one check is worth, and how it is done. */
export interface RubricCheck extends CheckOptions {
  /** The points that it can earn. */
  readonly points: number;
  /** Whether they are beside those of the mark. */
  readonly isBonus?: true;
  /** Whether who earns none of them has no mark. */
  readonly isHard?: true;
  /** How often it runs at most, where several runs tell more. */
  readonly runs?: number;
}

/** A rubric: what is not named is not checked. */
export interface Rubric {
  /** The checks. */
  readonly checks: ReadonlyMap<GradeCheckName, RubricCheck>;
}

/** The rubric that ships. */
export const RUBRIC_FILE = new URL("./rubric.yaml", import.meta.url);

const FIELDS = ["points", "hard", "bonus", "runs", "lines"];
/** How numbers are written, and how high they are. */
const POINTS = { form: /^\d+(\.\d\d?)?$/, max: 1_000 };
const RUNS = { form: /^[1-9]\d*$/, max: 10 };
const LINES_MAX = 100;

/** The rubric that ships. */
export function shippedRubric(): Rubric {
  return readRubric(Deno.readTextFileSync(RUBRIC_FILE), "rubric.yaml");
}

/**
 * Reads the rubric of a file.
 *
 * @throws {InvalidFile} If something is wrong in it.
 */
export function readRubric(text: string, file: string): Rubric {
  const { rubric, problems } = parseRubric(text, file);
  if (rubric === undefined) throw new InvalidFile(problems);
  return rubric;
}

/**
 * Reads a rubric, and tells all that is wrong with it at once.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseRubric } from "./rubric.ts";
 *
 * const { rubric } = parseRubric("checks: { spreads: 5 }", "mine.yaml");
 * assertEquals(rubric?.checks.get("spreads"), { points: 5 });
 * const { problems } = parseRubric("checks: { spread: 5 }", "mine.yaml");
 * assertEquals(problems[0]?.hint, "did you mean spreads?");
 * ```
 */
export function parseRubric(
  text: string,
  file: string,
): { rubric?: Rubric; problems: Problem[] } {
  return new Reader(new YamlFile(text, file)).read();
}

class Reader {
  readonly #yaml: YamlFile;
  readonly #problems: Problem[];

  constructor(yaml: YamlFile) {
    this.#yaml = yaml;
    this.#problems = [...yaml.problems];
  }

  read(): { rubric?: Rubric; problems: Problem[] } {
    const { value } = this.#yaml;
    const checks = new Map<GradeCheckName, RubricCheck>();
    const chosen = isYamlMap(value) ? value["checks"] : undefined;
    if (isYamlMap(value)) this.#fieldsAre(["checks"], value, []);
    if (isYamlMap(chosen)) {
      this.#fieldsAre(CHECK_NAMES, chosen, ["checks"]);
      for (const name of CHECK_NAMES) {
        if (!(name in chosen)) continue;
        const check = this.#check(name, chosen[name]);
        if (check !== undefined) checks.set(name, check);
      }
    } else if (!hasErrors(this.#problems)) {
      this.#error([], "a rubric is a map `checks`, of checks and their points");
    }
    if (checks.size === 0 && !hasErrors(this.#problems)) {
      this.#error(["checks"], "no check is in it");
    }
    const problems = this.#problems;
    return hasErrors(problems)
      ? { problems }
      : { rubric: { checks }, problems };
  }

  #check(
    name: GradeCheckName,
    value: YamlValue | undefined,
  ): RubricCheck | undefined {
    const path = ["checks", name];
    if (typeof value === "string") {
      const points = this.#number(path, value, POINTS);
      return points === undefined ? undefined : { points };
    }
    if (!isYamlMap(value)) {
      this.#error(path, `${name} is its points, or a map with them`);
      return undefined;
    }
    this.#fieldsAre(FIELDS, value, path);
    const points = this.#number([...path, "points"], value["points"], POINTS);
    const isBonus = this.#isSo([...path, "bonus"], value["bonus"]);
    const isHard = this.#isSo([...path, "hard"], value["hard"]);
    if (isBonus && isHard) {
      this.#error([...path, "hard"], "a bonus can't be hard: it may be missed");
    }
    const runs = this.#runs(name, value["runs"]);
    const lines = this.#lines(name, value["lines"]);
    return points === undefined
      ? undefined
      : { points, ...given({ isBonus, isHard, runs, lines }) };
  }
  #runs(name: GradeCheckName, value: unknown): number | undefined {
    if (value === undefined) return undefined;
    const path = ["checks", name, "runs"];
    if (!("counts" in GRADE_CHECKS[name])) {
      this.#error(path, `chance plays no part in ${name}: it runs once`);
    }
    return this.#number(path, value, RUNS);
  }

  #lines(name: GradeCheckName, value: unknown): string[] | undefined {
    if (value === undefined) return undefined;
    const path = ["checks", name, "lines"];
    const isList = Array.isArray(value) && value.length > 0 &&
      value.length <= LINES_MAX;
    if (name !== "bad-lines") {
      this.#error(path, "only bad-lines has lines");
    } else if (!isList) {
      this.#error(path, `lines are a list of 1 to ${LINES_MAX}`);
    } else {
      for (const [at, line] of value.entries()) {
        if (typeof line === "string" && /^[^\r\n]*\S[^\r\n]*$/.test(line)) {
          continue;
        }
        this.#error([...path, at], "this is no line");
      }
      return value;
    }
    return undefined;
  }

  #number(
    path: Path,
    value: unknown,
    { form, max }: typeof POINTS,
  ): number | undefined {
    const name = path.at(-1) === path[1] ? "points" : path.at(-1);
    if (value === undefined) {
      this.#error(path.slice(0, -1), `${name} is missing`);
    } else if (
      typeof value === "string" && form.test(value) && Number(value) <= max
    ) return Number(value);
    else this.#error(path, `${name} is a number up to ${max}, not ${value}`);
    return undefined;
  }

  #isSo(path: Path, value: unknown): true | undefined {
    if (value === "true") return true;
    if (value !== undefined && value !== "false") {
      this.#error(path, `${path.at(-1)} is true or false`);
    }
    return undefined;
  }

  #fieldsAre(known: readonly string[], map: object, path: Path): void {
    for (const key of Object.keys(map)) {
      if (known.includes(key)) continue;
      const what = path.length === 1 ? "there is no check" : "unknown field";
      this.#problems.push(this.#yaml.problem(
        this.#yaml.keyPlace([...path, key]),
        `${what} ${key}`,
        hintFor(key, known),
      ));
    }
  }

  #error(path: Path, message: string): void {
    this.#problems.push(this.#yaml.problem(this.#yaml.place(path), message));
  }
}

/** The JSON schema (2020-12) by which editors complete and check rubrics. */
export function rubricJsonSchema(): Record<string, unknown> {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A rubric of the herd workbench",
    type: "object",
    properties: {
      checks: {
        type: "object",
        minProperties: 1,
        properties: Object.fromEntries(CHECK_NAMES.map((name) => [
          name,
          checkSchema(name),
        ])),
        additionalProperties: false,
        description: "What is checked, and what it is worth.",
      },
    },
    required: ["checks"],
    additionalProperties: false,
  };
}

function checkSchema(name: GradeCheckName): Record<string, unknown> {
  const points = {
    type: "number",
    minimum: 0,
    maximum: POINTS.max,
    multipleOf: 0.01,
    description: "The points that it can earn.",
  };
  const properties = {
    points,
    hard: {
      type: "boolean",
      description: "Who earns none of them has no mark.",
    },
    bonus: {
      type: "boolean",
      description: "Its points are beside those of the mark.",
    },
    ...("counts" in GRADE_CHECKS[name]) && {
      runs: {
        type: "integer",
        minimum: 1,
        maximum: RUNS.max,
        description: "How often it runs at most; 3 by default.",
      },
    },
    ...name === "bad-lines" && {
      lines: {
        type: "array",
        items: { type: "string" },
        minItems: 1,
        maxItems: LINES_MAX,
        description: "The lines that are to be refused; by default 16.",
      },
    },
  };
  return {
    description: GRADE_CHECKS[name].title,
    anyOf: [
      points,
      {
        type: "object",
        properties,
        required: ["points"],
        additionalProperties: false,
      },
    ],
  };
}
