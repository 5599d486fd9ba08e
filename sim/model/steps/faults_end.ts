/**
 * The step `faults_end`: no fault begins after it, so that final states can be
 * checked.
 *
 * @module
 */
import * as z from "zod";
import { formatDuration } from "../duration.ts";
import { choice, duration } from "./fields.ts";
import { planned, type StepOf } from "./kind.ts";

const shape = {
  from: duration("How long after the drill's start; at once if that is over."),
  heal: choice(
    ["all", "none"],
    "What is healed then: all that stands (default), or nothing.",
  ).default("all"),
};
export const faultsEnd = planned({
  kind: "faults_end",
  does: "Waits for the end of all faults: from then on none begins.",
  object: z.strictObject(shape),
  names: {
    from: "fromMs",
  },
  describe: ({ fromMs, heal }) =>
    `faults end ${formatDuration(fromMs)} after the start, ` +
    (heal === "all" ? "and are healed" : "and what stands stays"),
});

export type FaultsEndStep = StepOf<typeof faultsEnd>;
