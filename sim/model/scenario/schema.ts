/**
 * How a scenario is written: the fields of the file and of each step.
 *
 * From this one schema come the check of a file, the types of its plan and the
 * JSON schema that editors complete and check with.
 *
 * @module
 */
import { MODES } from "../../../herd/core/dissemination/dissemination.ts";
import * as z from "zod";
import { DURABILITY } from "../../../herd/core/durability.ts";
import { SEED_MAX } from "../random.ts";
import { servers, wholeNumber } from "../steps/fields.ts";
import { KINDS, steps } from "../steps/kinds.ts";
import { mapsIn } from "../steps/maps_in.ts";
import { WORLD_NAMES } from "../world_name.ts";
import { hub } from "./hub_fields.ts";
import { limits } from "./limit_fields.ts";
import { supervisor } from "./supervisor_fields.ts";
import { tuning } from "./tuning.ts";

/** An error that the schema found at one place, in zod's format. */
export interface ShapeIssue {
  /** The kind: `invalid_type`, `unrecognized_keys`, `invalid_union`, … */
  readonly code: string;
  /** The path to the place, from where the schema began. */
  readonly path: readonly PropertyKey[];
  /** The error; our own text if the code is `custom`. */
  readonly message: string;
  /** The expected type, of `invalid_type`. */
  readonly expected?: string;
  /** The keys, of `unrecognized_keys`. */
  readonly keys?: readonly string[];
  /** The choices, of `invalid_value`. */
  readonly values?: readonly unknown[];
  /** The errors of each branch, of `invalid_union`. */
  readonly errors?: readonly (readonly ShapeIssue[])[];
}

/** Maximum number of runs of a drill. */
const TIMES_MAX = 1_000_000;

export const file = z.strictObject({
  name: z.string().exactOptional().meta({
    description: "What people call it; the file's name by default.",
  }),
  description: z.string().exactOptional().meta({
    description: "What the drill teaches.",
  }),
  topology: z.string().exactOptional().meta({
    type: ["string", "integer"],
    description:
      "A year, a generated herd (ring:8) or a file; 2014 by default.",
  }),
  mode: z.enum(MODES).exactOptional().meta({
    description:
      "How updates get from server to server; the topology's, else flood.",
  }),
  world: z.enum(WORLD_NAMES).exactOptional().meta({
    description:
      "Where servers run: threads on real sockets (default), or virtual time.",
  }),
  durable: z.enum(DURABILITY).exactOptional().meta({
    description:
      "What an acknowledged fix outlasts: nothing that its server does not " +
      "(none), the server's end (disk), or its loss, for a neighbour holds it " +
      "(peer), or each that is linked (all); the topology's, else none.",
  }),
  seed: wholeNumber(
    "What random choices follow from; a fresh one each run by default.",
    0,
    SEED_MAX,
  ).exactOptional(),
  repeat: wholeNumber(
    "How often the drill is run, each time with the next seed; once by default.",
    1,
    TIMES_MAX,
  ).exactOptional(),
  params: z.record(z.string(), z.string()).exactOptional().meta({
    description:
      "Parameters and their values: $name in any text stands for it.",
  }),
  groups: z.record(z.string(), servers("Servers, or other groups before it."))
    .exactOptional().meta({ description: "Names for several servers." }),
  supervisor,
  limits: limits.exactOptional(),
  tuning: tuning.exactOptional(),
  hub: hub.exactOptional(),
  steps: steps.meta({ description: "What happens, in order." }),
  checks: z.array(z.string()).min(1).exactOptional().meta({
    description: "What must be true at the end: lost == 0, p99 < 50ms.",
  }),
  sometimes: z.array(z.string()).min(1).exactOptional().meta({
    description:
      "What must be true of one of many runs, at least: lines.graft >= 1.",
  }),
});

/**
 * A file after validation by the schema: its steps without their places, its
 * checks as they are written, its parameters filled in.
 */
export type BareScenario = z.output<typeof file>;

const MAPS = [
  ...mapsIn(file),
  ...KINDS.flatMap(({ name, schema }) => [...mapsIn(schema, name)]),
];

/**
 * The fields that the map at a place may have.
 *
 * @param place `""` for the file itself, else the path from a step inwards:
 * `iamat`, `whatsat.expect`.
 */
export function fieldNames(place: string): string[] {
  const fields = MAPS.filter(([path]) => path === place)
    .flatMap(([, fields]) => Object.keys(fields));
  return [...new Set(fields)];
}
