/**
 * The small language of `checks:`: a metric, a comparison, a value.
 *
 * ```text
 * check   = name                                 converged
 *         | side ("==" | "!=" | "<" | "<=" | ">" | ">=") side ["during" part]
 * part    = phase | fault
 * side    = name | number | percentage | duration | "true" | "false"
 * ```
 *
 * @module
 */
import { parseDurationMs } from "../duration.ts";
import { hintFor, nearHint } from "../suggest.ts";
import {
  guaranteeFigure,
  isCountOfViolations,
  type MetricInfo,
  type Unit,
} from "./metric_names.ts";
import type { Metrics, MetricValue } from "./metrics.ts";
import { metricStatement } from "./statement.ts";

export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";

/** One side of a comparison: a metric, or a value. */
export type Side =
  | { readonly metric: string; readonly unit: Unit }
  | { readonly value: number | boolean; readonly unit: Unit };

export interface Check {
  readonly text: string;
  readonly left: Side;
  readonly comparison: Comparison;
  readonly right: Side;
  /**
   * The phase, or the fault by its ID or kind, that it is limited to; by
   * default the whole drill.
   */
  readonly during?: string;
}

export interface CheckError {
  /** Offset in characters of the place. */
  readonly offset: number;
  readonly message: string;
  readonly hint?: string;
}

export interface CheckNames {
  readonly metrics: ReadonlyMap<string, MetricInfo>;
  readonly phases: readonly string[];
  readonly faultIds: readonly string[];
  /** The kinds of its faults; those without an ID are called `cut-1`. */
  readonly faultKinds: readonly string[];
}

/**
 * The outcome of a check. `unknown`: there was nothing to compare, or too
 * little is known. `skipped`: it does not apply in this mode, or can't be
 * observed.
 */
export interface CheckOutcome {
  readonly check: Check;
  readonly outcome: "ok" | "fail" | "unknown" | "skipped";
  /** The actual value: `lost is 3`. */
  readonly actual: string;
}

interface Token {
  readonly text: string;
  readonly offset: number;
}

const TOKEN = /\s*(==|!=|<=|>=|<|>|[^\s=!<>]+|[=!])/y;
const COMPARISONS: readonly string[] = ["==", "!=", "<", "<=", ">", ">="];
const ORDERS: readonly string[] = ["<", "<=", ">", ">="];

/**
 * Parses a check. Total: any text gives a check, or an error.
 *
 * @example
 * ```ts
 * import { parseCheck } from "./expression.ts";
 * import { metricInfos } from "./metric_names.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const names = { metrics: metricInfos(["Ash"]), phases: [], faultIds: [],
 *   faultKinds: [] };
 * assertEquals(parseCheck("losst == 0", names), {
 *   fault: { offset: 0, message: "no metric losst", hint: "did you mean lost?" },
 * });
 * ```
 */
export function parseCheck(
  text: string,
  names: CheckNames,
): { check: Check } | { fault: CheckError } {
  try {
    return { check: new Parser(text, names).check() };
  } catch (error) {
    if (error instanceof Faulty) return { fault: error.fault };
    throw error;
  }
}

class Faulty extends Error {
  constructor(readonly fault: CheckError) {
    super(fault.message);
  }
}

class Parser {
  readonly #text: string;
  readonly #names: CheckNames;
  readonly #tokens: Token[];
  #at = 0;

  constructor(text: string, names: CheckNames) {
    this.#text = text;
    this.#names = names;
    this.#tokens = [...text.matchAll(new RegExp(TOKEN.source, "g"))]
      .map((found) => ({
        text: found[1]!,
        offset: found.index + found[0].length - found[1]!.length,
      }));
  }

  check(): Check {
    const begin = this.#next("a metric, such as lost");
    const left = this.#side(begin);
    const sign = this.#tokens[this.#at];
    if (sign === undefined || sign.text === "during") {
      if (left.unit !== "boolean") {
        this.#fail(sign, `${begin.text} needs a comparison, such as == 0`);
      }
      const yes = { value: true, unit: "boolean" } as const;
      return this.#whole(left, "==", yes);
    }
    this.#at++;
    if (!COMPARISONS.includes(sign.text)) {
      this.#fail(sign, `expected a comparison, not ${sign.text}`, {
        hint: `there is ${COMPARISONS.join(", ")}`,
      });
    }
    const end = this.#next("a value");
    const right = this.#fit(left, end, this.#side(end));
    if (!("metric" in left) && !("metric" in right)) {
      this.#fail(begin, "a check needs a metric, such as lost");
    }
    const isOrder = ORDERS.includes(sign.text);
    if (isOrder && left.unit === "boolean") {
      this.#fail(sign, `${begin.text} is true or false: there is == and !=`);
    }
    return this.#whole(left, sign.text as Comparison, right);
  }

  #whole(left: Side, comparison: Comparison, right: Side): Check {
    const check = { text: this.#text.trim(), left, comparison, right };
    const word = this.#tokens[this.#at++];
    if (word === undefined) return check;
    if (word.text !== "during") {
      this.#fail(word, `expected the end or during, not ${word.text}`);
    }
    const part = this.#next("a phase or a fault");
    this.#checkPart(part);
    for (const side of [left, right]) {
      if (!("metric" in side)) continue;
      const { metric } = side;
      if (this.#names.metrics.get(metric)!.hasPhases) continue;
      this.#fail(word, `${metric} is of the whole drill, not of a part of it`);
    }
    const more = this.#tokens[this.#at];
    if (more !== undefined) {
      this.#fail(more, `expected the end, not ${more.text}`);
    }
    return { ...check, during: part.text };
  }

  #checkPart(part: Token): void {
    const { phases, faultIds, faultKinds } = this.#names;
    const faults = [...faultIds, ...faultKinds];
    const known = [...phases, ...faults];
    if (phases.includes(part.text) && faults.includes(part.text)) {
      this.#fail(part, `${part.text} is a phase and a fault`, {
        hint: "give the phase another name",
      });
    }
    if (known.includes(part.text)) return;
    const kind = /^(.+?)-(\S+-)?\d+$/.exec(part.text)?.[1];
    if (kind !== undefined && faultKinds.includes(kind)) return;
    const hint = known.length === 0
      ? { hint: "the step phase begins one" }
      : hintFor(part.text, known);
    this.#fail(part, `no phase or fault ${part.text}`, hint);
  }

  #next(wanted: string): Token {
    const token = this.#tokens[this.#at++];
    return token ?? this.#fail(undefined, `expected ${wanted}`);
  }

  #side(token: Token): Side {
    const { text } = token;
    if (text === "true" || text === "false") {
      return { value: text === "true", unit: "boolean" };
    }
    const ms = parseDurationMs(text);
    if (ms !== undefined) return { value: ms, unit: "ms" };
    if (/^\d+(\.\d+)?%?$/.test(text)) {
      // Divided by 100 it would be off, and so no share would equal it.
      const value = Number(text.replace("%", "e-2"));
      if (value > Number.MAX_SAFE_INTEGER) {
        const most = `at most ${Number.MAX_SAFE_INTEGER}`;
        this.#fail(token, `"${text}" is more than any figure is: ${most}`);
      }
      return { value, unit: "ratio" };
    }
    const info = this.#names.metrics.get(text);
    if (info !== undefined) return { metric: text, unit: info.unit };
    if (/^[-\d]/.test(text)) {
      this.#fail(token, `"${text}" is no number and no duration`);
    }
    this.#fail(token, `no metric ${text}`, {
      hint: "docs/scenarios.md has the list",
      ...nearHint(text, this.#names.metrics.keys()),
    });
  }

  /** The right side, which must have the unit of the left one. */
  #fit(left: Side, token: Token, right: Side): Side {
    const isNumber = (unit: Unit) => unit === "count" || unit === "ratio";
    if (left.unit === right.unit) return right;
    if (isNumber(left.unit) && isNumber(right.unit)) return right;
    const wanted = {
      ms: "a duration (5ms)",
      boolean: "true or false",
      count: "a number",
      ratio: "a number or a percentage",
    }[left.unit];
    return this.#fail(token, `expected ${wanted}, not ${token.text}`);
  }

  #fail(
    token: Token | undefined,
    message: string,
    hint: { hint?: string } = {},
  ): never {
    const offset = token?.offset ?? this.#text.trimEnd().length;
    throw new Faulty({ offset, message, ...hint });
  }
}

export function judge(check: Check, metrics: Metrics): CheckOutcome {
  const value = (side: Side): MetricValue =>
    "metric" in side ? metrics.get(side.metric) : side.value;
  const [left, right] = [value(check.left), value(check.right)];
  const said = (side: Side, other: MetricValue) =>
    "metric" in side
      ? [metricStatement(side.metric, side.unit, metrics, check.during, other)]
      : [];
  const sides = [...said(check.left, right), ...said(check.right, left)];
  const actual = sides.join(", ");
  if (left === undefined || right === undefined) {
    return { check, outcome: "unknown", actual };
  }
  const holds = compare(
    rangeOf(check.left, Number(left), metrics),
    check.comparison,
    rangeOf(check.right, Number(right), metrics),
  );
  if (holds === undefined) return { check, outcome: "unknown", actual };
  return { check, outcome: holds ? "ok" : "fail", actual };
}

/** The bounds of a value, as far as it is known. */
interface Range {
  readonly least: number;
  readonly most: number;
}

/** Each answer that can't be judged may be one more violation. */
function rangeOf(side: Side, least: number, metrics: Metrics): Range {
  const unknown = "metric" in side && isCountOfViolations(side.metric)
    ? Number(metrics.get(guaranteeFigure(side.metric, "unknown")) ?? 0)
    : 0;
  return { least, most: least + unknown };
}

/** Whether a comparison holds; `undefined` if it does for some values only. */
function compare(a: Range, by: Comparison, b: Range): boolean | undefined {
  const not = (holds: boolean | undefined) =>
    holds === undefined ? holds : !holds;
  switch (by) {
    case "==":
      if (a.most < b.least || b.most < a.least) return false;
      return a.least === a.most && b.least === b.most ? true : undefined;
    case "!=":
      return not(compare(a, "==", b));
    case "<":
      if (a.most < b.least) return true;
      return a.least >= b.most ? false : undefined;
    case "<=":
      return not(compare(b, "<", a));
    case ">":
      return compare(b, "<", a);
    case ">=":
      return not(compare(a, "<", b));
  }
}
