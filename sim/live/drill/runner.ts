/**
 * Runs a drill: starts a herd, takes the steps one after the other, and tells
 * how each ended.
 *
 * An expectation that does not hold is written down, and the drill goes on, so
 * that one run tells all. A step that can't be carried out (the server to kill
 * is dead already) has failed in the same way.
 *
 * @module
 */
import { given } from "../../model/given.ts";
import { dataFolder } from "./data_folder.ts";
import { abortable } from "@std/async";
import type { PlantedBug } from "../../../herd/core/planted_bug.ts";
import type { Platform } from "../../../herd/net/platform.ts";
import { assess } from "../../model/checks/assess.ts";
import {
  faultsOf,
  type FaultSpan,
  isMix,
  isResidual,
  isVacuous,
} from "../../model/checks/faults.ts";
import type {
  HistoryEvent,
  HistoryFact,
  SocketsEvent,
} from "../../model/history.ts";
import { formatDuration } from "../../model/duration.ts";
import { stateText } from "../../model/lifecycle.ts";
import { describeStep, isCheck } from "../../model/steps/kinds.ts";
import { isFaultStep } from "../../model/steps/server_faults.ts";
import type { DrillResult, StepResult } from "../../model/report/result.ts";
import { beginsFaults } from "../../model/scenario/late_faults.ts";
import {
  furtherWays,
  needsLinkFaults,
  type Scenario,
  type Step,
} from "../../model/scenario/scenario.ts";
import { settledTuning } from "../../model/scenario/tuning.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { runChurn } from "./churn.ts";
import type { HerdEvent } from "../../model/events.ts";
import { expectConverged } from "./expect_converged.ts";
import { expectAlways, expectFix, expectServers } from "./expectations.ts";
import { takeFaultStep } from "./fault_steps.ts";
import { endFaults } from "./faults_end.ts";
import { runGarbage } from "./garbage.ts";
import { seenOf, skipped } from "./outcomes.ts";
import { runGreedy } from "./greedy.ts";
import { Herd } from "../herd/herd.ts";
import { runNemesis } from "./nemesis.ts";
import { runLoad } from "./open_load.ts";
import { inflict } from "./process_steps.ts";
import { QueueWatch } from "./queue_watch.ts";
import { Recorder } from "./recorder.ts";
import { SocketWatch } from "./socket_watch.ts";
import { type Outcome, Stage } from "./stage.ts";
import type { Places } from "../places/places.ts";
import type { ServerStatus } from "../servers/status.ts";
import type { HerdLog, HerdOptions } from "../herd/start_options.ts";
import { iamat, send, whatsat } from "./traffic.ts";

export interface RunOptions {
  /** The machine that the herd is driven on; this one by default. */
  readonly platform?: Platform;
  /** What runs the servers; what the file says, else threads. */
  readonly world?: HerdOptions["world"];
  /** Who answers what is around a client; the embedded service by default. */
  readonly places?: Places;
  /** What its random choices follow from. */
  readonly seed: number;
  /** Where the servers log, and what of it; no log by default. */
  readonly log?: HerdLog;
  /** A bug that is planted on purpose, to see that the drill finds it. */
  readonly plantedBug?: PlantedBug;
  /** Ends the drill at once; the run then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Gets the herd before the first step; what it gives ends with the drill. */
  readonly onHerd?: (herd: Herd) => Promise<AsyncDisposable>;
  readonly onBegin?: (step: Step) => void;
  readonly onStep?: (result: StepResult) => void;
  /** Gets what is written into the history, as it is. */
  readonly onFact?: (fact: HistoryFact) => void;
}

/** How the herd of a drill is run. */
function settingsOf(
  scenario: Scenario,
  { platform, places, seed, log, plantedBug, world = scenario.world }:
    RunOptions,
): HerdOptions {
  const { mode, durable, limits, hub } = scenario;
  const isVirtual = world === "virtual";
  const tuning = settledTuning(scenario.tuning, isVirtual, seed);
  return {
    seed,
    linkFaults: needsLinkFaults(scenario.steps),
    ways: furtherWays(scenario.steps),
    ...scenario.supervisor,
    ...given({ mode, durable, limits, hub, tuning }),
    ...given({ platform, world, places, log, plantedBug }),
    trace: true,
  };
}

/**
 * Runs a drill to its end, and stops its herd whatever happens.
 *
 * @throws {Error} If the herd does not start, or the signal is aborted.
 */
export async function runScenario(
  scenario: Scenario,
  topology: Topology,
  options: RunOptions,
): Promise<DrillResult> {
  const { seed } = options;
  const { signal = new AbortController().signal } = options;
  await using data = await dataFolder(scenario);
  const incidents: string[] = [];
  const early: HerdEvent[] = [];
  let hear = (event: HerdEvent): void => void early.push(event);
  const herd = await Herd.start(topology, {
    ...settingsOf(scenario, options),
    ...data && { dataDir: data.dataDir },
    onEvent: (event) => {
      if (event.kind === "start-again") {
        incidents.length = 0;
        early.length = 0;
      }
      incidents.push(...incidentsOf(event));
      hear(event);
    },
  });
  const recorder = new Recorder(herd.platform.clock, options.onFact);
  const stage = new Stage(herd, recorder, seed, signal, scenario.steps);
  hear = (event) => stage.hear(event);
  early.forEach(hear);
  using queues = new QueueWatch(herd, recorder);
  const drill = new Drill(stage, options);
  try {
    await using _watched = await options.onHerd?.(herd);
    await drill.run(scenario.steps, 0);
    await drill.end();
    const tookMs = drill.elapsedMs();
    await queues.look();
    await stage.recordActiveFaults();
    const records = await stage.records();
    const begun = recorder.history(herd.trace());
    const down = herd.status().filter(({ state }) => state !== "up");
    const found = [...incidents];
    const sockets = await stopWatched(herd, recorder);
    const history = begun.concat(sockets);
    const { mode, knownMode, keeping } = herd;
    const seen = seenOf(herd.world, drill.results);
    const evidence = { topology, mode, keeping, seen, history, records };
    const faults = faultsOf(history).filter((fault) => !isMix(fault));
    return {
      scenario,
      topology: topology.name,
      ...knownMode !== undefined && { mode: knownMode },
      seed,
      tookMs,
      steps: drill.results,
      history,
      records,
      ...given({ towns: herd.faults.around.townsFound }),
      assessment: assess(evidence, scenario.checks ?? [], scenario.sometimes),
      incidents: [...found, ...sockets.leaked],
      residual: residualOf(faults, down),
      vacuous: faults.filter(isVacuous).map(faultName),
    };
  } finally {
    await herd.stop();
  }
}

/** What a drill left behind: servers that are down, faults that still stand. */
function residualOf(
  faults: readonly FaultSpan[],
  down: readonly ServerStatus[],
): string[] {
  // That a server is down says it all.
  const isOfDown = ({ left }: FaultSpan) =>
    left.length > 0 &&
    left.every((target) => down.some(({ name }) => name === target));
  return [
    ...down.map(({ name, state }) => `${name} ${stateText(state)}`),
    ...faults.filter((fault) => isResidual(fault) && !isOfDown(fault))
      .map((fault) => faultName({ ...fault, targets: fault.left })),
  ];
}

/** Stops a herd, and tells what sockets it left behind. */
async function stopWatched(
  herd: Herd,
  recorder: Recorder,
): Promise<HistoryEvent & SocketsEvent> {
  using watch = await SocketWatch.open(
    herd.platform,
    herd.listening(),
  );
  await herd.stop();
  const atMs = recorder.clock.nowMs() - recorder.startMs;
  return { atMs, kind: "sockets", leaked: await watch.leaked() };
}

function faultName({ id, fault, targets }: FaultSpan): string {
  const name = id.startsWith(fault) ? id : `${fault} ${id}`;
  return `${name} on ${targets.join(", ") || "nothing"}`;
}

/** What ended a server though nobody asked for it; most events: nothing. */
export function incidentsOf(event: HerdEvent): string[] {
  if ("isAsked" in event && event.isAsked) return [];
  if (event.kind === "restart-limit") {
    return [`${event.server} crashed once too often and stays down`];
  }
  if (event.kind !== "state") return [];
  const { server, state, why } = event;
  if (state !== "crashed" && state !== "wedged") return [];
  return [`${server} ${state}${why === undefined ? "" : `: ${why}`}`];
}

class Drill {
  readonly results: StepResult[] = [];
  readonly #stage: Stage;
  readonly #options: RunOptions;
  readonly #background: Promise<void>[] = [];

  constructor(stage: Stage, options: RunOptions) {
    this.#stage = stage;
    this.#options = options;
  }

  elapsedMs(): number {
    return this.#stage.clock.nowMs() - this.#stage.recorder.startMs;
  }

  async run(steps: readonly Step[], depth: number): Promise<void> {
    for (const step of steps) {
      const run = this.#runOne(step, depth);
      if ("isBackground" in step && step.isBackground) {
        // If it rejects, that is told at the end.
        run.catch(() => {});
        this.#background.push(run);
      } else await run;
    }
  }

  /** Waits for what goes on in the background. */
  async end(): Promise<void> {
    await Promise.all(this.#background);
  }

  async #runOne(step: Step, depth: number): Promise<void> {
    const startedMs = this.elapsedMs();
    this.#stage.random.take(step);
    this.#options.onBegin?.(step);
    const outcome = await this.#stage.running(step, this.#take(step, depth));
    const tookMs = this.elapsedMs() - startedMs;
    const result = { step, depth, startedMs, tookMs, ...outcome };
    this.results.push(result);
    this.#record(step, result);
    this.#options.onStep?.(result);
  }

  #record(step: Step, { startedMs, failure }: StepResult): void {
    this.#stage.recorder.record({
      kind: "step",
      step: this.results.length,
      text: describeStep(step),
      ...step.kind === "phase" && { phase: step.name },
      fileLine: step.where.line,
      ok: failure === undefined,
      startedMs,
      ...failure,
    });
  }

  async #take(step: Step, depth: number): Promise<Outcome> {
    const { signal } = this.#stage;
    signal.throwIfAborted();
    try {
      return await abortable(this.#act(step, depth), signal);
    } catch (error) {
      if (signal.aborted || isBug(error)) throw error;
      const actual = error instanceof Error ? error.message : String(error);
      if ("mayFail" in step && step.mayFail) {
        // What was to be checked has not been.
        const isUnknown = isCheck(step) && { isUnknown: true };
        return { note: `no failure: ${actual}`, ...isUnknown };
      }
      return { failure: { expected: expectedOf(step), actual } };
    }
  }

  async #act(step: Step, depth: number): Promise<Outcome> {
    const stage = this.#stage;
    if (stage.haveFaultsEnded && beginsFaults(step)) {
      throw new Error("the end of all faults was before");
    }
    const why = stage.herd.world.cannot?.get(step.kind);
    if (why !== undefined) {
      stage.leaveOut(step);
      return skipped(why);
    }
    if (isFaultStep(step)) {
      return await inflict(step, stage, stage.random.of(step));
    }
    switch (step.kind) {
      case "iamat":
        return await iamat(step, stage);
      case "whatsat":
        return await whatsat(step, stage);
      case "send":
        return await send(step, stage);
      case "expect-fix":
        return await expectFix(step, stage);
      case "expect-always":
        return await expectAlways(step, stage);
      case "expect-converged":
        return await expectConverged(step, stage);
      case "expect-servers":
        return await expectServers(step, stage);
      case "load":
        return await runLoad(step, stage);
      case "garbage":
        return await runGarbage(step, stage);
      case "greedy":
        return await runGreedy(step, stage);
      case "churn":
        return await runChurn(step, stage);
      case "phase":
        return {};
      case "wait":
        await stage.wait(step.durationMs);
        return {};
      case "parallel":
        await Promise.all(
          step.branches.map((branch) => this.run(branch, depth + 1)),
        );
        return {};
      case "repeat":
        for (let i = 0; i < step.times; i++) {
          await this.run(step.steps, depth + 1);
        }
        return {};
      case "random":
        throw new TypeError("Cannot take random steps: they are not drawn");
      case "nemesis":
        return await runNemesis(step, stage);
      case "faults_end":
        return await endFaults(step, stage);
      default:
        return await takeFaultStep(step, stage);
    }
  }
}

/** What a step comes to where nothing is in its way. */
function expectedOf(step: Step): string {
  switch (step.kind) {
    case "iamat":
      return `an acknowledgement by ${step.to}${inTime(step)}`;
    case "whatsat":
    case "send":
      return `a reply by ${step.to}${inTime(step)}`;
    default:
      return "that this can be done";
  }
}

function inTime({ withinMs }: { readonly withinMs: number }): string {
  return ` within ${formatDuration(withinMs)}`;
}

/** Errors that only a mistake in this program brings about. */
function isBug(error: unknown): boolean {
  return error instanceof TypeError || error instanceof ReferenceError ||
    error instanceof RangeError;
}
