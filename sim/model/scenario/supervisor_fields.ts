/**
 * The part of a scenario about restarts of servers that ended.
 *
 * @module
 */
import * as z from "zod";
import {
  DEFAULT_INTENSITY,
  RESTART_POLICIES,
  RESTARTS_MAX,
} from "../restart.ts";
import { duration, wholeNumber } from "../steps/fields.ts";

const intensity = z.strictObject({
  restarts: wholeNumber("Restarts allowed; 3 by default.", 0, RESTARTS_MAX)
    .default(DEFAULT_INTENSITY.restarts),
  within: duration("The period in which they are counted; 5s by default.")
    .refine((ms) => ms > 0, "must be above 0")
    .default(DEFAULT_INTENSITY.periodMs),
}).transform(({ restarts, within }) => ({ restarts, periodMs: within }));

const backoff = z.strictObject({
  min: duration("Before the first restart of a period; then twice as long."),
  max: duration("The longest; as long as the first by default.")
    .exactOptional(),
}).refine(
  ({ min, max = min }) => min <= max,
  { message: "backoff: max is below min" },
).transform(({ min, max = min }) => ({ minMs: min, maxMs: max }));

/** The file's field `supervisor`. */
export const supervisor = z.strictObject({
  restart: z.enum(RESTART_POLICIES).exactOptional().meta({
    description:
      "After which ends a server is started again: permanent (all), " +
      "transient (a crash; the default), temporary (none).",
  }),
  intensity: intensity.exactOptional().meta({
    description: "How often a server may be restarted before it stays down.",
  }),
  backoff: backoff.exactOptional().meta({
    description: "How long restarts are delayed; not at all by default.",
  }),
}).exactOptional().meta({
  description: "By what rules ended servers are started again.",
});
