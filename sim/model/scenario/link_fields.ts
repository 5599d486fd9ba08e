/**
 * How the steps are written that do something to servers, links and clocks.
 *
 * @module
 */
import * as z from "zod";
import { DISTRIBUTIONS } from "../faults/distribution.ts";
import { parseDurationMs } from "../duration.ts";
import { LINE_FAULTS, LINE_KINDS, type LinkFault } from "../faults/faults.ts";
import { NEMESIS_FAULTS } from "../faults/nemesis.ts";
import { SHAPES } from "../faults/partition.ts";
import type {
  ClockSkewStep,
  FaultStep,
  HealStep,
  LinkFaultStep,
  NemesisStep,
  PartitionStep,
  ProcessFault,
  ResetStep,
} from "./scenario.ts";
import { duration, scalar, servers, wholeNumber, word } from "./fields.ts";
import { BYTES_FORMS, parseBytes, parsePercent } from "../topology/size.ts";
import type { Mode } from "../faults/targets.ts";

const COUNT_MAX = 1_000_000_000;
const DRIFT_PPM_MAX = 1_000_000;

const percent = (description: string) =>
  scalar(parsePercent, "percentage from 0 to 100", {
    type: ["number", "string"],
    description,
  });

const aboveZero = (description: string) =>
  duration(description).refine((ms) => ms > 0, "must be above 0");

/**
 * How many of the targets.
 * @internal
 */
export const MODE_FIELDS = {
  fixed: wholeNumber("So many of the targets.", 1, COUNT_MAX).exactOptional(),
  percent: percent("Such a share of the targets.").exactOptional(),
};

const mode = z.union([
  z.enum(["one", "all"]),
  z.strictObject(MODE_FIELDS).refine(
    ({ fixed, percent }) => (fixed === undefined) !== (percent === undefined),
    "mode takes fixed or percent",
  ).transform((it) => it as Mode),
]).exactOptional().meta({
  description: "How many of the targets, by chance: one, all (unless told), " +
    "{fixed: n} or {percent: n}.",
});

const id = word("What the fault is called, for heal.").exactOptional();
const lasting = aboveZero("After which it is taken back; never unless told.")
  .exactOptional();
const links = servers("Links (A-B), ways of links (A>B), servers or groups.");

const common = { mode, duration: lasting, id };
const onLinks = { targets: links, ...common };

/** The fields of what is done to servers; only what ends has a duration. */
const ENDING_FIELDS = {
  targets: servers("Servers or groups."),
  mode,
  duration: lasting,
};
const { duration: _, ...PROCESS_FIELDS } = ENDING_FIELDS;

/**
 * A step that does something to servers.
 * @internal
 */
export function processStep(
  kind: ProcessFault,
  what: string,
): z.ZodType<FaultStep> {
  const isEnding = kind === "kill" || kind === "pause";
  const names = servers(what);
  return z.strictObject({
    [kind]: z.union([
      names.transform((targets) => ({ targets })),
      z.strictObject(isEnding ? ENDING_FIELDS : PROCESS_FIELDS),
    ]),
  }).transform((value) => {
    const { targets, ...rest } = value[kind]!;
    const { mode, durationMs } = commonOf(rest);
    return {
      kind,
      servers: targets,
      ...mode !== undefined && { mode },
      ...durationMs !== undefined && { durationMs },
    };
  });
}

const bytes = (description: string) =>
  scalar(parseBytes, `size (${BYTES_FORMS})`, {
    type: ["integer", "string"],
    description,
  });

const SHAPES_OF = {
  latency: {
    ...onLinks,
    latency: duration("How late chunks are, one way."),
    jitter: duration("How far that spreads; 0s unless told.").default(0),
    correlation: percent("How much a chunk is as late as the one before.")
      .default(0),
    distribution: z.enum(DISTRIBUTIONS).default("uniform").meta({
      description: "How the jitter is distributed; uniform unless told.",
    }),
  },
  bandwidth: {
    ...onLinks,
    rate: scalar(
      (text) => text.endsWith("/s") ? parseBytes(text.slice(0, -2)) : undefined,
      "bandwidth (512B/s, 10kB/s, 1MB/s)",
      { description: "Bytes a second." },
    ).refine((rate) => rate > 0, "must be above 0"),
  },
  slicer: {
    ...onLinks,
    average_size: bytes("Bytes of a slice, on average."),
    size_variation: bytes("Bytes that it may be longer or shorter.")
      .default(0),
    delay: duration("From one slice to the next; 0s unless told.").default(0),
  },
  limit_data: {
    ...onLinks,
    bytes: bytes("When so many have passed, the connection is closed."),
  },
  slow_close: {
    ...onLinks,
    delay: aboveZero("How much later the end of a connection is told."),
  },
  timeout: {
    ...onLinks,
    timeout: aboveZero("After which a connection that is held is closed."),
  },
};

const LINE_FIELDS = {
  ...onLinks,
  percent: percent("The share of lines that is hit; all unless told.")
    .exactOptional(),
  nth: wholeNumber("The one line that is hit, from 1.", 1, COUNT_MAX)
    .exactOptional(),
  lines: z.enum(LINE_KINDS).exactOptional().meta({
    description: "Only lines of this kind.",
  }),
};

interface Common {
  readonly targets?: unknown;
  readonly mode?: unknown;
  readonly duration?: unknown;
  readonly id?: unknown;
}

/**
 * The fields that all faults have.
 * @internal
 */
function commonOf(fields: Common): {
  readonly mode?: Mode;
  readonly durationMs?: number;
  readonly id?: string;
} {
  const { mode, duration, id } = fields;
  return {
    ...mode !== undefined && { mode: mode as Mode },
    ...duration !== undefined && { durationMs: duration as number },
    ...id !== undefined && { id: id as string },
  };
}

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
const SKEW_FIELDS = {
  targets: servers("Servers whose clock goes wrong."),
  ...common,
  offset: scalar(
    (text) => {
      const ms = parseDurationMs(text.replace(/^[+-]/, ""));
      return ms !== undefined && text.startsWith("-") ? -ms : ms;
    },
    "offset (500ms, -1h)",
    { description: "How far the clock is ahead; below 0: behind." },
  ).default(0),
  drift: scalar(
    (text) => {
      const ppm = /^([+-]?\d+(?:\.\d+)?)ppm$/.exec(text)?.[1];
      const isFine = ppm !== undefined &&
        Math.abs(Number(ppm)) <= DRIFT_PPM_MAX;
      return isFine ? Number(ppm) : undefined;
    },
    "drift (200ppm, -50ppm)",
    { description: "How much faster it goes; below 0: slower." },
  ).default(0),
};

const NEMESIS_FIELDS = {
  every: aboveZero("From one fault to the next."),
  for: aboveZero("How long."),
  duration: aboveZero("How long each fault stands; 500ms unless told.")
    .default(500),
  faults: z.array(z.enum(NEMESIS_FAULTS)).min(1).exactOptional().meta({
    description: "What it chooses from; all but loss and corrupt unless told.",
  }),
  min_alive: wholeNumber(
    "Servers that are neither killed nor paused, at least; 1 unless told.",
    0,
    COUNT_MAX,
  ).default(1),
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
  nemesis: z.strictObject({ nemesis: z.strictObject(NEMESIS_FIELDS) })
    .transform(({ nemesis: it }): NemesisStep => ({
      kind: "nemesis",
      everyMs: it.every,
      faultMs: it.duration,
      durationMs: it.for,
      faults: it.faults ??
        NEMESIS_FAULTS.filter((kind) => kind !== "loss" && kind !== "corrupt"),
      minAlive: it.min_alive,
    })),
  clock_skew: z.strictObject({
    clock_skew: z.strictObject(SKEW_FIELDS).refine(
      ({ offset, drift }) => offset !== 0 || drift !== 0,
      { message: "clock_skew needs offset, drift or both" },
    ),
  }).transform(({ clock_skew: it }): ClockSkewStep => ({
    kind: "clock_skew",
    targets: it.targets,
    offsetMs: it.offset,
    driftPpm: it.drift,
    ...commonOf(it),
  })),
};

/** The fields of each of the steps, by name. */
export const LINK_FIELDS: Readonly<Record<string, Record<string, unknown>>> = {
  kill: ENDING_FIELDS,
  revive: PROCESS_FIELDS,
  restart: PROCESS_FIELDS,
  pause: ENDING_FIELDS,
  resume: PROCESS_FIELDS,
  cut: onLinks,
  reset: RESET_FIELDS,
  partition: PARTITION_FIELDS,
  ...SHAPES_OF,
  ...Object.fromEntries(LINE_FAULTS.map((kind) => [kind, LINE_FIELDS])),
  clock_skew: SKEW_FIELDS,
  nemesis: NEMESIS_FIELDS,
};

/** The steps whose targets are links. */
export const LINK_TARGET_STEPS: readonly string[] = Object.keys(LINK_STEPS)
  .filter((name) =>
    !["heal", "partition", "clock_skew", "nemesis"].includes(name)
  );
