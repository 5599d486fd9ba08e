/**
 * Runs drills, each as often as asked, with consecutive seeds.
 *
 * @module
 */
import {
  failsInBoth,
  isAlike,
  outcomesOf,
} from "../../model/report/compared.ts";
import type { SmallestPlan } from "../../model/report/replay.ts";
import { metricsJson } from "../../model/report/result_json.ts";
import type { RunRecord } from "../../model/report/run_record.ts";
import {
  byVerdict,
  type DrillVerdict,
  verdictOf,
  verdictOfAll,
} from "../../model/report/result.ts";
import { neverReached, reachedBy } from "../../model/report/points.ts";
import { Unsupported } from "../../model/unsupported.ts";
import { type Drawn, type Plan, Planner, wholePlan } from "../drill/plan.ts";
import { AllReports } from "../report/all_reports.ts";
import { foreignIn, removeReports } from "../report/replaceable.ts";
import { comparedDrills, type ComparedRun } from "./compared_drills.ts";
import type { Drill, DrillCommand } from "./drill_command.ts";
import { DrillView } from "./drill_view.ts";
import { type FailedRun, showFailed } from "./failed_run.ts";
import { orTold } from "./program.ts";
import { RunShower, type ShownRun } from "./run_shower.ts";
import type { ScenarioArguments } from "./scenario_options.ts";
import { searchDrill, type SeedGroup, settled } from "./seed_search.ts";
import { orUsage } from "./usage_error.ts";

/**
 * The verdict on all drills; `otherwise`: checks failed in one of two worlds
 * only, and none in both.
 */
export type DrillsVerdict = DrillVerdict | "otherwise";

export class DrillRuns {
  readonly #command: DrillCommand;
  readonly #options: ScenarioArguments;
  readonly #view: DrillView;
  readonly #fresh: number;
  readonly #shower: RunShower;
  readonly #compared: ComparedRun[] = [];

  /**
   * @param fresh The seed of the first run, if none is given.
   * @param signal Ends everything at once.
   */
  constructor(options: ScenarioArguments, fresh: number, signal: AbortSignal) {
    this.#options = options;
    this.#view = new DrillView(options);
    this.#fresh = fresh;
    this.#command = { options, view: this.#view, signal };
    this.#shower = new RunShower(this.#command);
  }

  /** Runs the drills one after the other; failed if any run failed. */
  async run(drills: readonly Drill[]): Promise<DrillsVerdict> {
    const isOne = drills.length === 1 && this.#runsOf(drills[0]!) === 1;
    using all = this.#allReports(isOne);
    const files = byVerdict<string>();
    for (const drill of drills) {
      const name = this.#nameOf(drill);
      const run = this.#runAll(drill, isOne, all);
      const isAlone = drills.length === 1;
      files[await (isAlone ? run : this.#orSkipped(name, run))].push(name);
    }
    const compared = comparedDrills(this.#isInSeveral ? this.#compared : []);
    const paths = await all?.finish(compared);
    if (drills.length > 1) this.#view.drills(files);
    for (const [name, comparison] of compared) {
      this.#view.compared(name, comparison);
    }
    if (paths !== undefined) this.#view.reports(paths);
    const comparisons = [...compared.values()];
    const isOtherwise = !comparisons.every(isAlike) &&
      !comparisons.some(failsInBoth);
    return isOtherwise ? "otherwise" : verdictOfAll(files);
  }

  /** One of several: what servers can't have keeps none from the others. */
  async #orSkipped(
    name: string,
    run: Promise<DrillVerdict>,
  ): Promise<DrillVerdict> {
    try {
      return await run;
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      this.#view.skipped(name, error.message);
      return "unknown";
    }
  }

  /**
   * The files next to the reports, unless there is only one report, at the
   * given path.
   */
  #allReports(isOne: boolean): AllReports | undefined {
    const { report } = this.#options;
    if (report === undefined) return undefined;
    if ("under" in report) return new AllReports(`${report.under}/runs`);
    return orUsage(() => {
      const foreign = foreignIn(report.at);
      if (foreign !== undefined) {
        throw new Error(`it holds ${foreign}, which is of no drill's report`);
      }
      if (isOne) return undefined;
      removeReports(report.at);
      return new AllReports(report.at);
    }, `--report-dir ${report.at}: `);
  }

  /** The drill's name, with its world if there are several. */
  #nameOf({ file: { name }, world }: Drill): string {
    return this.#isInSeveral ? `${name} in ${world}` : name;
  }

  get #isInSeveral(): boolean {
    const { worlds = [] } = this.#options;
    return worlds.length > 1;
  }

  #runsOf({ first: { scenario } }: Drill): number {
    return this.#options.runs ?? scenario.repeat ?? 1;
  }

  async #runAll(
    drill: Drill,
    isOne: boolean,
    all: AllReports | undefined,
  ): Promise<DrillVerdict> {
    const seeds = byVerdict<number>();
    const runs = this.#runsOf(drill);
    const { file, world } = drill;
    const { name } = file;
    const wanted = { ...this.#options, ...world && { world } };
    const planner = new Planner(file, wanted, this.#fresh);
    const planAt = (run: number) => run === 0 ? drill.first : planner.plan(run);
    const isVirtual = drill.first.scenario.world === "virtual";
    const { report, jobs, keepsGoing } = this.#options;
    const isSearch = report === undefined || keepsGoing || jobs !== undefined;
    if (isVirtual && runs > 1 && isSearch) {
      return await this.#search(drill, runs, planAt, all);
    }
    const reached = new Set<string>();
    for (let run = 0; run < runs; run++) {
      const plan = planAt(run);
      const shown = await this.#shower.run(plan, isOne);
      const { result } = shown;
      this.#compared.push({
        drill: name,
        world: world ?? "threads",
        outcomes: outcomesOf(result),
        figures: metricsJson(result.assessment.metrics),
      });
      const verdict = verdictOf(result);
      seeds[verdict].push(plan.seed);
      for (const it of reachedBy(result)) reached.add(it);
      const { drawn } = plan;
      const isShrunk = verdict === "failed" && drawn && runs > 1;
      if (isShrunk) await this.#showFailed(plan, drawn, shown, all);
      else await add(all, shown.report?.record);
      if (isShrunk) break;
    }
    if (runs === 1) return verdictOfAll(seeds);
    this.#view.runs(seeds, runs);
    return this.#together(drill.first, reached, seeds);
  }

  /**
   * Runs many seeds in virtual time. They are only counted; the first that
   * failed is run again in full, which gives the same run. If the search goes
   * on after failures, the first of each failed check is.
   */
  async #search(
    drill: Drill,
    runs: number,
    planAt: (run: number) => Plan,
    all: AllReports | undefined,
  ): Promise<DrillVerdict> {
    const { file: { name }, world, first } = drill;
    const found = await searchDrill(drill, this.#fresh, runs, this.#command);
    const { reached, outcomes, groups } = found;
    if (world !== undefined) {
      for (const { checks } of outcomes) {
        const run = { drill: name, world, outcomes: checks, figures: {} };
        this.#compared.push(run);
      }
    }
    const shown: SmallestPlan[] = [];
    const rerun: (SeedGroup & { isSettled: boolean })[] = [];
    const { keepsGoing } = this.#options;
    for (const group of keepsGoing ? groups : groups.slice(0, 1)) {
      const plan = planAt(group.first);
      const run = await this.#shower.run(plan, false);
      const isSettled = verdictOf(run.result) === "failed";
      rerun.push({ ...group, isSettled });
      if (!isSettled) {
        this.#view.unsettled(plan.seed, group.checks);
        await add(all, run.report?.record);
        continue;
      }
      const whole = wholePlan(plan, this.#options);
      const of = keepsGoing ? { checks: group.checks, seeds: group.seeds } : {};
      shown.push(await this.#showFailed(plan, whole, run, all, of));
    }
    if (shown.length > 1) this.#view.groups(shown);
    const seeds = settled(found.seeds, rerun);
    this.#view.runs(seeds, runs);
    return this.#together(first, reached, seeds);
  }

  /** Shrinks the plan of a failed run, and adds that to its report. */
  async #showFailed(
    plan: Plan,
    drawn: Drawn,
    { result, report }: ShownRun,
    all: AllReports | undefined,
    of: Pick<FailedRun, "checks" | "seeds"> = {},
  ): Promise<SmallestPlan> {
    const folder = report?.path ?? ".";
    const failed = { plan, drawn, result, folder, ...of };
    const smallest = await showFailed(failed, this.#command);
    await add(all, await report?.amend(smallest));
    return smallest;
  }

  /** Many runs also fail if none reached what at least one has to. */
  #together(
    { scenario }: Plan,
    reached: ReadonlySet<string>,
    seeds: Record<DrillVerdict, readonly unknown[]>,
  ): DrillVerdict {
    const never = neverReached(scenario, reached);
    if (seeds.failed.length > 0 || never.length === 0) {
      return verdictOfAll(seeds);
    }
    this.#view.neverReached(never);
    return "failed";
  }
}

/** Adds a report; a failure to do so does not change the verdict. */
async function add(
  all: AllReports | undefined,
  record: RunRecord | undefined,
): Promise<void> {
  if (record !== undefined) await orTold("report", all?.add(record));
}
