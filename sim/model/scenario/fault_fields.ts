/**
 * The fields that steps which bring a fault about have in common.
 *
 * @module
 */
import * as z from "zod";
import type { Mode } from "../faults/targets.ts";
import { parsePercent } from "../topology/size.ts";
import { COUNT_MAX } from "../numbers.ts";
import { duration, scalar, wholeNumber, word } from "./fields.ts";

/**
 * A share, from 0 to 100.
 * @internal
 */
export function percent(description: string): z.ZodType<number, string> {
  return scalar(parsePercent, "percentage from 0 to 100", {
    type: ["number", "string"],
    description,
  });
}

/**
 * Milliseconds, more than none.
 * @internal
 */
export function aboveZero(description: string): z.ZodType<number, string> {
  return duration(description).refine((ms) => ms > 0, "must be above 0");
}

/**
 * How many of the targets.
 * @internal
 */
export const MODE_FIELDS = {
  fixed: wholeNumber("So many of the targets.", 1, COUNT_MAX).exactOptional(),
  percent: percent("Such a share of the targets.").exactOptional(),
};

const mode = z.union([
  z.enum(["one", "all"]),
  z.strictObject(MODE_FIELDS).refine(
    ({ fixed, percent }) => (fixed === undefined) !== (percent === undefined),
    "mode takes fixed or percent",
  ).transform((it) => it as Mode),
]).exactOptional().meta({
  description:
    "How many of the targets, chosen at random: one, all (the default), " +
    "{fixed: n} or {percent: n}.",
});

/**
 * What every fault may have.
 * @internal
 */
export const COMMON_FIELDS = {
  mode,
  duration: aboveZero(
    "How long the fault lasts; until it is healed by default.",
  )
    .exactOptional(),
  id: word("What the fault is called, for heal.").exactOptional(),
};

/**
 * Those of the common fields that a step has.
 * @internal
 */
export interface Common {
  readonly targets?: unknown;
  readonly mode?: unknown;
  readonly duration?: unknown;
  readonly id?: unknown;
}

/**
 * The common fields of a step, as its plan has them.
 * @internal
 */
export function commonOf(fields: Common): {
  readonly mode?: Mode;
  readonly durationMs?: number;
  readonly id?: string;
} {
  const { mode, duration, id } = fields;
  return {
    ...mode !== undefined && { mode: mode as Mode },
    ...duration !== undefined && { durationMs: duration as number },
    ...id !== undefined && { id: id as string },
  };
}
