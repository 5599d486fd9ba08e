/**
 * Fixes that no server holds, and whether they died with those that did.
 *
 * @module
 */
import { LossAttribution } from "../../model/checks/loss_attribution.ts";
import type { EndOf } from "../../model/ledger.ts";
import type { ExpectConvergedStep } from "../../model/steps/expect.ts";
import type { Outcome, Stage } from "./stage.ts";

/** Which fixes may have died with their servers, if any may. */
export function endOfBy(
  { killedWithinMs }: ExpectConvergedStep,
  stage: Stage,
): EndOf | undefined {
  if (killedWithinMs === 0) return undefined;
  const { recorder, herd } = stage;
  let attribution: LossAttribution | undefined;
  return (fix) => {
    attribution ??= new LossAttribution(
      recorder.history(herd.trace()),
      herd.keeping,
    );
    const endMs = attribution.endOf(fix, killedWithinMs);
    return endMs === undefined ? undefined : endMs + recorder.startMs;
  };
}

/** Whether all that is lost may have died with its servers, and is allowed to. */
export function mayHaveDied(
  { verdict }: Outcome,
  { killedWithinMs }: ExpectConvergedStep,
  { ledger }: Stage,
): boolean {
  if (killedWithinMs === 0 || verdict === undefined) return false;
  return verdict.lost.every((fix) =>
    fix.heldBy.length === 0 && ledger.hasEndedSince(fix)
  );
}
