/**
 * Warnings about a valid scenario that is probably not what its author means: a
 * check with a constant outcome, a percentage that looks like a share.
 *
 * @module
 */
import {
  type Check,
  type CheckNames,
  type Comparison,
  parseCheck,
  type Side,
} from "../checks/expression.ts";
import { SHARES, SIGNED, type Unit } from "../checks/metric_names.ts";
import { CHECK_FIELDS } from "./check_names.ts";
import { isPercentField } from "../steps/kinds.ts";
import {
  type FileError,
  isYamlMap,
  type Path,
  type YamlValue,
} from "../yaml.ts";

/** The same comparison with its sides exchanged. */
const TURNED: Readonly<Record<Comparison, Comparison>> = {
  "==": "==",
  "!=": "!=",
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
};

/** All warnings about a valid file. */
export function warningsOf(value: YamlValue, names: CheckNames): FileError[] {
  if (!isYamlMap(value)) return [];
  const checks = CHECK_FIELDS.flatMap((field) => {
    const its = value[field];
    return Array.isArray(its)
      ? its.map((text, index) => ({ text, path: [field, index] }))
      : [];
  });
  return [
    ...percentWarnings(value["steps"] ?? "", ["steps"]),
    ...checks.flatMap(({ text, path }) => {
      const parsed = parseCheck(String(text), names);
      if (!("check" in parsed)) return [];
      return checkWarnings(parsed.check, String(text), path);
    }),
  ];
}

function percentWarnings(value: YamlValue, path: Path): FileError[] {
  if (typeof value === "string") {
    const isPercent = isPercentField(String(path.at(-1)));
    const number = Number(value);
    if (!isPercent || !(number > 0 && number < 1)) return [];
    const hint = `did you mean ${percentText(number)}? Else write ${value}%`;
    return [{ path, message: `${value} is ${value}%`, hint }];
  }
  const inner: [string | number, YamlValue][] = Array.isArray(value)
    ? value.map((item, index) => [index, item])
    : Object.entries(value);
  return inner.flatMap(([key, item]) => percentWarnings(item, [...path, key]));
}

/** `20%` for `0.2`, without digits that only a double has. */
function percentText(share: number): string {
  return `${Number((share * 100).toPrecision(12))}%`;
}

function checkWarnings(check: Check, text: string, path: Path): FileError[] {
  const { left, right } = check;
  const isTurned = "value" in left;
  const [metric, limit] = isTurned ? [right, left] : [left, right];
  if (!("metric" in metric) || !("value" in limit)) return [];
  if (metric.unit === "boolean") return [];
  const comparison = isTurned ? TURNED[check.comparison] : check.comparison;
  const outcome = outcomeOf(metric, comparison, limit);
  const written = valueText(text, isTurned);
  if (outcome === undefined) {
    if (metric.unit !== "count" || !written.text.endsWith("%")) return [];
    const { offset } = written;
    const message = `${metric.metric} is a count, and ${written.text} of it ` +
      `is ${limit.value}`;
    return [{ path, offset, message }];
  }
  const plain = Number(written.text);
  const isMeantInPercent = SHARES.has(metric.metric) && plain > 1 &&
    plain <= 100;
  return [{
    path,
    offset: written.offset,
    message: `${check.text} ${outcome}: ${rangeText(metric)}`,
    ...isMeantInPercent && { hint: `did you mean ${written.text}%?` },
  }];
}

/** The outcome of a comparison that does not depend on the metric, if so. */
function outcomeOf(
  metric: Side & { metric: string },
  comparison: Comparison,
  limit: Side & { value: number | boolean },
): "always holds" | "can never hold" | undefined {
  const { value } = limit;
  if (typeof value === "boolean") return undefined;
  const least = SIGNED.has(metric.metric) ? -Infinity : 0;
  const most = SHARES.has(metric.metric) ? 1 : Infinity;
  const isThere = value >= least && value <= most &&
    (metric.unit !== "count" || Number.isInteger(value));
  const [always, never] = {
    "==": [false, !isThere],
    "!=": [!isThere, false],
    "<": [value > most, value <= least],
    "<=": [value >= most, value < least],
    ">": [value < least, value >= most],
    ">=": [value <= least, value > most],
  }[comparison];
  return always ? "always holds" : never ? "can never hold" : undefined;
}

function rangeText({ metric, unit }: { metric: string; unit: Unit }): string {
  if (SHARES.has(metric)) return `${metric} is a share, from 0 to 1`;
  return unit === "count"
    ? `${metric} is a count: whole, and from 0 on`
    : `${metric} is never below 0`;
}

/** The value as written, and its place in the check. */
function valueText(
  text: string,
  isFirst: boolean,
): { text: string; offset: number } {
  const pattern = isFirst ? /^\s*([^\s=!<>]+)/ : /[=!<>]\s*([^\s=!<>]+)/;
  const found = pattern.exec(text)!;
  const offset = found.index + found[0].length - found[1]!.length;
  return { text: found[1]!, offset };
}
