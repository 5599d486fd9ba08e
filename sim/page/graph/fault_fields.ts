/**
 * The fields of a fault, read from its JSON Schema.
 *
 * @module
 */

/** A fault of the catalogue, as `GET /api/kinds` tells it. */
export interface FaultKind {
  /** `latency`, … */
  readonly name: string;
  /** What it does. */
  readonly does: string;
  /** What it is on. */
  readonly on: "links" | "servers" | "herd";
  /** How it is given at the prompt. */
  readonly usage?: string;
  /** Its fields. */
  readonly schema: Schema;
}

/** JSON Schema, as far as fields of faults need it. */
export interface Schema {
  /** One type or several. */
  readonly type?: string | readonly string[];
  /** What it is. */
  readonly description?: string;
  /** The values that it may have. */
  readonly enum?: readonly unknown[];
  /** One of these. */
  readonly anyOf?: readonly Schema[];
  /** Of a text. */
  readonly pattern?: string;
  /** Of a number. */
  readonly minimum?: number;
  /** Of a number. */
  readonly maximum?: number;
  /** What holds where nothing is given. */
  readonly default?: unknown;
  /** Of an object. */
  readonly properties?: Readonly<Record<string, Schema>>;
  /** Of an object: what must be given. */
  readonly required?: readonly string[];
}

/** A field of a form. */
export interface FaultField {
  /** What the herd calls it. */
  readonly name: string;
  /** What it is, for people. */
  readonly note: string;
  /** What it takes; `object`: JSON. */
  readonly type: "text" | "integer" | "boolean" | "object";
  /** What it may be, if these alone. */
  readonly choices: readonly string[];
  /** What a text must look like. */
  readonly pattern: string | undefined;
  /** The least number. */
  readonly min: number | undefined;
  /** The greatest number. */
  readonly max: number | undefined;
  /** Whether it must be given. */
  readonly isRequired: boolean;
  /** What holds where nothing is given, or how it is written. */
  readonly example: string;
}

/** What a form on one target knows already, and what needs several of them. */
const LEFT_OUT = new Set(["targets", "target", "mode"]);

/** The fields of a fault, in their order. */
export function fieldsOf({ schema }: FaultKind): FaultField[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {})
    .filter(([name]) => !LEFT_OUT.has(name))
    .map(([name, property]) => fieldOf(name, property, required.has(name)));
}

function fieldOf(
  name: string,
  schema: Schema,
  isRequired: boolean,
): FaultField {
  const ways = [schema, ...schema.anyOf ?? []];
  const types = ways.flatMap(({ type }) => type ?? []);
  const choices = schema.enum ??
    (schema.anyOf?.every((way) => way.enum !== undefined)
      ? schema.anyOf.flatMap((way) => way.enum ?? [])
      : []);
  const isText = types.includes("string");
  const type = types.every((it) => it === "boolean") && types.length > 0
    ? "boolean"
    : types.includes("integer") && !isText
    ? "integer"
    : (types.includes("object") || types.includes("array")) && !isText
    ? "object"
    : "text";
  const { description = "", minimum: min, maximum: max } = schema;
  return {
    name,
    note: description,
    type,
    choices: choices.map(String),
    pattern: isText && ways.length === 1 ? schema.pattern : undefined,
    min,
    max,
    isRequired,
    example: exampleOf(schema),
  };
}

function exampleOf({ default: preset, pattern = "" }: Schema): string {
  if (preset !== undefined) return String(preset);
  return pattern.includes("ms|s|m|h") ? "100ms" : "";
}

/** What the herd is sent: fields that are left empty are left out. */
export function bodyOf(
  kind: string,
  target: string,
  values: readonly (readonly [name: string, value: unknown])[],
): Record<string, unknown> {
  const given = values.filter(([, value]) => value !== "")
    .map(([name, value]) => [name, jsonOf(value)]);
  return { kind, targets: [target], ...Object.fromEntries(given) };
}

/** A map or a list is written as JSON; all else is its text. */
function jsonOf(value: unknown): unknown {
  if (typeof value !== "string" || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
