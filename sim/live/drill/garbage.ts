/**
 * The step `garbage`: hostile clients flood servers, and all that they send must
 * be refused.
 *
 * @module
 */
import { count } from "../../model/count.ts";
import type { Step } from "../../model/scenario/scenario.ts";
import type { GarbageStep } from "../../model/steps/garbage.ts";
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
    const rest = wrong.length - NAMED_MAX;
    const actual = [
      ...wrong.slice(0, NAMED_MAX),
      ...(rest > 0 ? [`and ${rest} more`] : []),
    ].join("\n");
    return { failure: { expected, actual } };
  }
  return refused > 0 || step.mayFail
    ? { note }
    : { failure: { expected, actual: note } };
}
