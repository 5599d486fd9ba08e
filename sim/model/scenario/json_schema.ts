/**
 * The JSON schema of scenarios, by which editors complete, check and explain
 * them.
 *
 * @module
 */
import * as z from "zod";
import { file, type StepName } from "./schema.ts";

/** What each step does, as an editor shows it. */
const STEP_WORDS: Readonly<Record<StepName, string>> = {
  iamat: "A client tells one server where it is.",
  whatsat: "A client asks where another is, and what is around it.",
  send: "A raw line goes to one server; its reply can be checked.",
  load: "Clients send fixes at a rate that does not depend on the answers.",
  kill:
    "Servers are ended at once: their sockets close, what they held is gone.",
  crash: "Servers die of an error; the supervisor may start them again.",
  revive: "Killed servers are started again; ends when they are linked.",
  restart: "Servers are killed and revived.",
  pause: "Servers are frozen: their sockets stay open, nothing is answered.",
  resume: "Frozen servers go on.",
  clock_skew: "Clocks of servers are wrong.",
  cut: "Nothing passes on links, in both directions or in one (A>B).",
  heal: "Faults are taken back: by id, by target, or all.",
  reset: "The connections of links are reset (RST).",
  partition: "The links between groups of servers are cut.",
  latency: "All that passes links arrives later.",
  bandwidth: "No more than so much passes links.",
  slicer: "All that passes links arrives in slices.",
  limit_data: "A connection is closed when so many bytes have passed.",
  slow_close: "The end of a connection is told later.",
  timeout: "Nothing passes, and a connection so held is closed after a while.",
  loss: "Lines on links are lost.",
  duplicate: "Lines on links arrive twice.",
  reorder: "A line on a link is passed by the next.",
  corrupt: "One bit of lines on links is turned.",
  places: "The embedded places service behaves badly, or well again.",
  garbage: "Hostile clients send garbage.",
  greedy: "Clients send one line again and again, as fast as servers take it.",
  nemesis: "Faults come and go by chance, for a while.",
  churn: "A server is killed, and revived, at a rate.",
  random: "Steps that are drawn from the seed.",
  expect: "What must hold, at the latest within a time.",
  eventually: "As expect; tried until it holds, or the time is over.",
  always: "What must hold all the time.",
  wait: "Nothing for a while.",
  phase: "A phase begins, for checks to speak of; it lasts until the next.",
  parallel: "Steps, or lists of steps, that run at the same time.",
  repeat: "Steps that are taken several times.",
};

const PARAMETER = { $ref: "#/$defs/parameter" };

interface Schema {
  [key: string]: unknown;
  type?: string | readonly string[];
  description?: string;
}

/** The JSON schema (2020-12) by which editors complete and check scenarios. */
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

/** A step with what it does. */
function told(step: Schema): Schema {
  const properties = step["properties"] as Record<string, Schema>;
  const [[name, fields = {}] = [""]] = Object.entries(properties);
  const description = STEP_WORDS[name as StepName];
  return { ...step, properties: { [name]: { ...fields, description } } };
}

/**
 * A schema that takes what a file may say in place of the value itself: a
 * parameter, and for a text what YAML takes for a number. Defaults are left
 * out: they are what is read, and not what would be written.
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
