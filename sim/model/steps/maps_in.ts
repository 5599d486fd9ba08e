/**
 * Which fields the maps of a file may have, by its schema.
 *
 * @module
 */
import type * as z from "zod";

/**
 * The maps that a value may have in it, each with its path from `path` on, and
 * its fields. What is in lists has a schema of its own.
 */
export function* mapsIn(
  schema: z.core.$ZodType,
  path = "",
): Iterable<readonly [path: string, fields: z.core.$ZodShape]> {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "object":
      yield [path, def.shape];
      for (const [field, inner] of Object.entries(def.shape)) {
        yield* mapsIn(inner, path === "" ? field : `${path}.${field}`);
      }
      break;
    case "union":
      for (const option of def.options) yield* mapsIn(option, path);
      break;
    case "pipe":
      yield* mapsIn(def.in, path);
      break;
    case "optional":
    case "default":
      yield* mapsIn(def.innerType, path);
  }
}
