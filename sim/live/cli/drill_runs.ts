/**
 * Runs drills, each as often as is asked for, with one seed after the other.
 *
 * @module
 */
import { visible } from "../../../herd/core/bytes/visible.ts";
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import {
  byVerdict,
  type DrillResult,
  type DrillVerdict,
  type StepResult,
  verdictOf,
  verdictOfAll,
} from "../../model/report/result.ts";
import { neverReached, reachedBy } from "../../model/report/points.ts";
import { minimize } from "../drill/minimize.ts";
import { type Drawn, type Plan, Planner } from "../drill/plan.ts";
import { runScenario } from "../drill/runner.ts";
import type { ScenarioFile } from "../drill/files.ts";
import type { HerdLog } from "../herd/start_options.ts";
import { AllReports } from "../report/all_reports.ts";
import { PLAN_FILE, writeMinimal } from "../report/minimal_files.ts";
import { foreignIn, removeReports } from "../report/replaceable.ts";
import { ownFolder } from "../report/report_folder.ts";
import { exportTraces } from "../report/otlp_export.ts";
import { Reporter } from "../report/reporter.ts";
import { DrillPage } from "./drill_page.ts";
import { askedServers } from "./asked_servers.ts";
import { DrillView, type WorldVerdict } from "./drill_view.ts";
import { makeFolder } from "./folders.ts";
import { untilInterrupted } from "./interruption.ts";
import type { ScenarioArguments } from "./scenario_options.ts";
import { searchSeeds } from "../drill/seed_search.ts";
import { SEED_MAX } from "../../model/random.ts";
import { SearchProgress } from "./search_progress.ts";
import { ShrinkProgress } from "./shrink_progress.ts";
import { StepProgress } from "./step_progress.ts";
import type { WorldName } from "../../model/world_name.ts";
import { UsageError } from "./usage_error.ts";

/** A drill that is right, and its first plan. */
export interface Drill {
  readonly file: ScenarioFile;
  readonly first: Plan;
  /** The world it is to be run in, if that was told. */
  readonly world?: WorldName;
}

export class DrillRuns {
  readonly #options: ScenarioArguments;
  readonly #signal: AbortSignal;
  readonly #fresh: number;
  readonly #view: DrillView;
  readonly #page: DrillPage | undefined;

  /**
   * Runs nothing yet.
   *
   * @param fresh The seed of the first run, where there is no other.
   * @param signal Ends it all at once.
   */
  constructor(options: ScenarioArguments, fresh: number, signal: AbortSignal) {
    this.#options = options;
    this.#fresh = fresh;
    this.#signal = signal;
    this.#view = new DrillView(options);
    const { pagePort } = options;
    this.#page = pagePort === undefined
      ? undefined
      : new DrillPage(pagePort, (address) => this.#view.page(address));
  }

  /** Runs them one after the other; failed if one run of one failed. */
  async run(drills: readonly Drill[]): Promise<DrillVerdict> {
    const isOne = drills.length === 1 && this.#runsOf(drills[0]!) === 1;
    using all = this.#allReports(isOne);
    const files = byVerdict<string>();
    const byName = new Map<string, WorldVerdict[]>();
    for (const drill of drills) {
      const verdict = await this.#runAll(drill, isOne, all);
      files[verdict].push(this.#nameOf(drill));
      const { file: { name }, world } = drill;
      const its = byName.get(name) ?? [];
      byName.set(name, [...its, { world: world ?? "threads", verdict }]);
    }
    const paths = await all?.finish();
    if (drills.length > 1) this.#view.drills(files);
    if (this.#isInSeveral) this.#view.compared(byName);
    if (paths !== undefined) this.#view.reports(paths);
    return verdictOfAll(files);
  }

  /** What stands beside the reports, unless there is but one, exactly there. */
  #allReports(isOne: boolean): AllReports | undefined {
    const { report } = this.#options;
    if (report === undefined) return undefined;
    if ("under" in report) return new AllReports(`${report.under}/runs`);
    try {
      const foreign = foreignIn(report.at);
      if (foreign !== undefined) {
        throw new Error(`it holds ${foreign}, which is of no drill's report`);
      }
      if (isOne) return undefined;
      removeReports(report.at);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      throw new UsageError(`--report-dir ${report.at}: ${error.message}`);
    }
    return new AllReports(report.at);
  }

  /** Its name, with its world where it is run in several. */
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
    const wanted = { ...this.#options, ...world && { world } };
    const planner = new Planner(file, wanted, this.#fresh);
    const planAt = (run: number) => run === 0 ? drill.first : planner.plan(run);
    const isVirtual = drill.first.scenario.world === "virtual";
    if (isVirtual && runs > 1 && !this.#options.report) {
      return await this.#search(drill, runs, planAt);
    }
    const reached = new Set<string>();
    for (let run = 0; run < runs; run++) {
      const plan = planAt(run);
      const { result, folder } = await this.#runOne(plan, isOne, all);
      const verdict = verdictOf(result);
      seeds[verdict].push(plan.seed);
      for (const it of reachedBy(result)) reached.add(it);
      const { drawn } = plan;
      if (verdict !== "failed" || drawn === undefined || runs === 1) continue;
      await this.#shrink(plan, drawn, result, folder ?? ".");
      break;
    }
    if (runs === 1) return verdictOfAll(seeds);
    this.#view.runs(seeds, runs);
    return this.#together(drill.first, reached, seeds);
  }

  /**
   * Many runs in virtual time: they are counted, and the first that failed is run
   * again in full, for it is the same run.
   */
  async #search(
    { file, world, first }: Drill,
    runs: number,
    planAt: (run: number) => Plan,
  ): Promise<DrillVerdict> {
    const { seed, settings, topology, mode, durable, limits } = this.#options;
    const { plantedBug, jobs = 1, keepsGoing, json, quiet } = this.#options;
    const wanted = {
      settings,
      ...seed !== undefined && { seed },
      ...topology !== undefined && { topology },
      ...mode && { mode },
      ...durable && { durable },
      ...limits && { limits },
      ...world && { world },
    };
    this.#view.begin(first);
    const where = Deno.stdout.isTerminal() && !json
      ? "terminal"
      : json || quiet
      ? "silent"
      : "plain";
    const { clock } = denoPlatform;
    using progress = new SearchProgress(clock, runs, where);
    const fresh = this.#fresh;
    const order = { file, wanted, fresh, ...plantedBug && { plantedBug } };
    const found = await searchSeeds(order, {
      clock,
      runs,
      jobs,
      keepsGoing,
      signal: this.#signal,
      onOutcome: (outcome) => progress.count(outcome),
    }).finally(() => {
      // Who interrupts it hears what was run by then.
      progress[Symbol.dispose]();
      this.#view.searched(progress);
    });
    const seeds = byVerdict<number>();
    for (const { run, verdict } of found) {
      seeds[verdict].push((first.seed + run) % (SEED_MAX + 1));
    }
    const failed = found.find(({ verdict }) => verdict === "failed");
    if (failed !== undefined) {
      const plan = planAt(failed.run);
      const { result, folder } = await this.#runOne(plan, false, undefined);
      const { drawn } = plan;
      if (drawn) await this.#shrink(plan, drawn, result, folder ?? ".");
    }
    this.#view.runs(seeds, runs);
    return this.#together(first, progress.reached, seeds);
  }

  /** Many runs have failed too if none reached what one of them must. */
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

  async #runOne(
    plan: Plan,
    isOne: boolean,
    all: AllReports | undefined,
  ): Promise<{ result: DrillResult; folder: string | undefined }> {
    const { plantedBug, json, quiet, bring } = this.#options;
    const { file, durable = "none" } = plan.scenario;
    if (bring && durable !== "none") {
      throw new UsageError(
        `${file}: durable: ${durable} is for this project's servers; ` +
          "what servers that are brought keep is their own affair",
      );
    }
    const view = this.#view;
    view.begin(plan);
    const note = (text: string) => view.note(text);
    await using asked = await askedServers(this.#options, plan.topology, note);
    using report = await this.#reporter(plan, isOne);
    const log = report === undefined ? this.#log() : report.log;
    const taken: StepResult[] = [];
    const isTerminal = Deno.stdout.isTerminal();
    // A line that goes again breaks no quiet; on a pipe it would stay.
    using progress = json || (quiet && !isTerminal)
      ? undefined
      : new StepProgress(denoPlatform.clock, isTerminal);
    const page = this.#page;
    let startedMs: number | undefined;
    const run = (signal: AbortSignal) =>
      runScenario(plan.scenario, plan.topology, {
        seed: plan.seed,
        signal,
        ...asked?.options,
        ...log && { log },
        ...plantedBug && { plantedBug },
        ...page && { onHerd: (herd) => page.open(herd) },
        onBegin: (step) => {
          startedMs ??= denoPlatform.clock.wallMs();
          progress?.begin(step);
        },
        ...progress && { onFact: (fact) => progress.hear(fact) },
        onStep: (step) => {
          taken.push(step);
          progress?.end(step.step);
          view.step(step);
        },
      });
    const { clock } = denoPlatform;
    const result = await untilInterrupted(clock, run, this.#signal, asked?.lost)
      .catch((error) => {
        progress?.clear();
        if (this.#signal.aborted) view.interrupted(taken);
        throw error;
      });
    view.end(result);
    await this.#trace(result, startedMs);
    return { result, folder: await this.#finish(report, result, all) };
  }

  /** What becomes of traces does not change the verdict either. */
  async #trace({ history }: DrillResult, startedMs = 0): Promise<void> {
    const { tracesUrl: url } = this.#options;
    if (url === undefined) return;
    try {
      const spans = await exportTraces(history, startedMs, url, denoPlatform);
      this.#view.traces(spans, url);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      console.error(visible(`no traces: ${error.message}`));
    }
  }

  /** The report's folder; what happened to it does not change the verdict. */
  async #finish(
    report: Reporter | undefined,
    result: DrillResult,
    all: AllReports | undefined,
  ): Promise<string | undefined> {
    if (report === undefined) return undefined;
    try {
      const { record, path } = await report.finish(result);
      await all?.add(record);
      this.#view.report(path);
      return path;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      console.error(visible(`no report: ${error.message}`));
      return undefined;
    }
  }

  /** Makes the plan of a run that failed as small as it gets, and writes it down. */
  async #shrink(
    { scenario, topology, seed }: Plan,
    drawn: Drawn,
    result: DrillResult,
    folder: string,
  ): Promise<void> {
    const { plantedBug, json } = this.#options;
    this.#view.shrinking(seed);
    await using asked = await askedServers(this.#options, topology, () => {});
    using progress = new ShrinkProgress(
      denoPlatform.clock,
      !json && Deno.stdout.isTerminal(),
    );
    const minimal = await minimize({
      text: drawn.text(),
      drawn: drawn.numbers,
      file: PLAN_FILE,
      topology,
      seed,
      result,
      signal: AbortSignal.any([this.#signal, asked?.lost ?? this.#signal]),
      ...asked && { servers: asked.options },
      ...plantedBug && { plantedBug },
      onRun: () => progress.run(),
      onSmaller: (size) => {
        progress.smaller(size);
        this.#view.smaller(size);
      },
    });
    progress[Symbol.dispose]();
    const origin = { file: scenario.file, seed, steps: scenario.steps.length };
    const files = await writeMinimal(minimal, origin, folder);
    this.#view.minimal(minimal, seed, files);
  }

  /** Where the servers log when there is no report. */
  #log(): HerdLog | undefined {
    const { isLogging, logDirectory = "logs", logLevel } = this.#options;
    if (!isLogging) return undefined;
    makeFolder(logDirectory);
    return { directory: logDirectory, level: logLevel };
  }

  /** The report that the command line asks for, if it does. */
  async #reporter(plan: Plan, isOne: boolean): Promise<Reporter | undefined> {
    const { report, topology, isLogging, logLevel, logDirectory, plantedBug } =
      this.#options;
    if (report === undefined) return undefined;
    if (isLogging && logDirectory !== undefined) makeFolder(logDirectory);
    const { scenario: { name, world }, seed } = plan;
    const startedAtMs = denoPlatform.clock.wallMs();
    const isUnder = "under" in report;
    const ending = this.#isInSeveral ? `-${world}` : "";
    const own = ownFolder({ name, seed, startedAtMs });
    const path = isUnder
      ? `${report.under}/runs/${own.drill}/${own.run}${ending}`
      : isOne
      ? report.at
      : `${report.at}/${own.drill}-seed${seed}${ending}`;
    try {
      return await Reporter.open({
        plan,
        path,
        isReplacing: !isUnder && isOne,
        startedAtMs,
        topologyName: topology ?? plan.scenario.topology,
        ...plantedBug !== undefined && { plantedBug },
        ...isLogging && { logLevel },
        ...logDirectory !== undefined && { logDirectory },
      });
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const option = isUnder
        ? `--report ${report.under}`
        : `--report-dir ${report.at}`;
      throw new UsageError(`${option}: ${error.message}`);
    }
  }
}
