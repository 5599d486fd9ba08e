/**
 * The part of a scenario about restarts of servers that ended.
 *
 * @module
 */
import * as z from "zod";
import {
  type Backoff,
  DEFAULT_INTENSITY,
  RESTART_POLICIES,
  type RestartRules,
  RESTARTS_MAX,
} from "../restart.ts";
import { duration, wholeNumber } from "../steps/fields.ts";

const intensity = z.strictObject({
  restarts: wholeNumber("Restarts allowed; 3 by default.", 0, RESTARTS_MAX)
    .default(DEFAULT_INTENSITY.restarts),
  within: duration("The period in which they are counted; 5s by default.")
    .refine((ms) => ms > 0, "must be above 0")
    .default(DEFAULT_INTENSITY.periodMs),
});

const backoff = z.strictObject({
  min: duration("Before the first restart of a period; then twice as long."),
  max: duration("The longest; as long as the first by default.")
    .exactOptional(),
}).refine(
  ({ min, max = min }) => min <= max,
  { message: "backoff: max is below min" },
);

const supervisor = z.strictObject({
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
});

/** The file's field `supervisor`. */
export function supervision(): z.ZodType<RestartRules> {
  return supervisor.transform(
    ({ restart, intensity, backoff }): RestartRules => ({
      ...restart !== undefined && { restart },
      ...intensity !== undefined && {
        intensity: {
          restarts: intensity.restarts,
          periodMs: intensity.within,
        },
      },
      ...backoff !== undefined && { backoff: toBackoff(backoff) },
    }),
  ).meta({ description: "By what rules ended servers are started again." });
}

function toBackoff({ min, max = min }: z.output<typeof backoff>): Backoff {
  return { minMs: min, maxMs: max };
}

/** The fields of its maps, by path. */
export const SUPERVISOR_FIELDS: Readonly<
  Record<string, Record<string, unknown>>
> = {
  supervisor: supervisor.shape,
  "supervisor.intensity": intensity.shape,
  "supervisor.backoff": backoff.shape,
};
