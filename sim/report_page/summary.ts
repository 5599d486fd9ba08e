/**
 * The texts and tables: the verdict, failures, steps, faults.
 *
 * @module
 */
/// <reference lib="dom" />
import type { RunCheck, RunStep } from "../model/report/run_record.ts";
import { button, byId, make, tableHead } from "./dom.ts";
import type { RunData } from "./run.ts";
import { counted, lasting, moment } from "./text.ts";
import { type Trouble, troublesOf } from "./troubles.ts";

/** Fills in the verdict and all tables; `show` moves to a time of the run. */
export function summarize(data: RunData, show: (ms: number) => void): void {
  verdict(data);
  failures(data, show);
  steps(data, show);
  faults(data, show);
  byId("foot").append(
    "Beside this page: results.json, junit.xml, history.jsonl, plan.yaml " +
      "(run it again), and servers.jsonl where servers logged.",
  );
}

function verdict({ record }: RunData): void {
  const { name, description, verdict, tookMs, seed, mode, topology } = record;
  const { startedAt, counts } = record;
  const word = { passed: "Passed", failed: "Failed", unknown: "Unknown" };
  const facts: [string, string | undefined][] = [
    ["Herd", `${topology.name}, ${counted(topology.servers.length, "server")}`],
    ["Mode", mode],
    ["Took", lasting(tookMs)],
    ["Steps", String(counts.steps)],
    ["Checks", `${counts.checks} and ${counts.always} invariants`],
    ["Failed", counts.failed === 0 ? "none" : String(counts.failed)],
    ["Unknown", counts.unknown === 0 ? undefined : String(counts.unknown)],
    ["Seed", String(seed)],
    ["Started", startedAt.replace("T", " ").replace(/\.\d+Z$/, " UTC")],
  ];
  byId("verdict").append(
    make(
      "h1",
      make(
        "span#outcome",
        { class: verdict === "failed" ? "bad" : "" },
        word[verdict],
      ),
      " ",
      make("span.name", name),
    ),
    make("p.about", description ?? ""),
    make(
      "dl",
      ...facts.flatMap(([term, fact]) =>
        fact === undefined
          ? []
          : [make("div", make("dt", term), make("dd", fact))]
      ),
    ),
  );
}

function failures({ record }: RunData, show: (ms: number) => void): void {
  const { residual, verdict, smallest } = record;
  const told = troublesOf(record);
  byId("failures").hidden = told.length === 0 && residual.length === 0;
  byId("failures-title").textContent = told.length === 0
    ? "Left standing at the end"
    : verdict === "unknown"
    ? "What is unknown"
    : "What failed";
  byId("failure-list").append(...told.map((it) => failureOf(it, show)));
  if (smallest !== undefined) {
    byId("failure-list").append(
      make("p", `Smallest plan: ${smallest.text}`),
    );
  }
  if (residual.length > 0) {
    const text = told.length === 0
      ? residual.join(", ")
      : `Left standing at the end: ${residual.join(", ")}`;
    byId("failure-list").append(make("p", text));
  }
}

function failureOf(
  { title, where, startedMs, expected, actual }: Trouble,
  show: (ms: number) => void,
): HTMLElement {
  const pair = (term: string, text: string | undefined) =>
    text === undefined ? [] : [
      make("dt", term),
      make("dd", text.split("\n").map((line) => line.trim()).join("\n")),
    ];
  return make(
    "div.failure",
    make("h3", title),
    make(
      "p.where",
      where,
      ...startedMs === undefined ? [] : [", ", showButton(startedMs, show)],
    ),
    make("dl", ...pair("Expected", expected), ...pair("Actual", actual)),
  );
}

function showButton(ms: number, show: (ms: number) => void): HTMLElement {
  return button(moment(ms), () => show(ms), {
    class: "link",
    "aria-label": `Show the messages at ${moment(ms)}`,
  });
}

function table(id: string, heads: string[], rows: HTMLElement[]): void {
  byId(id).append(tableHead(...heads), make("tbody", ...rows));
}

function steps({ record }: RunData, show: (ms: number) => void): void {
  const isBefore = (a: RunStep, b: RunStep) =>
    a.startedMs - b.startedMs || a.depth - b.depth;
  const rows = [
    ...record.steps.toSorted(isBefore).map((step) => stepRow(step, show)),
    ...record.checks.map(checkRow),
  ];
  table("steps", ["#At", "#Took", "#Line", "Outcome", "Step"], rows);
}

function stepRow(step: RunStep, show: (ms: number) => void): HTMLElement {
  const { text, note, depth, startedMs, tookMs, line } = step;
  const outcome = step.isUnknown
    ? "unknown"
    : step.isSkipped
    ? "skipped"
    : step.ok
    ? "passed"
    : "failed";
  const what = make("td.wide", text);
  what.style.paddingLeft = `${depth * 1.25}rem`;
  if (note !== undefined) {
    what.append(make("div.soft.mono", note));
  }
  return make(
    "tr",
    make("td.number", showButton(startedMs, show)),
    make("td.number", lasting(tookMs)),
    make("td.number", String(line)),
    outcomeCell(outcome, step.isCheck ? "passed" : "done"),
    what,
  );
}

const CHECK_WORDS = {
  ok: "passed",
  fail: "failed",
  unknown: "unknown",
  skipped: "skipped",
};

function checkRow(check: RunCheck): HTMLElement {
  const what = make("td.wide", check.name);
  what.append(make("div.soft.mono", check.actual));
  const line = check.line === undefined ? "" : String(check.line);
  return make(
    "tr",
    make("td.number.soft", "at the end"),
    make("td"),
    make("td.number", line),
    outcomeCell(CHECK_WORDS[check.outcome], "passed"),
    what,
  );
}

function outcomeCell(outcome: string, good: string): HTMLElement {
  const isGood = outcome === "passed";
  return make("td", {
    class: outcome === "failed" ? "bad" : isGood ? "soft" : "",
  }, isGood ? good : outcome);
}

/**
 * A target that is not wrapped at its hyphen, with a comma unless it is the
 * last.
 */
function targetOf(
  target: string,
  index: number,
  { length }: readonly string[],
): (Node | string)[] {
  const text = target + (index < length - 1 ? "," : "");
  return [make("span.whole", text), " "];
}

function faults(data: RunData, show: (ms: number) => void): void {
  byId("faults-section").hidden = data.faults.length === 0;
  const rows = data.faults.map((fault) => {
    const { beganMs, endedMs, touched, left } = fault;
    const toTheEnd = ["to the end", ...left ? [`on ${left.join(", ")}`] : []];
    return make(
      "tr",
      make("td.number", showButton(beganMs, show)),
      make(
        "td.number",
        endedMs === null ? toTheEnd.join(" ") : lasting(endedMs - beganMs),
      ),
      make("td", fault.fault),
      make("td", ...fault.targets.flatMap(targetOf)),
      make("td.wide.soft", fault.settings),
      make(
        "td.number",
        touched === null ? "" : touched === 0 ? "nothing" : String(touched),
      ),
    );
  });
  const heads = ["#From", "#For", "Fault", "Targets", "Settings", "#Touched"];
  table("faults", heads, rows);
}
