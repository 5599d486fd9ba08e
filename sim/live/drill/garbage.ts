/**
 * The step `garbage`: hostile clients flood servers, and all that they send must
 * be refused.
 *
 * @module
 */
import { count } from "../../model/count.ts";
import type { Step } from "../../model/scenario/scenario.ts";
import type { GarbageStep } from "../../model/steps/garbage.ts";
import { failed, firstOf } from "./outcomes.ts";
import type { Outcome, Stage } from "./stage.ts";

/** Wrong replies that a failure names; the others are counted. */
const NAMED_MAX = 5;

/** Floods servers; each line must be refused by a reply of its own. */
export async function runGarbage(
  step: GarbageStep & Step,
  stage: Stage,
): Promise<Outcome> {
  const flood = stage.herd.faults.around.garbage(step, stage.random.of(step));
  const { sent, refused, wrong, kept, closed } = await flood.over;
  const note = `${refused} of ${count(sent, "piece")} refused` +
    (step.holds
      ? `; of ${count(kept, "connection")} kept, servers closed ${closed}`
      : "");
  const expected = "a reply of ? and the line to each line of garbage";
  if (wrong.length > 0) {
    return failed(expected, firstOf(wrong, NAMED_MAX).join("\n"));
  }
  return refused > 0 || step.mayFail ? { note } : failed(expected, note);
}
