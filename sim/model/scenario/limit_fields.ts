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
import { renamedCodec } from "../steps/kind.ts";

const names = Object.fromEntries(
  LIMIT_KEYS.map((key) => [limitName(key), key]),
);
const object = z.strictObject(Object.fromEntries(
  LIMIT_KEYS.map((key) => [
    limitName(key),
    scalar(
      (text) => limitValue(key, text),
      (value) => limitText(key, value),
      limitRange(key),
      limitSchema(key),
    ).exactOptional(),
  ]),
));

/** The file's field `limits`. */
export const limits = renamedCodec<Partial<Limits>>(object, names).meta({
  description: "What each server allows at most, where not the default.",
});
