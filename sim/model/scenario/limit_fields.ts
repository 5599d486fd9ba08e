/**
 * How a scenario sets the limits of its servers.
 *
 * @module
 */
import * as z from "zod";
import { LIMIT_KEYS, type Limits } from "../../../herd/core/limits.ts";
import {
  limitName,
  limitRange,
  limitSchema,
  limitText,
  limitValue,
} from "../topology/limits.ts";
import { scalar } from "../steps/fields.ts";

const shape = Object.fromEntries(
  LIMIT_KEYS.map((key) => [
    limitName(key),
    scalar(
      (text) => limitValue(key, text),
      (value) => limitText(key, value),
      limitRange(key),
      limitSchema(key),
    )
      .exactOptional(),
  ]),
);

/** The file's field `limits`. */
export function limits(): z.ZodType<Partial<Limits>> {
  return z.strictObject(shape).transform((told): Partial<Limits> =>
    Object.fromEntries(
      LIMIT_KEYS.map((key) => [key, told[limitName(key)]] as const)
        .filter(([, value]) => value !== undefined),
    )
  ).meta({
    description: "What each server allows at most, where not the default.",
  });
}

/** The fields of its map, by path. */
export const LIMIT_FIELDS: Readonly<Record<string, Record<string, unknown>>> = {
  limits: shape,
};
