/**
 * The output of `deno task scenario`: text for people, or JSON for programs.
 *
 * @module
 */
import { visible, visibleJson } from "../../../herd/core/bytes/visible.ts";
import { count } from "../../model/count.ts";
import { table } from "../../model/command/table.ts";
import {
  type Comparison,
  comparisonText,
  isAlike,
  tallyText,
} from "../../model/report/compared.ts";
import type {
  DrillResult,
  DrillVerdict,
  StepResult,
} from "../../model/report/result.ts";
import { resultJson, stepJson } from "../../model/report/result_json.ts";
import { type Paint, stepLine, summary } from "../../model/report/text.ts";
import {
  type PlanSize,
  replaysText,
  sizeText,
  type SmallestPlan,
  smallestText,
} from "../../model/report/replay.ts";
import type { Minimal } from "../drill/minimize.ts";
import type { Plan } from "../drill/plan.ts";
import type { SearchProgress } from "./search_progress.ts";
import { HOSTS } from "./hosts_options.ts";
import type { ScenarioArguments } from "./scenario_options.ts";

const COLOURS = { good: 32, bad: 31, faint: 2 };
const colour: Paint = (text, tone) => `\x1b[${COLOURS[tone]}m${text}\x1b[0m`;

/** The seeds of runs, by verdict. */
export type Seeds = Readonly<Record<DrillVerdict, readonly number[]>>;

export class DrillView {
  /** Whether a program reads the output. */
  readonly json: boolean;
  readonly quiet: boolean;
  readonly #paint: Paint | undefined;
  readonly #isOverHosts: boolean;

  constructor(
    { json, quiet, hosts }: Pick<ScenarioArguments, "json" | "quiet" | "hosts">,
  ) {
    this.json = json;
    this.quiet = quiet;
    this.#isOverHosts = hosts !== undefined;
    const isColoured = Deno.stdout.isTerminal() && !Deno.noColor;
    this.#paint = isColoured ? colour : undefined;
  }

  /** @param isBrought Whether servers are not this project's. */
  begin({ scenario, topology, seed }: Plan, isBrought = false): void {
    const { name, mode } = scenario;
    const world = this.#isOverHosts ? HOSTS : scenario.world;
    if (this.json) {
      // How servers that users bring disseminate updates is not known.
      const known = isBrought
        ? {}
        : { mode: mode ?? "flood", world: world ?? "threads" };
      const facts = { topology: topology.name, ...known };
      this.#print({ event: "start", scenario: name, ...facts, seed });
    } else if (!this.quiet) {
      const herd = `${topology.servers.length} servers of ${topology.name}`;
      const how = (mode === undefined ? "" : `, mode ${mode}`) +
        (world === undefined ? "" : `, world ${world}`);
      console.log(`${visible(name)}: ${herd}${how}, seed ${seed}`);
    }
  }

  /** A remark about servers that were brought. */
  note(text: string): void {
    if (this.json || !this.quiet) this.#tell("note", { text }, text);
  }

  /** A seed failed in a search, but not when it was run again. */
  unsettled(seed: number, checks: readonly string[]): void {
    this.#tell(
      "unsettled",
      { seed, checks },
      `seed ${seed} failed in the search (${checks.join(", ")}) ` +
        "but not when it was run again: its verdict is unknown. A seed " +
        "should give one run; that it did not is a mistake of this program.",
    );
  }

  step(step: StepResult): void {
    if (this.json) this.#print(stepJson(step));
    else if (!this.quiet) console.log(stepLine(step, this.#paint));
  }

  /** What had been checked when the drill was interrupted. */
  interrupted(taken: readonly StepResult[]): void {
    const failed = taken.filter(({ failure }) => failure !== undefined).length;
    const steps = taken.length;
    this.#tell(
      "interrupted",
      { steps, failed },
      `\ninterrupted: ${count(steps, "step")} had ended, ${failed} failed`,
    );
  }

  end(result: DrillResult): void {
    if (this.json) this.#print(resultJson(result));
    else {
      const gap = this.quiet ? "" : "\n";
      console.log(`${gap}${summary(result, this.#paint)}`);
    }
  }

  /** The address of the page of a drill's herd. */
  page(address: string): void {
    this.#tell("page", { page: address }, `page: ${address}`);
  }

  /** The traces of a run were sent to a collector. */
  traces(spans: number, url: URL): void {
    const { href } = url;
    const text = `traces: ${count(spans, "span")} to ${href}`;
    this.#tell("traces", { spans, url: href }, text);
  }

  report(path: string): void {
    this.#tell("report", { path }, `report: ${path}/`);
  }

  /** The files next to the reports of all runs were written. */
  reports(paths: { readonly junit: string; readonly index: string }): void {
    const { index, junit } = paths;
    this.#tell("reports", paths, `all reports: ${index}, ${junit}`);
  }

  /** A run failed, and its plan will be shrunk. */
  shrinking(seed: number): void {
    if (this.json) return this.#print({ event: "shrinking", seed });
    // `--quiet` limits standard output to the summary; standard error may have
    // more.
    const tell = this.quiet ? console.error : console.log;
    tell(
      `making the plan of seed ${seed} smaller: it is run again and again, ` +
        "which may take minutes",
    );
  }

  smaller(size: PlanSize): void {
    if (this.json) this.#print({ event: "smaller", ...size });
    else if (!this.quiet) console.log(`fails too: ${sizeText(size)}`);
  }

  /**
   * The smallest plan was found and written; it may still be run in other
   * worlds.
   */
  minimal({ size, result, replay }: Minimal, plan: string): void {
    if (this.json) return;
    console.log(`\n${summary(result)}`);
    console.log(visible(
      `smallest plan: ${plan}, ${sizeText(size)}, ${replaysText([replay])}`,
    ));
  }

  /** The complete results for the smallest plan of a seed. */
  smallest(smallest: SmallestPlan, seed: number, topology: string): void {
    const { replays, plan } = smallest;
    if (this.json) {
      this.#print({ event: "minimal", seed, ...smallest, topology });
    } else if (replays.length !== 1) {
      const text = replays.length === 0
        ? `smallest plan so far: ${plan}, ${sizeText(smallest)}`
        : `the same plan ${replaysText(replays)}`;
      console.log(visible(text));
    }
  }

  /** The failures of many seeds, grouped by check. */
  groups(groups: readonly SmallestPlan[]): void {
    const texts = groups.map((it) => `  ${smallestText(it)}`);
    this.#tell("groups", { groups }, ["\nby check:", ...texts].join("\n"));
  }

  runs(seeds: Seeds, runs: number): void {
    const text = `\n${outcomes("run", "seed", seeds)}`;
    this.#tell("runs", { runs, ...seeds }, text);
  }

  drills(files: Readonly<Record<DrillVerdict, readonly string[]>>): void {
    this.#tell("drills", files, `\n${outcomes("drill", "", files)}`);
  }

  /** A drill that these servers can't run. */
  skipped(drill: string, why: string): void {
    this.#tell("skipped", { drill, why }, `${drill}: skipped: ${why}`);
  }

  /** The result of running many seeds. */
  searched(
    { text, perSecond, kinds, behaviours, points }: SearchProgress,
  ): void {
    const failures = Object.fromEntries(kinds);
    const sizes = { different: behaviours.size, points: points.size };
    this.#tell("searched", { perSecond, failures, ...sizes }, text);
  }

  /** Checks that no run reached, although at least one has to. */
  neverReached(checks: readonly string[]): void {
    const texts = checks.map((it) => `never in any run: ${it}`);
    this.#tell("never", { checks }, texts.join("\n"));
  }

  /** The comparison of a drill in two worlds. */
  compared(drill: string, comparison: Comparison): void {
    const { checks, figures, worlds } = comparison;
    const told = `\n${drill}, ${comparisonText(comparison)}`;
    const rows = checks.filter(({ came }) => came !== "alike")
      .map(({ check, line, tallies }) => [
        `  ${line === undefined ? "" : `line ${line}: `}${check}`,
        ...tallies.map(tallyText),
      ]);
    const facts = { isAlike: isAlike(comparison), worlds, checks, figures };
    const text = rows.length === 0
      ? told
      : `${told}\n${table([["  check", ...worlds], ...rows])}`;
    this.#tell("worlds", { drill, ...facts }, text);
  }

  /** Prints an event: as JSON, or as a text for people. */
  #tell(event: string, fields: object, text: string): void {
    if (this.json) this.#print({ event, ...fields });
    else console.log(visible(text));
  }

  #print(event: Record<string, unknown>): void {
    console.log(visibleJson(event));
  }
}

/** The number of each verdict, and those that did not pass. */
function outcomes(
  word: string,
  each: string,
  all: Readonly<Record<DrillVerdict, readonly (number | string)[]>>,
): string {
  const { failed, unknown, passed } = all;
  const told = (verdict: string, its: readonly (number | string)[]) =>
    its.length === 0 ? [] : [
      `${its.length} ${verdict} (${`${each} `.trimStart()}${its.join(", ")})`,
    ];
  const total = failed.length + unknown.length + passed.length;
  return [
    `${count(total, word)}: ${passed.length} passed`,
    ...told("failed", failed),
    ...told("unknown", unknown),
  ].join(", ");
}
