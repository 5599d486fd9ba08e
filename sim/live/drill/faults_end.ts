/**
 * The step `faults_end`: waits until it is time, has no more faults begin, and
 * heals those that stand.
 *
 * @module
 */
import { count } from "../../model/count.ts";
import { formatDuration } from "../../model/duration.ts";
import type { FaultsEndStep } from "../../model/steps/faults_end.ts";
import { isMix } from "../../model/checks/faults.ts";
import type { FaultRecord } from "../faults/fault_book.ts";
import type { Outcome, Stage } from "./stage.ts";

/** Ends all faults, for the rest of the drill. */
export async function endFaults(
  { fromMs, heal }: FaultsEndStep,
  stage: Stage,
): Promise<Outcome> {
  const { clock, recorder, herd } = stage;
  const elapsedMs = clock.nowMs() - recorder.startMs;
  await stage.wait(Math.max(0, fromMs - elapsedMs));
  stage.endFaults();
  const late = elapsedMs > fromMs
    ? `, ${formatDuration(elapsedMs - fromMs)} late`
    : "";
  if (heal === "all") {
    const healed = (await herd.faults.heal("all")).filter(isSingle);
    stage.heal("all");
    return { note: count(healed.length, "fault") + ` healed${late}` };
  }
  const standing = (await herd.faults.records())
    .filter((fault) => fault.endedMs === undefined && isSingle(fault));
  return { note: count(standing.length, "fault") + ` left standing${late}` };
}

/** Whether it is a fault itself, and no nemesis that begins others. */
function isSingle(fault: FaultRecord): boolean {
  return !isMix(fault);
}
