/**
 * The fault `clock_skew`: the clocks of servers are wrong.
 *
 * @module
 */
import * as z from "zod";
import {
  formatDuration,
  OFFSET_FORMS,
  OFFSET_MS_MAX,
  parseOffsetMs,
} from "../duration.ts";
import type { Range } from "../numbers.ts";
import { COMMON_FIELDS, scalar, servers } from "./fields.ts";
import { ALL, lasting, names, planned } from "./kind.ts";

export const CLOCK_SKEW = "clock_skew";

/** How much faster or slower a clock may go, in parts per million. */
const DRIFT_PPM_MAX = 1_000_000;

/** Ranges of a skew's numbers. */
export const SKEW_RANGES = {
  offsetMs: { min: -OFFSET_MS_MAX, max: OFFSET_MS_MAX, unit: "ms" },
  driftPpm: { min: -DRIFT_PPM_MAX, max: DRIFT_PPM_MAX },
} satisfies Record<string, Range>;

const offset = scalar(
  parseOffsetMs,
  (ms) => `${ms}ms`,
  `offset (${OFFSET_FORMS})`,
  { description: "How far the clock is ahead; below 0: behind." },
);

const shape = {
  targets: servers("Servers whose clock goes wrong."),
  ...COMMON_FIELDS,
  offset: offset.default(0),
  drift: scalar(
    (text) => {
      const ppm = /^([+-]?\d+(?:\.\d+)?)ppm$/.exec(text)?.[1];
      const isFine = ppm !== undefined &&
        Math.abs(Number(ppm)) <= DRIFT_PPM_MAX;
      return isFine ? Number(ppm) : undefined;
    },
    (ppm) => `${ppm}ppm`,
    `drift (200ppm, -50ppm, at most ${DRIFT_PPM_MAX}ppm either way)`,
    { description: "How much faster it goes; below 0: slower." },
  ).default(0),
};

export const clockSkew = planned({
  kind: CLOCK_SKEW,
  does: "Shifts the clocks of servers, or makes them drift.",
  object: z.strictObject(shape).refine(
    ({ offset, drift }) => offset !== 0 || drift !== 0,
    { message: "clock_skew needs offset, drift or both" },
  ),
  names: { duration: "durationMs", offset: "offsetMs", drift: "driftPpm" },
  servers: [{ path: ["targets"], words: ALL }],
  describe(step) {
    const { offsetMs, driftPpm, targets } = step;
    const sign = offsetMs < 0 ? "-" : "+";
    return [
      CLOCK_SKEW,
      ...(offsetMs === 0
        ? []
        : [`of ${sign}${formatDuration(Math.abs(offsetMs))}`]),
      ...(driftPpm === 0 ? [] : [`by ${driftPpm}ppm`]),
      `on ${names(targets)}${lasting(step)}`,
    ].join(" ");
  },
  command: {
    usage: "clock_skew <server> <offset>",
    first: "servers",
    does: "shift a server's clock forward or back",
    examples: ["clock_skew Alford 2s", "clock_skew Alford -1h"],
    read([server, ...rest]) {
      const read = offset.safeParse(rest[0]);
      return server === undefined || rest.length > 1 || !read.success
        ? undefined
        : { kind: CLOCK_SKEW, server, offsetMs: read.data };
    },
  },
  nemesis: {
    on: "servers",
    // A herd must not depend on clocks, however wrong.
    action: (targets, durationMs) => ({
      kind: CLOCK_SKEW,
      targets,
      offsetMs: 3_600_000,
      driftPpm: 500,
      durationMs,
    }),
  },
  isFault: true,
  isPredictable: true,
});
