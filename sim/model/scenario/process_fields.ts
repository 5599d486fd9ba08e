/**
 * How the steps are written that do something to servers and their clocks.
 *
 * @module
 */
import * as z from "zod";
import { OFFSET_FORMS, parseOffsetMs } from "../duration.ts";
import { DRIFT_PPM_MAX } from "../faults/settings.ts";
import type { ClockSkewStep, FaultStep, ProcessFault } from "./fault_types.ts";
import { COMMON_FIELDS, commonOf } from "./fault_fields.ts";
import { scalar, servers } from "./fields.ts";

const { mode, id } = COMMON_FIELDS;

/** The fields of what mends; of what breaks and is over at once; of the rest. */
const MENDING_FIELDS = { targets: servers("Servers or groups."), mode };
const BRIEF_FIELDS = { ...MENDING_FIELDS, id };
const LASTING_FIELDS = { ...MENDING_FIELDS, ...COMMON_FIELDS };

const FIELDS_OF: Readonly<
  Record<ProcessFault, typeof MENDING_FIELDS & Partial<typeof COMMON_FIELDS>>
> = {
  kill: LASTING_FIELDS,
  crash: BRIEF_FIELDS,
  revive: MENDING_FIELDS,
  restart: BRIEF_FIELDS,
  pause: LASTING_FIELDS,
  resume: MENDING_FIELDS,
};

/** A step that does something to servers. */
function processStep(
  kind: ProcessFault,
  what: string,
): z.ZodType<FaultStep> {
  return z.strictObject({
    [kind]: z.union([
      servers(what).transform((targets) => ({ targets })),
      z.strictObject(FIELDS_OF[kind]),
    ]),
  }).transform((value) => {
    const { targets, ...rest } = value[kind]!;
    return { kind, servers: targets, ...commonOf(rest) };
  });
}

const SKEW_FIELDS = {
  targets: servers("Servers whose clock goes wrong."),
  ...COMMON_FIELDS,
  offset: scalar(
    parseOffsetMs,
    `offset (${OFFSET_FORMS})`,
    { description: "How far the clock is ahead; below 0: behind." },
  ).default(0),
  drift: scalar(
    (text) => {
      const ppm = /^([+-]?\d+(?:\.\d+)?)ppm$/.exec(text)?.[1];
      const isFine = ppm !== undefined &&
        Math.abs(Number(ppm)) <= DRIFT_PPM_MAX;
      return isFine ? Number(ppm) : undefined;
    },
    `drift (200ppm, -50ppm, at most ${DRIFT_PPM_MAX}ppm either way)`,
    { description: "How much faster it goes; below 0: slower." },
  ).default(0),
};

/**
 * The steps, by name.
 * @internal
 */
export const PROCESS_STEPS = {
  kill: processStep("kill", "Servers to end without a word."),
  crash: processStep("crash", "Servers to end by an uncaught error."),
  revive: processStep("revive", "Killed servers to start again."),
  restart: processStep("restart", "Servers to stop and start again."),
  pause: processStep("pause", "Servers to freeze."),
  resume: processStep("resume", "Frozen servers to thaw."),
  clock_skew: z.strictObject({
    clock_skew: z.strictObject(SKEW_FIELDS).refine(
      ({ offset, drift }) => offset !== 0 || drift !== 0,
      { message: "clock_skew needs offset, drift or both" },
    ),
  }).transform(({ clock_skew: it }): ClockSkewStep => ({
    kind: "clock_skew",
    targets: it.targets,
    offsetMs: it.offset,
    driftPpm: it.drift,
    ...commonOf(it),
  })),
};

/** The fields of each of the steps, by name. */
export const PROCESS_STEP_FIELDS: Readonly<
  Record<string, Record<string, unknown>>
> = { ...FIELDS_OF, clock_skew: SKEW_FIELDS };
