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
  kill: "Kills servers, like SIGKILL: sockets close, their records are lost.",
  crash: "Crashes servers; the restart policy decides what follows.",
  revive: "Starts killed servers again; ends when their links are up.",
  restart: "Kills servers, then revives them.",
  pause: "Freezes servers, like SIGSTOP: sockets stay open, no answers.",
  resume: "Lets paused servers run again.",
  clock_skew: "Shifts the clocks of servers, or makes them drift.",
  cut: "Blocks all traffic on links, both ways (A-B) or one way (A>B).",
  heal: "Removes faults: by id, by target, or all.",
  reset: "Resets the TCP connections of links (RST).",
  partition: "Network partition: cuts all links between groups of servers.",
  latency: "Delays all traffic on links.",
  bandwidth: "Limits the bytes per second on links.",
  slicer: "Splits all data on links into slices.",
  limit_data: "Closes each connection after this many bytes.",
  slow_close: "Delays the closing of connections.",
  timeout: "Stops all data, and closes the connections after a time.",
  loss: "Drops lines on links.",
  duplicate: "Delivers lines twice.",
  reorder: "Swaps a line with the one after it.",
  corrupt: "Flips one bit in a line.",
  places: "Makes the embedded places service fail, or work again.",
  garbage: "Hostile clients send garbage to servers.",
  greedy: "Clients send one line again and again, as fast as servers take it.",
  nemesis: "Random faults come and go for a while.",
  churn: "Kills and revives servers at a rate.",
  random: "Steps that are drawn from the seed.",
  expect: "What must hold within a time.",
  eventually: "Like expect, retried until it holds or the time is over.",
  always: "What must hold all the time.",
  wait: "Waits for a time.",
  phase: "Begins a phase, which checks can name; it lasts until the next.",
  parallel: "Steps, or lists of steps, that run at the same time.",
  repeat: "Repeats steps.",
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
