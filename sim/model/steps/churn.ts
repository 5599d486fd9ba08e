/**
 * The step `churn`: one random server after another is killed and revived.
 *
 * @module
 */
import * as z from "zod";
import { formatDuration } from "../duration.ts";
import { boundedBy } from "./bounded.ts";
import { aboveZero, duration, servers } from "./fields.ts";
import { ALL, names, planned, type StepOf } from "./kind.ts";

const shape = {
  every: aboveZero("From one kill to the next."),
  for: duration("How long."),
  down: duration("From a kill to the revival; at once by default.").default(0),
  servers: servers("Servers to choose from.").default(["all"]),
};
export const churn = planned({
  kind: "churn",
  does: "Kills and revives servers at a rate.",
  object: z.strictObject(shape).refine(...boundedBy("churn")),
  names: { every: "everyMs", for: "durationMs", down: "downMs" },
  servers: [{ path: ["servers"], words: ALL }],
  describe: ({ servers, everyMs, durationMs }) =>
    `churn of ${names(servers)} every ${formatDuration(everyMs)} ` +
    `for ${formatDuration(durationMs)}`,
  isTimed: true,
  isDisturbing: true,
  brings: () => ["kill"],
});

export type ChurnStep = StepOf<typeof churn>;
