/**
 * `junit.xml`: runs in the format that build servers read, a case for each step
 * and each check, in three suites per run as `RunRecord.counts` counts them.
 *
 * The format is that of Ant's JUnit task, as Jenkins and GitLab accept it. They
 * identify a case by its class and its name, and drop duplicates: so these
 * follow only from the file, the line, the seed and the world, and not from what
 * happened.
 *
 * @module
 */
import { attributesOf, escaped, seconds } from "./xml.ts";
import type { RunCheck, RunRecord, RunStep } from "./run_record.ts";

interface Case {
  readonly name: string;
  readonly line?: number;
  readonly tookMs: number;
  /**
   * `failure`: it does not hold; `error`: it is unknown whether it holds;
   * `skipped`: it does not apply to such a herd, or not yet.
   */
  readonly trouble?: {
    readonly element: "failure" | "error" | "skipped";
    readonly type: string;
    readonly message: string;
    readonly text: string;
  };
}

/** Longer names are of no use in a list. */
const NAME_CHARS_MAX = 200;
/** A message contains what was expected, and what happened. */
const MESSAGE_CHARS_MAX = 400;
/** Characters of a failure's text; `results.json` has all of it. */
const TEXT_CHARS_MAX = 8_000;

interface Suite {
  readonly name: "steps" | "checks" | "always";
  readonly cases: readonly Case[];
}

/** `junit.xml` of a run: well-formed XML whatever bytes names contain. */
export function junitXml(record: RunRecord): string {
  const totals = new JunitTotals();
  const suites = totals.add(record);
  return totals.head + suites + JUNIT_END;
}

export const JUNIT_END = "</testsuites>\n";

/** The suites of several runs, and their totals. */
export class JunitTotals {
  readonly #cases = { tests: 0, failures: 0, errors: 0, skipped: 0 };
  readonly #names = new Set<string>();
  #tookMs = 0;

  /** The beginning of the file, to be written once all runs have been added. */
  get head(): string {
    const attributes = attributesOf({
      name: [...this.#names].join(", "),
      ...this.#cases,
      time: seconds(this.#tookMs),
    });
    return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes}>\n`;
  }

  /** Counts a run, and returns its suites. */
  add(record: RunRecord): string {
    const suites = suitesOf(record);
    this.#names.add(record.name);
    this.#tookMs += record.tookMs;
    const its = tally(suites.flatMap(({ cases }) => cases));
    for (const name of Object.keys(its) as (keyof typeof its)[]) {
      this.#cases[name] += its[name];
    }
    return suites.flatMap((suite) => suiteLines(suite, record))
      .map((line) => `${line}\n`).join("");
  }
}

function suitesOf(record: RunRecord): Suite[] {
  const steps = inOrder(record.steps);
  const actions = steps.filter(({ isCheck }) => !isCheck);
  const checking = steps.filter(({ isCheck }) => isCheck);
  const always = record.checks.filter(({ isAlways }) => isAlways);
  const checks = record.checks.filter(({ isAlways }) => !isAlways);
  return [
    { name: "steps", cases: distinct(actions.map(stepCase)) },
    {
      name: "checks",
      cases: distinct([...checking.map(stepCase), ...checks.map(checkCase)]),
    },
    { name: "always", cases: distinct(always.map(checkCase)) },
  ];
}

/** Steps in the order of the file; repeated ones by their start. */
function inOrder(steps: readonly RunStep[]): RunStep[] {
  return steps.toSorted((a, b) =>
    a.line - b.line || a.column - b.column || a.startedMs - b.startedMs
  );
}

/** Numbers cases that would have the same name, such as those of a `repeat`. */
function distinct(cases: readonly Case[]): Case[] {
  const times = new Map<string, number>();
  return cases.map((one) => {
    const { line } = one;
    const where = line === undefined ? "" : `line ${line}: `;
    const name = where + shortened(one.name, NAME_CHARS_MAX);
    const time = (times.get(name) ?? 0) + 1;
    times.set(name, time);
    return { ...one, name: time === 1 ? name : `${name} (time ${time})` };
  });
}

function shortened(text: string, charsMax: number): string {
  const chars = [...text];
  return chars.length <= charsMax
    ? text
    : `${chars.slice(0, charsMax - 1).join("")}…`;
}

/** A class name: some readers take dots as separators of packages. */
function className({ file, seed, world }: RunRecord, suite: string): string {
  const path = file.replace(/\.ya?ml$/i, "").split(/[\\/.]+/)
    .filter((part) => part !== "");
  return [...path, `seed-${seed}`, ...world ? [world] : [], suite].join(".");
}

function suiteLines(
  { name, cases }: Suite,
  record: RunRecord,
): string[] {
  const { file, seed, world, startedAt, smallest } = record;
  const where = world === undefined ? "" : `, ${world}`;
  const attributes = attributesOf({
    name: `${file}, seed ${seed}${where}: ${name}`,
    ...tally(cases),
    time: seconds(cases.reduce((sum, { tookMs }) => sum + tookMs, 0)),
    // The format has no time zone; its times are UTC here.
    timestamp: startedAt.replace(/(?:\.\d+)?Z$/, ""),
  });
  return [
    `  <testsuite${attributes}>`,
    ...cases.map((one) => caseText(one, className(record, name), file)),
    ...smallest !== undefined && name === "checks"
      ? [
        `    <system-out>${
          escaped(`smallest plan: ${smallest.text}`)
        }</system-out>`,
      ]
      : [],
    "  </testsuite>",
  ];
}

function caseText(one: Case, classname: string, file: string): string {
  const { name, line, tookMs, trouble } = one;
  const attributes = attributesOf({
    classname,
    name,
    file,
    ...line !== undefined && { line },
    time: seconds(tookMs),
  });
  if (trouble === undefined) return `    <testcase${attributes}/>`;
  const { element, type, message, text } = trouble;
  return [
    `    <testcase${attributes}>`,
    `      <${element}${attributesOf({ type, message })}>` +
    `${escaped(text)}</${element}>`,
    "    </testcase>",
  ].join("\n");
}

function stepCase(step: RunStep): Case {
  const { text, line, tookMs, ok, expected = "", actual = "" } = step;
  const { isUnknown, isUndecided, isSkipped, note = "" } = step;
  const bare = { name: text, line, tookMs };
  if (isUnknown || isSkipped) {
    const type = isUnknown ? "unknown" : "expectation";
    const trouble = { ...failure(text, note), type };
    const element = isUndecided ? "error" : "skipped";
    return { ...bare, trouble: { ...trouble, element } };
  }
  return ok ? bare : { ...bare, trouble: failure(expected, actual) };
}

function checkCase({ name, line, outcome, actual }: RunCheck): Case {
  const bare = { name, tookMs: 0, ...line !== undefined && { line } };
  if (outcome === "ok") return bare;
  const trouble = failure(name, actual);
  if (outcome === "fail") return { ...bare, trouble };
  if (outcome === "skipped") {
    return { ...bare, trouble: { ...trouble, element: "skipped" } };
  }
  return {
    ...bare,
    trouble: { ...trouble, element: "error", type: "unknown" },
  };
}

function failure(
  expected: string,
  actual: string,
): NonNullable<Case["trouble"]> {
  return {
    element: "failure",
    type: "expectation",
    message: shortened(
      `expected ${inLine(expected)}, got ${inLine(actual)}`,
      MESSAGE_CHARS_MAX,
    ),
    text: shortened(
      `expected: ${expected}\nactual: ${actual}`,
      TEXT_CHARS_MAX,
    ),
  };
}

/** Joins several lines. */
function inLine(text: string): string {
  return text.split("\n").map((line) => line.trim()).join("; ");
}

function tally(cases: readonly Case[]) {
  const number = (element: string) =>
    cases.filter(({ trouble }) => trouble?.element === element).length;
  return {
    tests: cases.length,
    failures: number("failure"),
    errors: number("error"),
    skipped: number("skipped"),
  };
}
