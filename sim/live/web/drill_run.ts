/**
 * A run of a drill that was started from the page.
 *
 * @module
 */
import type { Platform } from "../../../herd/net/platform.ts";
import { summary } from "../../model/report/text.ts";
import { neverReached, reachedBy } from "../../model/report/points.ts";
import {
  byVerdict,
  type DrillVerdict,
  type StepResult,
  verdictOf,
  verdictOfAll,
} from "../../model/report/result.ts";
import { allSteps, type Step } from "../../model/scenario/scenario.ts";
import { describeStep } from "../../model/steps/kinds.ts";
import type { RunDocument } from "../../model/web/routes.ts";
import { type Plan, Planner } from "../drill/plan.ts";
import { runScenario } from "../drill/runner.ts";
import { Reporter } from "../report/reporter.ts";

type StepView = RunDocument["steps"][number];

export interface DrillRunOptions {
  readonly id: string;
  /** With many seeds, the plan of the first. */
  readonly plan: Plan;
  /**
   * How many seeds to run; the first that fails becomes the run that is shown.
   */
  readonly seeds: number;
  readonly platform: Platform;
  /** The folder for its report. */
  readonly folder: string;
  /** Called after each change. */
  readonly onChange: () => void;
}

/** What came of many seeds. */
interface Searched {
  readonly found: Readonly<Record<DrillVerdict, readonly number[]>>;
  /** What one of them must reach, and none did. */
  readonly never: readonly string[];
}

/** The verdict on all seeds, given that on the one that was run again; and why. */
function verdictOn(
  { found, never }: Searched,
  again: DrillVerdict,
): [DrillVerdict, ...string[]] {
  const { failed, unknown } = found;
  if (failed.length > 0 && again !== "failed") {
    return ["unknown", "the one that failed did not fail again"];
  }
  if (never.length > 0) return ["failed", `none reached ${never.join(", ")}`];
  return [
    verdictOfAll(found),
    ...unknown.length > 0 ? [`${unknown.length} unknown`] : [],
  ];
}

function stateOf(
  { failure, isUnknown, isSkipped }: StepResult,
): StepView["state"] {
  if (failure !== undefined) return "failed";
  return isUnknown ? "unknown" : isSkipped ? "skipped" : "passed";
}

export class DrillRun {
  /** Resolves when it has ended; never rejects. */
  readonly over: Promise<void>;
  readonly #options: DrillRunOptions;
  readonly #aborter = new AbortController();
  readonly #startedMs: number;
  #plan: Plan;
  #at = new Map<Step, number>();
  #steps: StepView[] = [];
  /** How many of the seeds were run. */
  #done = 0;
  #ended: Pick<RunDocument, "state" | "tookMs" | "verdict" | "summary"> = {
    state: "running",
  };
  /** The folder of its report; `undefined` if there is none, or not yet. */
  report: string | undefined;

  /** Starts at once. */
  constructor(options: DrillRunOptions) {
    this.#options = options;
    this.#startedMs = options.platform.clock.wallMs();
    this.#plan = options.plan;
    this.#take(options.plan);
    this.over = this.#run();
  }

  get isOver(): boolean {
    return this.#ended.state !== "running";
  }

  /** The run as the API shows it. */
  get document(): RunDocument {
    const { id, seeds } = this.#options;
    const { scenario, seed } = this.#plan;
    return {
      id,
      name: scenario.name,
      seed,
      startedMs: this.#startedMs,
      steps: this.#steps,
      ...seeds > 1 && { seeds: { done: this.#done, of: seeds } },
      ...this.#ended,
    };
  }

  interrupt(): void {
    this.#aborter.abort(new Error("interrupted"));
  }

  async #run(): Promise<void> {
    try {
      await this.#carryOut();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#end(
        this.#aborter.signal.aborted
          ? { state: "interrupted" }
          : { state: "error", summary: why },
      );
    }
  }

  /** Becomes a run of this plan, with no step taken yet. */
  #take(plan: Plan): void {
    const steps = allSteps(plan.scenario.steps);
    this.#plan = plan;
    this.#at = new Map(steps.map((step, at) => [step, at]));
    this.#steps = steps.map((step) => ({
      line: step.where.line,
      text: describeStep(step),
      state: "waiting",
    }));
  }

  /**
   * Runs one seed after the other until one fails, which becomes the run. If
   * none does, the first that is unknown becomes it.
   */
  async #search(): Promise<Searched> {
    const { plan: { file, settings, seed }, seeds, onChange } = this.#options;
    const planner = new Planner(file, { settings, seed, world: "virtual" });
    const found = byVerdict<number>();
    const reached = new Set<string>();
    for (let run = 0; run < seeds && found.failed.length === 0; run++) {
      const plan = planner.plan(run);
      const { scenario, topology } = plan;
      const { signal } = this.#aborter;
      const options = { seed: plan.seed, signal };
      const result = await runScenario(scenario, topology, options);
      const verdict = verdictOf(result);
      const isFirst = found[verdict].push(plan.seed) === 1;
      for (const it of reachedBy(result)) reached.add(it);
      this.#done = run + 1;
      if (verdict !== "passed" && isFirst) this.#take(plan);
      onChange();
    }
    const never = found.failed.length > 0
      ? []
      : neverReached(this.#plan.scenario, reached);
    return { found, never };
  }

  async #carryOut(): Promise<void> {
    const { folder, seeds } = this.#options;
    const searched = seeds > 1 ? await this.#search() : undefined;
    const plan = this.#plan;
    using reporter = await Reporter.open({
      plan,
      path: folder,
      isReplacing: false,
      startedAtMs: this.#startedMs,
      topologyName: plan.scenario.topology,
    });
    const result = await runScenario(plan.scenario, plan.topology, {
      seed: plan.seed,
      signal: this.#aborter.signal,
      onBegin: (step) => this.#change(step, { state: "running" }),
      onStep: (taken) => this.#change(taken.step, taken),
    });
    this.report = (await reporter.finish(result)).path;
    const [verdict, ...about] = searched === undefined
      ? [verdictOf(result)]
      : verdictOn(searched, verdictOf(result));
    const head = seeds > 1
      ? [[`${this.#done} of ${seeds} seeds run`, ...about].join(", ")]
      : [];
    const told = [...head, summary(result)].join("\n");
    this.#end({ state: verdict, verdict, summary: told });
  }

  #change(
    step: Step | StepResult["step"],
    now: { state: "running" } | StepResult,
  ): void {
    const at = this.#at.get(step as Step);
    if (at === undefined) return;
    const { line, text } = this.#steps[at]!;
    if ("state" in now) this.#steps[at] = { line, text, ...now };
    else {
      const { startedMs, tookMs, note, failure } = now;
      const told = failure === undefined
        ? note
        : `expected ${failure.expected}\nactual ${failure.actual}`;
      this.#steps[at] = {
        line,
        text,
        state: stateOf(now),
        atMs: startedMs,
        tookMs,
        ...told !== undefined && { note: told },
      };
    }
    this.#options.onChange();
  }

  #end(how: Omit<RunDocument, "id" | "name" | "seed" | "startedMs" | "steps">) {
    const tookMs = this.#options.platform.clock.wallMs() - this.#startedMs;
    for (const [at, step] of this.#steps.entries()) {
      const isTaken = step.state !== "waiting" && step.state !== "running";
      if (!isTaken) this.#steps[at] = { ...step, state: "skipped" };
    }
    this.#ended = { ...how, tookMs };
    this.#options.onChange();
  }
}
