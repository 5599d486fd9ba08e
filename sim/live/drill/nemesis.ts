/**
 * The step `nemesis`: a random mix of faults at intervals.
 *
 * @module
 */
import { count } from "../../model/count.ts";
import { formatDuration } from "../../model/duration.ts";
import {
  nemesisPlan,
  type NemesisStep,
  type PlannedFault,
} from "../../model/steps/nemesis.ts";
import type { AnyStep } from "../../model/steps/kind.ts";
import type { Step } from "../../model/scenario/scenario.ts";
import type { TimedAction } from "../../model/scenario/actions.ts";
import { takeFaultStep } from "./fault_steps.ts";
import { inflict } from "./process_steps.ts";
import type { Outcome, Stage } from "./stage.ts";

/** How long the last servers may take to come back. */
const RECOVERY_MS_MAX = 10_000;
const POLL_MS = 20;

/**
 * Carries out the plan, which follows from the seed alone, and ends when its
 * faults have, and all servers are up.
 */
export async function runNemesis(
  step: NemesisStep & Step,
  stage: Stage,
): Promise<Outcome> {
  const random = stage.random.of(step);
  const { topology, world: { cannot } } = stage.herd;
  const all = nemesisPlan(step, topology, random);
  const plan = all.filter(({ action }) => !cannot?.has(action.kind));
  const startMs = stage.clock.nowMs();
  const actions: TimedAction[][] = [];
  const record = stage.herd.faults.around.nemesis(() => actions.length);
  const isOver = () => record.isHealed || stage.haveFaultsEnded;
  try {
    for (const { atMs, action } of plan) {
      await stage.waitUntil(startMs + atMs);
      if (isOver()) break;
      if ("servers" in action) await untilUp(action.servers, stage);
      if (isOver()) break;
      const branch: TimedAction[] = [];
      actions.push(branch);
      await carryOut(
        action,
        step,
        stage,
        (action, doneMs = stage.clock.nowMs()) => {
          branch.push({ atMs: doneMs - startMs, action });
        },
      );
    }
    if (!isOver()) await stage.waitUntil(startMs + step.durationMs);
  } finally {
    record.end();
  }
  const down = await untilUp(stage.herd.names, stage);
  if (down.length > 0) {
    const expected = `all servers up ${formatDuration(RECOVERY_MS_MAX)} ` +
      "after the last fault";
    return { failure: { expected, actual: `${down.join(", ")} down` } };
  }
  const left = all.filter((it) => !plan.includes(it));
  const begun = plan.slice(0, actions.length);
  const note = `${count(begun.length, "fault")}${kindsText(begun)}` +
    (begun.length === plan.length
      ? ""
      : `; ${plan.length - begun.length} not begun`) +
    (left.length === 0 ? "" : `; left out${kindsText(left)}`);
  // What was cut short is planned anew, from the same seed.
  return stage.haveFaultsEnded ? { note } : { note, actions };
}

function kindsText(plan: readonly PlannedFault[]): string {
  const kinds = Object.entries(
    Object.groupBy(plan, ({ action }) => action.kind),
  ).map(([kind, its = []]) => `${kind} ${its.length}`).toSorted();
  return kinds.length === 0 ? "" : ` (${kinds.join(", ")})`;
}

/**
 * Waits until servers are up; those that are not in time. In a plan a server is
 * long up when it is hit again, but on a busy machine it may come back later.
 */
async function untilUp(
  servers: readonly string[],
  stage: Stage,
): Promise<string[]> {
  const endMs = stage.clock.nowMs() + RECOVERY_MS_MAX;
  for (;;) {
    const up = stage.up();
    const down = servers.filter((name) => !up.includes(name));
    if (down.length === 0 || stage.clock.nowMs() > endMs) return down;
    await stage.wait(POLL_MS);
  }
}

async function carryOut(
  planned: PlannedFault["action"],
  step: NemesisStep & Step,
  stage: Stage,
  note: (action: AnyStep, doneMs?: number) => void,
): Promise<void> {
  if ("servers" in planned) {
    // What takes it back is an action of its own.
    const { durationMs: _, ...action } = planned;
    note(action);
    // Whom its supervisor gives up after a crash is to come back too.
    const lasting = { ...action, durationMs: step.faultMs };
    await inflict(lasting, stage, stage.random.of(step), note);
    return;
  }
  const beganMs = stage.clock.nowMs();
  const { actions = [] } = await takeFaultStep(planned, stage);
  for (const { action } of actions.flat()) note(action, beganMs);
}
