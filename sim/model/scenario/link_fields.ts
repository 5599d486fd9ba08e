/**
 * How the steps are written that do something to links.
 *
 * @module
 */
import * as z from "zod";
import { DISTRIBUTIONS } from "../faults/distribution.ts";
import { LINE_KINDS } from "../../../herd/core/wire/link_message.ts";
import { LINE_FAULTS, type LinkFault } from "../faults/faults.ts";
import { SHAPES } from "../faults/partition.ts";
import { COUNT_MAX } from "../numbers.ts";
import { BYTES_FORMS, parseBytes } from "../topology/size.ts";
import type {
  HealStep,
  LinkFaultStep,
  PartitionStep,
  ResetStep,
} from "./fault_types.ts";
import {
  aboveZero,
  type Common,
  COMMON_FIELDS,
  commonOf,
  percent,
} from "./fault_fields.ts";
import { duration, scalar, servers, wholeNumber } from "./fields.ts";

const links = servers("Links (A-B), ways of links (A>B), servers or groups.");
const onLinks = { targets: links, ...COMMON_FIELDS };

const bytes = (description: string) =>
  scalar(parseBytes, `size (${BYTES_FORMS})`, {
    type: ["integer", "string"],
    description,
  });

const SHAPES_OF = {
  latency: {
    ...onLinks,
    latency: duration("The delay, one way."),
    jitter: duration("How far delays vary; 0s by default.").default(0),
    correlation: percent("How much a delay is like the one before, 0% to 100%.")
      .default(0),
    distribution: z.enum(DISTRIBUTIONS).default("uniform").meta({
      description: "How the jitter is distributed; uniform by default.",
    }),
  },
  bandwidth: {
    ...onLinks,
    rate: scalar(
      (text) => text.endsWith("/s") ? parseBytes(text.slice(0, -2)) : undefined,
      "bandwidth (512B/s, 10kB/s, 1MB/s, at most 1000000MB/s)",
      { description: "Bytes a second." },
    ).refine((rate) => rate > 0, "must be above 0"),
  },
  slicer: {
    ...onLinks,
    average_size: bytes("Bytes of a slice, on average.")
      .refine((size) => size > 0, "must be above 0"),
    size_variation: bytes("Bytes that it may be longer or shorter.")
      .default(0),
    delay: duration("From one slice to the next; 0s by default.").default(0),
  },
  limit_data: {
    ...onLinks,
    bytes: bytes("After this many the connection is closed."),
  },
  slow_close: {
    ...onLinks,
    delay: aboveZero("How long the closing of a connection is delayed."),
  },
  timeout: {
    ...onLinks,
    timeout: duration(
      "After which a connection that is held is closed; 0s: never.",
    ),
  },
};

const LINE_FIELDS = {
  ...onLinks,
  percent: percent("The percentage of lines that are hit; all by default.")
    .exactOptional(),
  nth: wholeNumber(
    "The number of the one line that is hit, from 1.",
    1,
    COUNT_MAX,
  )
    .exactOptional(),
  lines: z.enum(LINE_KINDS).exactOptional().meta({
    description: "Only lines of this kind.",
  }),
};

function linkFault(
  fault: LinkFault,
  fields: Common & { readonly targets: readonly string[] },
): LinkFaultStep {
  const { targets } = fields;
  return { kind: fault.kind, fault, targets, ...commonOf(fields) };
}

const brief = z.union([
  links.transform((targets) => ({ targets })),
  z.strictObject(onLinks),
]);

const lineFault = (kind: typeof LINE_FAULTS[number]) =>
  z.strictObject({
    [kind]: z.strictObject(LINE_FIELDS).refine(
      ({ percent, nth }) => percent === undefined || nth === undefined,
      { message: `${kind} takes percent or nth, not both` },
    ),
  }).transform((value): LinkFaultStep => {
    const { percent, nth, lines, ...rest } = value[kind]!;
    return linkFault({
      kind,
      ...percent !== undefined && { percent },
      ...nth !== undefined && { nth },
      ...lines !== undefined && { lines },
    }, rest);
  });

const { mode, duration: lasting, id } = COMMON_FIELDS;
const RESET_FIELDS = { targets: links, mode, id };
const PARTITION_FIELDS = {
  shape: z.enum(SHAPES).exactOptional().meta({
    description: "Groups by chance: halves, majority, isolate_one, …",
  }),
  groups: z.array(servers("Servers that still see each other.")).min(1)
    .exactOptional().meta({
      description: "Lists of servers; those in none are one more group.",
    }),
  duration: lasting,
  id,
};
const shape = SHAPES_OF;

/**
 * The steps, by name.
 * @internal
 */
export const LINK_STEPS = {
  cut: z.strictObject({ cut: brief })
    .transform(({ cut }) => linkFault({ kind: "cut" }, cut)),
  heal: z.strictObject({ heal: servers("Faults by ID, targets, or all.") })
    .transform(({ heal }): HealStep => ({ kind: "heal", what: heal })),
  reset: z.strictObject({
    reset: z.union([
      links.transform((targets) => ({ targets })),
      z.strictObject(RESET_FIELDS),
    ]),
  }).transform(({ reset }): ResetStep => ({
    kind: "reset",
    targets: reset.targets,
    ...commonOf(reset),
  })),
  partition: z.strictObject({
    partition: z.union([
      z.enum(SHAPES).transform((shape) => ({ shape })),
      z.strictObject(PARTITION_FIELDS).refine(
        ({ shape, groups }) => (shape === undefined) !== (groups === undefined),
        { message: "partition takes shape or groups" },
      ),
    ]),
  }).transform(({ partition }): PartitionStep => {
    const { shape, groups = [], ...rest } = partition as {
      shape?: typeof SHAPES[number];
      groups?: (readonly string[])[];
    };
    return {
      kind: "partition",
      ...shape !== undefined && { shape },
      groups,
      ...commonOf(rest),
    };
  }),
  latency: z.strictObject({ latency: z.strictObject(shape.latency) })
    .transform(({ latency: it }) =>
      linkFault({
        kind: "latency",
        latencyMs: it.latency,
        jitterMs: it.jitter,
        correlation: it.correlation / 100,
        distribution: it.distribution,
      }, it)
    ),
  bandwidth: z.strictObject({ bandwidth: z.strictObject(shape.bandwidth) })
    .transform(({ bandwidth: it }) =>
      linkFault({ kind: "bandwidth", bytesPerSecond: it.rate }, it)
    ),
  slicer: z.strictObject({ slicer: z.strictObject(shape.slicer) })
    .transform(({ slicer: it }) =>
      linkFault({
        kind: "slicer",
        averageBytes: it.average_size,
        variationBytes: it.size_variation,
        delayMs: it.delay,
      }, it)
    ),
  limit_data: z.strictObject({ limit_data: z.strictObject(shape.limit_data) })
    .transform(({ limit_data: it }) =>
      linkFault({ kind: "limit_data", bytes: it.bytes }, it)
    ),
  slow_close: z.strictObject({ slow_close: z.strictObject(shape.slow_close) })
    .transform(({ slow_close: it }) =>
      linkFault({ kind: "slow_close", delayMs: it.delay }, it)
    ),
  timeout: z.strictObject({ timeout: z.strictObject(shape.timeout) })
    .transform(({ timeout: it }) =>
      linkFault({ kind: "timeout", timeoutMs: it.timeout }, it)
    ),
  loss: lineFault("loss"),
  duplicate: lineFault("duplicate"),
  reorder: lineFault("reorder"),
  corrupt: lineFault("corrupt"),
};

/** The fields of each of the steps, by name. */
export const LINK_FIELDS: Readonly<Record<string, Record<string, unknown>>> = {
  cut: onLinks,
  reset: RESET_FIELDS,
  partition: PARTITION_FIELDS,
  ...SHAPES_OF,
  ...Object.fromEntries(LINE_FAULTS.map((kind) => [kind, LINE_FIELDS])),
};

/** The steps whose targets are links. */
export const LINK_TARGET_STEPS: readonly string[] = Object.keys(LINK_STEPS)
  .filter((name) => name !== "heal" && name !== "partition");
