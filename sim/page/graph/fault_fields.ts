/**
 * The form fields of a fault, derived from its JSON Schema.
 *
 * @module
 */
import type { Given } from "../../model/web/routes.ts";
import { fromJson } from "../json.ts";

/** A fault that the herd knows. */
export type FaultKind = Omit<Given<"kinds">[number], "schema"> & {
  readonly schema: Schema;
};

/** JSON Schema, as far as faults' fields use it. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  /** For strings. */
  readonly pattern?: string;
  /** For numbers. */
  readonly minimum?: number;
  /** For numbers. */
  readonly maximum?: number;
  readonly default?: unknown;
  /** For objects. */
  readonly properties?: Readonly<Record<string, Schema>>;
  /** For objects: the names of the required properties. */
  readonly required?: readonly string[];
}

export type FaultField = Readonly<ReturnType<typeof fieldOf>>;

/**
 * Fields that the form fills in by itself, and one that needs several targets.
 */
const LEFT_OUT = new Set(["targets", "target", "mode"]);

/** In the order of the schema. */
export function fieldsOf({ schema }: FaultKind): FaultField[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {})
    .filter(([name]) => !LEFT_OUT.has(name))
    .map(([name, property]) => fieldOf(name, property, required.has(name)));
}

function fieldOf(name: string, schema: Schema, isRequired: boolean) {
  const ways = [schema, ...schema.anyOf ?? []];
  const types = ways.flatMap(({ type }) => type ?? []);
  const choices = schema.enum ??
    (schema.anyOf?.every((way) => way.enum !== undefined)
      ? schema.anyOf.flatMap((way) => way.enum ?? [])
      : []);
  const isText = types.includes("string");
  const type: "text" | "integer" | "boolean" | "object" =
    types.every((it) => it === "boolean") && types.length > 0
      ? "boolean"
      : types.includes("integer") && !isText
      ? "integer"
      : (types.includes("object") || types.includes("array")) && !isText
      ? "object"
      : "text";
  const { description = "", minimum: min, maximum: max } = schema;
  return {
    /** The name in the API. */
    name,
    /** A description for users. */
    note: description,
    /** `object` is typed in as JSON. */
    type,
    /** The allowed values; empty if any are. */
    choices: choices.map(String),
    /** A regular expression that the text must match. */
    pattern: isText && ways.length === 1 ? schema.pattern : undefined,
    min,
    max,
    isRequired,
    /** The default, or a sample value. */
    example: exampleOf(schema),
  };
}

function exampleOf({ default: preset, pattern = "" }: Schema): string {
  if (preset !== undefined) return String(preset);
  return pattern.includes("ms|s|m|h") ? "100ms" : "";
}

/** The body of the request; empty fields are left out. */
export function bodyOf(
  kind: string,
  target: string,
  values: readonly (readonly [name: string, value: unknown])[],
): Record<string, unknown> {
  const given = values.filter(([, value]) => value !== "")
    .map(([name, value]) => [name, jsonOf(value)]);
  return { kind, targets: [target], ...Object.fromEntries(given) };
}

/** Maps and lists are typed in as JSON; everything else is plain text. */
function jsonOf(value: unknown): unknown {
  if (typeof value !== "string" || !/^[[{]/.test(value)) return value;
  return fromJson(value) ?? value;
}
