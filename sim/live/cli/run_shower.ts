/**
 * Runs a drill once, prints the run, and writes its report.
 *
 * @module
 */
import { visible } from "../../../herd/core/bytes/visible.ts";
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import {
  type DrillResult,
  type StepResult,
  verdictOf,
} from "../../model/report/result.ts";
import { given } from "../../model/given.ts";
import { furtherWays } from "../../model/scenario/scenario.ts";
import { BROUGHT } from "../../worlds/processes/brought.ts";
import type { Plan } from "../drill/plan.ts";
import { type RunOptions, runScenario } from "../drill/runner.ts";
import type { HerdLog } from "../herd/start_options.ts";
import { wayOfBrought } from "../herd/ways.ts";
import { hubOfBrought } from "../hub/herd_hub.ts";
import { Unsupported } from "../../model/unsupported.ts";
import { exportTraces } from "../report/otlp_export.ts";
import { ownFolder } from "../report/report_folder.ts";
import { type FinishedReport, Reporter } from "../report/reporter.ts";
import { askedServers } from "./asked_servers.ts";
import { EarlyNotes } from "./early_notes.ts";
import { drillPage } from "./drill_page.ts";
import type { DrillCommand } from "./drill_command.ts";
import { makeFolder } from "./folders.ts";
import { untilInterrupted } from "./interruption.ts";
import { orTold } from "./program.ts";
import { StepProgress } from "./step_progress.ts";
import { usageOf } from "./usage_error.ts";

/** A run that was printed. */
export interface ShownRun {
  readonly result: DrillResult;
  /** Its report, if there is one. */
  readonly report?: FinishedReport;
}

/** @throws {Unsupported} If brought servers can't have what a drill needs. */
function checkBrought({ scenario, topology }: Plan): void {
  const { durable = "none", hub = topology.hub?.url, steps } = scenario;
  // What the topology says is of servers that take it.
  if (durable !== "none" && durable !== topology.durable) {
    throw new Unsupported(
      `Cannot have durable: ${durable} of ${BROUGHT}: what they keep is their ` +
        "own affair",
    );
  }
  if (hub !== undefined) throw hubOfBrought();
  const [via] = furtherWays(steps);
  if (via !== undefined) throw wayOfBrought(via, BROUGHT);
}

export class RunShower {
  readonly #command: DrillCommand;
  readonly #page: ReturnType<typeof drillPage> | undefined;

  constructor(command: DrillCommand) {
    this.#command = command;
    const { options: { pagePort }, view } = command;
    this.#page = pagePort === undefined
      ? undefined
      : drillPage(pagePort, (address) => view.page(address));
  }

  /**
   * Runs a plan.
   *
   * @param isOne Whether it is the command's only run.
   */
  async run(plan: Plan, isOne: boolean): Promise<ShownRun> {
    const { options, view, signal: interrupted } = this.#command;
    const { plantedBug, json, quiet } = options;
    // Before their folder is copied.
    if (options.bring !== undefined) checkBrought(plan);
    const notes = new EarlyNotes();
    await using asked = await askedServers(
      options,
      plan.topology,
      notes.note,
      interrupted,
    );
    const isBrought = asked?.isBrought === true;
    if (isBrought) checkBrought(plan);
    view.begin(plan, isBrought);
    notes.showBy((text) => view.note(text));
    using report = await this.#reporter(plan, isOne);
    const log = report === undefined ? this.#log(plan) : report.log;
    const taken: StepResult[] = [];
    const isTerminal = Deno.stdout.isTerminal();
    // A line that is cleared again does not break `--quiet`; on a pipe it would
    // stay.
    using progress = json || (quiet && !isTerminal)
      ? undefined
      : new StepProgress(denoPlatform.clock, isTerminal);
    const page = this.#page;
    let startedMs: number | undefined;
    const wanted = {
      seed: plan.seed,
      ...asked?.options,
      ...given({ plantedBug }),
    };
    const run = (signal: AbortSignal) =>
      runScenario(plan.scenario, plan.topology, {
        ...wanted,
        signal,
        ...log && { log },
        ...page && { onHerd: page },
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
    const result = await untilInterrupted(clock, run, interrupted, asked?.lost)
      .catch((error) => {
        progress?.clear();
        if (interrupted.aborted) view.interrupted(taken);
        throw error;
      });
    view.end(result);
    if (this.#isLoggedLater(plan) && verdictOf(result) !== "passed") {
      await this.#runForLog(plan, wanted);
    }
    await this.#trace(result, startedMs);
    // A failure to write it does not change the verdict.
    const finished = await orTold("report", report?.finish(result));
    if (finished) view.report(finished.path);
    return { result, ...finished && { report: finished } };
  }

  /** Sends the traces; a failure does not change the verdict. */
  async #trace({ history }: DrillResult, startedMs = 0): Promise<void> {
    const { tracesUrl: url } = this.#command.options;
    if (url === undefined) return;
    const sent = exportTraces(history, startedMs, url, denoPlatform);
    const spans = await orTold("traces", sent);
    if (spans !== undefined) this.#command.view.traces(spans, url);
  }

  /**
   * Whether a log is written only of a run that did not pass: in virtual time it
   * can be run again, and is the same run.
   */
  #isLoggedLater({ scenario: { world } }: Plan): boolean {
    const { isLogging, isLogAsked, report } = this.#command.options;
    return world === "virtual" && report === undefined && isLogging &&
      !isLogAsked;
  }

  /** How the servers log when there is no report. */
  #log(plan: Plan): HerdLog | undefined {
    if (!this.#command.options.isLogging || this.#isLoggedLater(plan)) {
      return undefined;
    }
    return this.#logFolder();
  }

  #logFolder(): HerdLog {
    const { logDirectory = "logs", logLevel } = this.#command.options;
    makeFolder(logDirectory);
    return { directory: logDirectory, level: logLevel };
  }

  /** Runs it again for its log; a failure does not change the verdict. */
  async #runForLog(plan: Plan, wanted: RunOptions): Promise<void> {
    try {
      const log: HerdLog = {
        ...this.#logFolder(),
        onFolder: (path) =>
          this.#command.view.note(`run again for its log: ${path}`),
      };
      await untilInterrupted(
        denoPlatform.clock,
        (signal) =>
          runScenario(plan.scenario, plan.topology, { ...wanted, signal, log }),
        this.#command.signal,
      );
    } catch (error) {
      if (this.#command.signal.aborted || !(error instanceof Error)) {
        throw error;
      }
      console.error(visible(`no log: ${error.message}`));
    }
  }

  /** The report, if the command line asks for one. */
  async #reporter(plan: Plan, isOne: boolean): Promise<Reporter | undefined> {
    const { report, topology, isLogging, logLevel, logDirectory, plantedBug } =
      this.#command.options;
    if (report === undefined) return undefined;
    if (isLogging && logDirectory !== undefined) makeFolder(logDirectory);
    const { scenario: { name, world }, seed } = plan;
    const startedAtMs = denoPlatform.clock.wallMs();
    const isUnder = "under" in report;
    const { worlds = [] } = this.#command.options;
    const ending = worlds.length > 1 ? `-${world}` : "";
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
        ...given({ plantedBug, logDirectory }),
        ...isLogging && { logLevel },
      });
    } catch (error) {
      const option = isUnder
        ? `--report ${report.under}`
        : `--report-dir ${report.at}`;
      throw usageOf(error, `${option}: `);
    }
  }
}
