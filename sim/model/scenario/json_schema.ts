/**
 * The JSON schema of scenarios, by which editors complete, check and explain
 * them.
 *
 * @module
 */
import * as z from "zod";
import { KINDS } from "../steps/kinds.ts";
import { file } from "./schema.ts";

const PARAMETER = { $ref: "#/$defs/parameter" };

interface Schema {
  [key: string]: unknown;
  type?: string | readonly string[];
  description?: string;
}

/** The JSON schema (2020-12) for editors. */
export function scenarioJsonSchema(): Record<string, unknown> {
  const { $defs, ...top } = z.toJSONSchema(file, { io: "input" }) as Schema;
  const { step, ...defs } = $defs as { step: { anyOf: Schema[] } };
  return {
    ...asWritten(top),
    title: "A scenario of the herd workbench",
    $defs: {
      ...asWritten(defs),
      step: { ...step, anyOf: step.anyOf.map((one) => asWritten(told(one))) },
      parameter: {
        type: "string",
        pattern: "\\$[A-Za-z_]",
        description: "A parameter of the file: $name.",
      },
    },
  };
}

function told(step: Schema): Schema {
  const properties = step["properties"] as Record<string, Schema>;
  const [[name, fields = {}] = [""]] = Object.entries(properties);
  const description = KINDS.find((kind) => kind.name === name)!.does;
  return { ...step, properties: { [name]: { ...fields, description } } };
}

/**
 * A schema that also allows what a file may contain instead of a value: a
 * parameter, and for a text what YAML reads as a number. Defaults are removed:
 * they are what is read, and not what would be written.
 */
function asWritten(schema: Schema): Schema {
  const { default: _, ...rest } = schema;
  if ("enum" in rest || isScalar(rest.type)) return scalar(rest);
  return Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [
      key,
      key === "propertyNames" ? value : inner(value),
    ]),
  );
}

function inner(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inner);
  if (typeof value !== "object" || value === null) return value;
  return asWritten(value as Schema);
}

function isScalar(type: Schema["type"]): boolean {
  const types = typeof type === "string" ? [type] : type ?? [];
  return types.length > 0 &&
    types.every((one) => one !== "object" && one !== "array");
}

function scalar({ description, ...rest }: Schema): Schema {
  const words = description === undefined ? {} : { description };
  const isAnyText = rest.type?.includes("string") &&
    Object.keys(rest).every((key) => key === "type" || key === "minLength");
  return isAnyText
    ? { ...words, ...rest, type: ["string", "number", "boolean"] }
    : { ...words, anyOf: [rest, PARAMETER] };
}
