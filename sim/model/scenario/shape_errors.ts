/**
 * Explains schema errors to the author of a scenario: which step, which field,
 * what was expected, and what may have been meant.
 *
 * @module
 */
import { STEP_NAMES } from "../steps/kinds.ts";
import { fieldNames, type ShapeIssue } from "./schema.ts";
import { hintFor, nearHint, suggest } from "../suggest.ts";
import {
  type FileError,
  isYamlMap,
  type Path,
  valueAt,
  WANTED,
  type YamlValue,
} from "../yaml.ts";

/**
 * All errors in the shape of a file.
 *
 * @param issues The schema's issues.
 * @param value The file's value.
 */
export function shapeErrors(
  issues: readonly ShapeIssue[],
  value: YamlValue,
): FileError[] {
  return issues.flatMap((issue) => faultsOf(issue, [], value, issues));
}

function faultsOf(
  issue: ShapeIssue,
  base: Path,
  top: YamlValue,
  siblings: readonly ShapeIssue[],
): FileError[] {
  const path = [...base, ...issue.path as Path];
  switch (issue.code) {
    case "unrecognized_keys":
      return isStep(path)
        ? [stepError(path, valueAt(top, path)!)!]
        : issue.keys!.map((key) => unknownField(path, key));
    case "custom":
      // Rules about several fields are reported once all names are right.
      if (siblings.some((it) => hasUnknownKeys(it, issue.path))) return [];
      break;
    case "invalid_union":
      if (valueAt(top, path) !== undefined) {
        return unionErrors(issue, path, top);
      }
      return isMisspelt(issue, siblings) ? [] : [missingField(path)];
    case "invalid_type":
      if (valueAt(top, path) !== undefined) break;
      return isMisspelt(issue, siblings) ? [] : [missingField(path)];
  }
  return [{ path, message: messageOf(issue, path, top) }];
}

function hasUnknownKeys(
  { code, path }: ShapeIssue,
  way: readonly PropertyKey[],
): boolean {
  return code === "unrecognized_keys" && path.join() === way.join();
}

/** A field may only seem missing because its name is misspelt. */
function isMisspelt(
  issue: ShapeIssue,
  siblings: readonly ShapeIssue[],
): boolean {
  const name = String(issue.path.at(-1));
  const map = issue.path.slice(0, -1).join();
  return siblings.some(({ keys, path }) =>
    path.join() === map &&
    keys?.some((key) =>
      key.startsWith(`${name}:`) || suggest(key, [name]) === name
    )
  );
}

function missingField(path: Path): FileError {
  const parent = path.slice(0, -1);
  const owner = placeName(parent) || "a scenario";
  const message = `${owner} needs ${path.at(-1)}`;
  return { path: parent, part: "key", message };
}

function unknownField(path: Path, key: string): FileError {
  const place = placeName(path);
  return {
    path: [...path, key],
    part: "key",
    message: `unknown field ${key}${place === "" ? "" : ` in ${place}`}`,
    ...hintFor(key, fieldNames(place)),
  };
}

/**
 * A value may have several forms: reports the errors of the one that was meant.
 */
function unionErrors(
  issue: ShapeIssue,
  path: Path,
  top: YamlValue,
): FileError[] {
  const value = valueAt(top, path)!;
  const wrongStep = isStep(path) && !Array.isArray(value)
    ? stepError(path, value)
    : undefined;
  if (wrongStep !== undefined) return [wrongStep];
  const meant = issue.errors!
    .filter((issues) => !issues.some(isWrongAtRoot))
    .toSorted((a, b) => distance(a) - distance(b))[0];
  if (meant !== undefined) {
    return meant.flatMap((inner) => faultsOf(inner, path, top, meant));
  }
  const message = messageOf(issue, path, top);
  const choices = issue.errors!.flat().flatMap(({ values }) => values ?? []);
  const hint = typeof value === "string"
    ? nearHint(value, choices.map(String))
    : {};
  return [{ path, message, ...hint }];
}

function isWrongAtRoot({ code, path, errors }: ShapeIssue): boolean {
  if (path.length > 0) return false;
  return code === "invalid_type" || code === "invalid_value" ||
    code === "invalid_union" &&
      errors!.every((issues) => issues.some(isWrongAtRoot));
}

/** How many fields would have to be renamed, added or removed. */
function distance(issues: readonly ShapeIssue[]): number {
  return issues.reduce((sum, { code, keys, path }) => {
    if (code === "unrecognized_keys" && path.length === 0) {
      return sum + keys!.length;
    }
    return sum + (code.startsWith("invalid_") && path.length === 1 ? 1 : 0);
  }, 0);
}

/** Whether a path leads to a step. */
function isStep(path: Path): boolean {
  const list = path.findLast((part) => typeof part === "string");
  return typeof path.at(-1) === "number" &&
    (list === "steps" || list === "parallel");
}

function stepError(path: Path, value: YamlValue): FileError | undefined {
  if (typeof value === "string" && STEP_NAMES.includes(value)) {
    const message = `${value} needs a colon and a value, as in ${value}: …`;
    return { path, message };
  }
  if (!isYamlMap(value)) {
    const message = "a step is a map from its name to its fields";
    return { path, message };
  }
  const keys = Object.keys(value);
  const unknown = keys.find((key) => !STEP_NAMES.includes(key));
  if (unknown !== undefined) {
    return {
      path: [...path, unknown],
      part: "key",
      message: keys.length === 1
        ? `unknown step ${unknown}`
        : `${unknown} is no step; fields stand below their step, indented`,
      ...hintFor(unknown, STEP_NAMES),
    };
  }
  if (keys.length === 1) return undefined;
  if (keys.length === 0) {
    return { path, message: "a step must not be empty" };
  }
  const message = `one step at a time, not ${keys.join(" and ")}`;
  return { path: [...path, keys[1]!], part: "key", message };
}

function messageOf(issue: ShapeIssue, path: Path, top: YamlValue): string {
  const value = valueAt(top, path)!;
  switch (issue.code) {
    case "invalid_type":
    case "invalid_value":
    case "invalid_union": {
      const ways = (issue.errors?.flat() ?? [issue]).map(wantedBy);
      const wanted = [...new Set(ways)].join(" or ");
      const given = typeof value === "string"
        ? value === "" ? "nothing" : `"${value}"`
        : Array.isArray(value)
        ? "a list"
        : "a map";
      return `expected ${wanted}, not ${given}`;
    }
    case "too_small":
      return `${placeName(path) || path.at(-1)} must not be empty`;
    default:
      return issue.message;
  }
}

function wantedBy({ expected, values }: ShapeIssue): string {
  if (values !== undefined) return values.join(" or ");
  return WANTED[expected ?? ""] ?? "something else";
}

/** The name of a map: the path to it from its step, as in `whatsat.expect`. */
function placeName(path: Path): string {
  const start = path.findLastIndex((part) => typeof part === "number") + 1;
  return path.slice(start).join(".");
}
