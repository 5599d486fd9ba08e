/**
 * What a kind of step is: all that there is to know of it, in one place.
 *
 * @module
 */
import * as z from "zod";
import { count } from "../count.ts";
import { formatDuration } from "../duration.ts";
import type { Mode } from "../faults/targets.ts";
import type { Random } from "../random.ts";
import type { ServerList, Topology } from "../topology/topology.ts";
import type { Path, YamlValue } from "../yaml.ts";
import type { COMMON_FIELDS } from "./fields.ts";

export interface ServerField {
  /** The way to it, from what stands below the step's name. */
  readonly path: Path;
  /** Whether it takes exactly one server. */
  readonly one?: true;
  /** The words that stand for several. */
  readonly words?: readonly string[];
  /** Whether it names links too. */
  readonly links?: true;
  /** Whether it names faults too. */
  readonly faults?: true;
}

export interface CommandHelp {
  readonly usage: string;
  /** What it does, in a line. */
  readonly does: string;
  /** What else there is to know, line by line. */
  readonly more?: readonly string[];
  /** Some that can be typed as they are. */
  readonly examples?: readonly string[];
}

export interface CommandKind<C> extends CommandHelp {
  /** What its words mean; `undefined` if they don't fit. */
  readonly read: (words: readonly string[]) => C | undefined;
}

/** How a nemesis brings a fault about. */
export interface NemesisUse<T> {
  /**
   * What it is on: a server that is up, and then is not; any server; a link; or
   * what the fault itself chooses.
   */
  readonly on: "up" | "servers" | "links";
  /** Whether only where it is told to. */
  readonly isHarsh?: true;
  /** What is done to targets that are settled. */
  readonly action: (
    targets: ServerList,
    durationMs: number,
    topology: Topology,
    random: Random,
  ) => T;
}

/** What every step has in a plan. */
export interface NamedStep {
  readonly kind: string;
}

/** Any step of a plan; its kind knows what else it has. */
export type AnyStep =
  | NamedStep
  | { readonly kind: string; readonly [field: string]: unknown };

/**
 * A kind of step.
 * @internal
 */
export interface StepKind<T extends AnyStep, C = never> {
  /** Its name in a file, and what its steps are known by. */
  readonly name: string;
  /** The kinds that its steps may have in a plan, where not its name. */
  readonly kinds?: readonly string[];
  /** What it does, as an editor shows it. */
  readonly does: string;
  /** How what stands below its name is read. */
  readonly schema: z.ZodType<T>;
  /** The fields that may stand there, by the way to their map: `""`, `mode`. */
  readonly fields?: Readonly<Record<string, object>>;
  readonly servers?: readonly ServerField[];
  /** A step in one line for people. */
  readonly describe: (step: T) => string;
  /** How a step is written that leaves nothing to chance. */
  readonly write?: (step: T) => unknown;
  /** How it is given at the prompt. */
  readonly command?: CommandKind<C>;
  /** How a nemesis brings it about; without it, none does. */
  readonly nemesis?: NemesisUse<T>;
  /** Whether it checks something, rather than does something. */
  readonly isCheck?: true;
  /** Whether it takes as long as its `durationMs`. */
  readonly isTimed?: true;
  /** Whether it is a fault: it begins and ends, and has an ID. */
  readonly isFault?: true;
  /** Whether what it is on is chosen by its ID, so that it is known beforehand. */
  readonly isPredictable?: true;
  /** Whether it is carried out by the proxies on links. */
  readonly isOfLinks?: true;
  /** Whether it is of a hub that the workbench runs. */
  readonly isOfHub?: true;
  /** Whether its links fall silent, so that neighbours notice by that alone. */
  readonly isSilencing?: true;
  /** Whether the herd can't come to rest as long as it lasts. */
  readonly isDisturbing?: true;
  /** Which faults it may bring about, beside itself. */
  readonly brings?: (fields: YamlValue) => readonly string[];
}

/** A step of a kind, as plans have it. */
export type StepOf<K> = K extends StepKind<infer T, infer _> ? T : never;

/** A command of a kind, as the prompt has read it. */
export type CommandOf<K> = K extends StepKind<infer _, infer C> ? C : never;

/** What plans call fields that files call otherwise. */
export type Names = Readonly<Record<string, string>>;

/**
 * Fields under the names that plans give them.
 * @internal
 */
export type Renamed<O, N extends Names> = {
  readonly [F in keyof O as F extends keyof N ? N[F] : F]: Kept<O[F]>;
};

type Kept<V> = V extends (infer I)[] ? readonly I[] : V;

/**
 * The fields of a step, read as its plan and written again.
 *
 * @param kind What the plan's step is.
 * @param shape The fields, as they are written.
 * @param names What plans call those that they call otherwise.
 * @internal
 */
export function planCodec<
  const K extends string,
  O extends z.ZodObject,
  const N extends Names,
>(kind: K, shape: O, names: N): PlanCodec<K, O, N> {
  type Plan = { readonly kind: K } & Renamed<z.output<O>, N>;
  const called = (field: string) => names[field] ?? field;
  return z.codec(shape, z.custom<Plan>(), {
    decode: (fields) =>
      ({
        kind,
        ...Object.fromEntries(
          Object.entries(fields).map(([field, it]) => [called(field), it]),
        ),
      }) as Plan,
    encode: (plan) =>
      Object.fromEntries(
        Object.keys(shape.shape).map((field) =>
          [field, (plan as Record<string, unknown>)[called(field)]] as const
        ).filter(([, value]) => value !== undefined),
      ) as never,
  }) as never;
}

/**
 * What reads and writes a step's fields.
 * @internal
 */
export type PlanCodec<K, O extends z.ZodObject, N extends Names> = z.ZodCodec<
  O,
  z.ZodType<{ readonly kind: K } & Renamed<z.output<O>, N>>
>;

/**
 * What steps that bring a fault about have in common.
 * @internal
 */
export type FaultFields = Renamed<
  z.output<z.ZodObject<typeof COMMON_FIELDS>>,
  { readonly duration: "durationMs" }
>;

/** How many of its targets a fault is for, and how long it lasts, in words. */
export function lasting(
  { mode = "all", durationMs }: {
    readonly mode?: Mode;
    readonly durationMs?: number;
  },
): string {
  const some = typeof mode === "string"
    ? mode === "one" ? ", one of them" : ""
    : "fixed" in mode
    ? `, ${mode.fixed} of them`
    : `, ${mode.percent}% of them`;
  const time = durationMs === undefined
    ? ""
    : ` for ${formatDuration(durationMs)}`;
  return some + time;
}

/** What plans call the fields of clients that go on for a while. */
export const RUNNING = {
  rate: "ratePerSecond",
  for: "durationMs",
  background: "isBackground",
  may: "mayFail",
} as const;

/** Whether the next steps do not wait for a step's end, in words. */
export function behind(
  { isBackground = false }: { readonly isBackground?: boolean },
): string {
  return isBackground ? ", in the background" : "";
}

/** How long clients send, how many there are, and to whom, in words. */
export function byClients(
  step: {
    readonly durationMs: number;
    readonly clients: number;
    readonly to: ServerList;
  },
  each = "",
): string {
  return `for ${formatDuration(step.durationMs)} by ` +
    `${count(step.clients, "client")}${each} to ${names(step.to)}`;
}

/** Servers or links that are named. */
export function names(list: ServerList): string {
  return list.join(", ");
}

/** The word that stands for all servers. */
export const ALL: readonly string[] = ["all"];

/** Where a step names its targets that are servers: alone, or among others. */
export const SERVER_TARGETS: readonly ServerField[] = [
  { path: [], words: ALL },
  { path: ["targets"], words: ALL },
];

/**
 * What steps in which clients go on for a while have in common.
 * @internal
 */
export const BY_CLIENTS = {
  servers: [{ path: ["to"], words: ALL }],
  isTimed: true,
  isDisturbing: true,
} as const;

/** Where a step names its targets that are links. */
export const LINK_TARGETS: readonly ServerField[] = [
  { path: [], links: true },
  { path: ["targets"], links: true },
];
