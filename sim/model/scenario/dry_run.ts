/**
 * What the steps of a plan will do, as far as that is known before the run: the
 * choices that depend only on the seed. What depends on the course of the run,
 * such as which servers are up, is left open.
 *
 * @module
 */
import { NameUses } from "../faults/name_uses.ts";
import { shapeGroups, withRest } from "../faults/partition.ts";
import { chosen, linkTargets, type Mode } from "../faults/targets.ts";
import { Random } from "../random.ts";
import type { ChurnStep } from "../steps/churn.ts";
import { type FaultAction, isPredictable } from "../steps/faults.ts";
import { kindOf } from "../steps/kinds.ts";
import { nemesisPlan, type NemesisStep } from "../steps/nemesis.ts";
import { type FaultStep, isFaultStep } from "../steps/server_faults.ts";
import type { Topology } from "../topology/topology.ts";
import {
  type Actions,
  type ActionsOf,
  downAndUp,
  oneAction,
  type TimedAction,
} from "./actions.ts";
import { Course } from "./feasible.ts";
import { allSteps, type Step } from "./scenario.ts";
import { StepRandom } from "./step_random.ts";

/** The actions of each step, as far as they are known before the run. */
export function dryRun(
  steps: readonly Step[],
  topology: Topology,
  seed: number,
): ActionsOf<Step> {
  const run = new DryRun(steps, topology, seed);
  run.walk(steps);
  return run.actions;
}

type OfLinks = Exclude<FaultAction, FaultStep>;

class DryRun {
  readonly actions = new Map<Step, (Actions | undefined)[]>();
  readonly #topology: Topology;
  readonly #names: readonly string[];
  readonly #seed: number;
  readonly #random: StepRandom;
  readonly #course: Course;
  /** Whether it is known which servers are up. */
  #isCertain = true;
  /**
   * Whether only one step runs at a time, so that faults are numbered in order.
   */
  #isAlone = true;
  /** Whether background steps may be ended early. */
  #mayEnd = false;
  readonly #counts = new Map<string, number>();
  readonly #uses = new NameUses();

  constructor(steps: readonly Step[], topology: Topology, seed: number) {
    this.#topology = topology;
    this.#names = topology.servers.map(({ name }) => name);
    this.#seed = seed;
    this.#random = new StepRandom(steps, seed);
    this.#course = new Course(this.#names);
  }

  walk(steps: readonly Step[]): void {
    for (const step of steps) {
      this.#random.take(step);
      const actions = this.#dryRun(step);
      this.actions.set(step, [...this.actions.get(step) ?? [], actions]);
    }
  }

  #dryRun(step: Step): Actions | undefined {
    if (isFaultStep(step)) return this.#ofServers(step);
    switch (step.kind) {
      case "parallel":
        this.#fork(step.branches);
        return undefined;
      case "repeat":
        if (!haveFault(step.steps)) return undefined;
        for (let i = 0; i < step.times; i++) this.walk(step.steps);
        return undefined;
      case "nemesis":
        return this.#ofNemesis(step);
      case "churn":
        return this.#ofChurn(step);
      default:
        return isPredictable(step) ? this.#ofLinks(step) : undefined;
    }
  }

  #fork(branches: readonly (readonly Step[])[]): void {
    const wasAlone = this.#isAlone;
    if (branches.filter(haveFault).length > 1) {
      this.#isAlone = false;
      this.#isCertain = false;
    }
    const couldEnd = this.#mayEnd;
    this.#mayEnd ||= branches.flat().some(({ kind }) => kind === "faults_end");
    for (const branch of branches) this.walk(branch);
    this.#mayEnd = couldEnd;
    this.#isAlone = wasAlone;
  }

  #ofServers(step: FaultStep & Step): Actions | undefined {
    const { mode = "all", ...rest } = step;
    const all = step.servers.includes("all")
      ? this.#isCertain ? this.#course.candidates(step.kind) : undefined
      : step.servers;
    const servers = all && predicted(all, mode, this.#random.of(step));
    for (const name of servers ?? []) this.#course.inflict(step.kind, name);
    const isOpen = step.durationMs !== undefined || step.kind === "crash";
    if (isOpen || !servers) this.#isCertain = false;
    if (servers === undefined) return undefined;
    return servers.length === 0 ? [] : oneAction({ ...rest, servers });
  }

  #ofLinks(step: OfLinks): Actions | undefined {
    const number = (this.#counts.get(step.kind) ?? 0) + 1;
    this.#counts.set(step.kind, number);
    const id = step.id ??
      (this.#isAlone ? `${step.kind}-${number}` : undefined);
    if (id === undefined) return undefined;
    const action = this.#settled(step, id);
    return action && oneAction(action);
  }

  #settled(step: OfLinks, id: string): FaultAction | undefined {
    const use = this.#uses.next(id);
    // In which order branches reuse a name is not known beforehand.
    if (use !== id && !this.#isAlone) return undefined;
    const random = new Random(this.#seed, use);
    if (step.kind === "partition") {
      const { shape, ...rest } = step;
      const groups = shape === undefined
        ? step.groups
        : shapeGroups(shape, this.#topology, random);
      return { ...rest, id, groups: withRest(groups, this.#topology) };
    }
    const { mode = "all", ...rest } = step;
    const { targets: named } = step;
    const all = kindOf(step).isOfLinks
      ? linkTargets(named, this.#topology).map(({ name }) => name)
      : named.includes("all")
      ? this.#names
      : named;
    const targets = predicted(all, mode as Mode, random) ?? [];
    return targets.length === 0
      ? undefined
      : { ...rest, id, targets } as FaultAction;
  }

  #ofNemesis(step: NemesisStep & Step): Actions | undefined {
    if (this.#mayEnd) {
      this.#isCertain = false;
      return undefined;
    }
    if (this.#course.up.length < this.#names.length) this.#isCertain = false;
    const plan = nemesisPlan(step, this.#topology, this.#random.of(step));
    return plan.map(({ atMs, action }): TimedAction[] => {
      if ("servers" in action) {
        const { kind, servers, durationMs } = action;
        return durationMs === undefined
          ? [{ atMs, action: { kind, servers } }]
          : downAndUp(kind, servers, atMs, durationMs);
      }
      const [[timed] = []] = this.#ofLinks(action) ?? [];
      return [{ atMs, action: timed?.action ?? action }];
    });
  }

  /**
   * Which servers are killed is known only if nothing else may take servers
   * down.
   */
  #ofChurn(step: ChurnStep & Step): Actions | undefined {
    const isCalm = this.#isAlone && this.#isCertain &&
      this.#course.up.length === this.#names.length;
    this.#isCertain = isCalm && !this.#mayEnd;
    if (!this.#isCertain) return undefined;
    const { everyMs, durationMs, downMs } = step;
    const choices = step.servers.includes("all") ? this.#names : step.servers;
    const random = this.#random.of(step);
    const actions: TimedAction[] = [];
    let freeMs = 0;
    for (let dueMs = 0; dueMs < durationMs; dueMs += everyMs) {
      const atMs = Math.max(dueMs, freeMs);
      actions.push(...downAndUp("kill", [random.pick(choices)], atMs, downMs));
      freeMs = atMs + downMs;
    }
    return [actions];
  }
}

/** The targets of a mode; `undefined` if there are too few. */
function predicted(
  all: readonly string[],
  mode: Mode,
  random: Random,
): string[] | undefined {
  const isTooMuch = typeof mode === "object" && "fixed" in mode &&
    mode.fixed > all.length;
  return isTooMuch ? undefined : chosen(all, mode, random);
}

/** Whether a step, or one in it, begins or ends a fault. */
function haveFault(steps: readonly Step[]): boolean {
  return allSteps(steps).some((step) =>
    ["nemesis", "churn"].includes(step.kind) || isFaultStep(step) ||
    isPredictable(step)
  );
}
