/**
 * The description of a kind of step: everything about it, in one place.
 *
 * @module
 */
import * as z from "zod";
import { count } from "../count.ts";
import { formatDuration } from "../duration.ts";
import { given } from "../given.ts";
import type { Random } from "../random.ts";
import type { ServerList, Topology } from "../topology/topology.ts";
import type { Path, YamlValue } from "../yaml.ts";
import type { COMMON_FIELDS } from "./fields.ts";

export interface ServerField {
  /** The path to it, from the value of the step's name. */
  readonly path: Path;
  /** Whether it takes exactly one server. */
  readonly one?: true;
  /** Words that stand for several servers. */
  readonly words?: readonly string[];
  /** Whether it may name links too. */
  readonly links?: true;
  /** Whether it may name faults too. */
  readonly faults?: true;
}

export interface CommandHelp {
  readonly usage: string;
  /** What it does, in a line. */
  readonly does: string;
  /** Further help, line by line. */
  readonly more?: readonly string[];
  /** Examples that can be typed. */
  readonly examples?: readonly string[];
  /** What its first word may be: the name of one, or one of these words. */
  readonly first?: "servers" | "links" | readonly string[];
}

export interface CommandKind<C> extends CommandHelp {
  /** Parses its words; `undefined` if they don't fit. */
  readonly read: (words: readonly string[]) => C | undefined;
}

/** How a nemesis uses a fault. */
export interface NemesisUse<T> {
  /**
   * Its targets: a server that is up, and then is not; any server; a link; or
   * what the fault itself chooses.
   */
  readonly on: "up" | "servers" | "links";
  /** Whether a nemesis uses it only if asked to. */
  readonly isHarsh?: true;
  /** The action on final targets. */
  readonly action: (
    targets: ServerList,
    durationMs: number,
    topology: Topology,
    random: Random,
  ) => T;
}

/** Fields of every step in a plan. */
export interface NamedStep {
  readonly kind: string;
}

/** Any step of a plan, with fields known to its kind. */
export type AnyStep =
  | NamedStep
  | { readonly kind: string; readonly [field: string]: unknown };

/**
 * What a fault does while it is active. To the traffic of links: nothing passes,
 * it comes later, or other things come than were sent. To servers: they end or
 * stand still, which their state tells.
 */
export type Harm = "cuts" | "slows" | "alters" | "stops";

export interface StepKind<T extends AnyStep, C = never> {
  /** Its name in a file, and the `kind` of its steps. */
  readonly name: string;
  /** The `kind`s of its steps in a plan, if they differ from its name. */
  readonly kinds?: readonly string[];
  /** What it does, as shown by editors. */
  readonly does: string;
  /** Reads and writes its value. */
  readonly schema: z.ZodType<T>;
  readonly servers?: readonly ServerField[];
  /** A step in one line for people. */
  readonly describe: (step: T) => string;
  /** The value of a step with final choices, as written in a file. */
  readonly write?: (step: T) => unknown;
  /** Its command at the prompt. */
  readonly command?: CommandKind<C>;
  /** How a nemesis uses it; absent if none does. */
  readonly nemesis?: NemesisUse<T>;
  /** Whether it checks something, rather than does something. */
  readonly isCheck?: true;
  /** Whether it takes as long as its `durationMs`. */
  readonly isTimed?: true;
  /** Whether it is a fault: it begins and ends, and has an ID. */
  readonly isFault?: true;
  /**
   * Whether its targets depend only on its ID, so that they are known
   * beforehand.
   */
  readonly isPredictable?: true;
  /** Whether proxies on links carry it out. */
  readonly isOfLinks?: true;
  /** What it does to links or servers while it is active, in a word. */
  readonly harm?: Harm;
  /** Whether it is about a hub that the workbench runs. */
  readonly isOfHub?: true;
  /** Whether neighbours can notice it only because nothing arrives. */
  readonly isSilencing?: true;
  /** Whether the herd can't settle while it is active. */
  readonly isDisturbing?: true;
  /** Which other faults it may cause. */
  readonly brings?: (fields: YamlValue) => readonly string[];
}

/** The step of a kind, in plans. */
export type StepOf<K> = K extends StepKind<infer T, infer _> ? T : never;

/** The command of a kind, as parsed. */
export type CommandOf<K> = K extends StepKind<infer _, infer C> ? C : never;

/** Names in plans of fields that have other names in files. */
export type Names = Readonly<Record<string, string>>;

/** Fields under the names that plans give them. */
export type Renamed<O, N extends Names> = {
  readonly [F in keyof O as F extends keyof N ? N[F] : F]: Kept<O[F]>;
};

type Kept<V> = V extends (infer I)[] ? readonly I[] : V;

/**
 * The fields of a step, read as its plan and written again.
 *
 * @param kind What the plan's step is.
 * @param object The fields, as they are written.
 * @param names What plans call those that they call otherwise.
 */
export function planCodec<
  const K extends string,
  O extends z.ZodObject,
  const N extends Names,
>(kind: K, object: O, names: N): PlanCodec<K, O, N> {
  return renamedCodec(object, names, { kind }) as never;
}

/** Fields read under other names, beside `more`, and written again. */
export function renamedCodec<T extends object>(
  object: z.ZodObject,
  names: Names,
  more: object = {},
): z.ZodType<T> {
  const called = (field: string) => names[field] ?? field;
  return z.codec(object, z.custom<T>(), {
    decode: (fields) =>
      ({
        ...more,
        ...Object.fromEntries(
          Object.entries(fields).map(([field, it]) => [called(field), it]),
        ),
      }) as T,
    encode: (plan) =>
      given(Object.fromEntries(
        Object.keys(object.shape).map((field) =>
          [field, plan[called(field) as keyof T]] as const
        ),
      )),
  });
}

/** What reads and writes a step's fields. */
export type PlanCodec<K, O extends z.ZodObject, N extends Names> = z.ZodCodec<
  O,
  z.ZodType<Plan<K, O, N>>
>;

type Plan<K, O extends z.ZodObject, N extends Names> =
  & { readonly kind: K }
  & Renamed<z.output<O>, N>;

/** A kind of step whose value is its fields. */
type Planned<T extends AnyStep, C, K, O, N> =
  & Omit<StepKind<T, C>, "name" | "kinds" | "schema" | "write">
  & {
    /** What the plan's step is. */
    readonly kind: K;
    /** Its name in a file, if that is another. */
    readonly name?: string;
    /** Its fields, as they are written. */
    readonly object: O;
    /** What plans call those that they call otherwise. */
    readonly names?: N;
    /** The field that may stand alone, for all of them. */
    readonly alone?: Readonly<Record<string, z.ZodType>>;
  };

/**
 * A kind of step that is read as its plan and written again; by `T`, where the
 * types of its fields are too much for the compiler.
 */
export function planned<
  const K extends string,
  O extends z.ZodObject,
  const N extends Names = Record<never, string>,
  C extends { readonly kind: K } = never,
>(
  kind: Planned<Plan<K, O, N>, C, K, O, N>,
): StepKind<Plan<K, O, N>, C>;
export function planned<T extends AnyStep, C>(
  kind: Planned<T, C, string, z.ZodObject, Names>,
): StepKind<T, C>;
export function planned<T extends AnyStep, C>(
  { kind, name = kind, object, names = {}, alone = {}, ...about }: Planned<
    T,
    C,
    string,
    z.ZodObject,
    Names
  >,
): StepKind<T, C> {
  const codec = planCodec(kind, object, names) as unknown as z.ZodType<T>;
  const ofOneField = Object.entries(alone).map(([field, one]) =>
    one.transform((it) => ({ [field]: it })).pipe(codec as never)
  );
  return {
    ...about,
    name,
    kinds: [kind],
    schema: ofOneField.length > 0 ? z.union([...ofOneField, codec]) : codec,
    write: (step) => z.encode(codec, step),
  };
}

/** What steps that bring a fault about have in common. */
export type FaultFields = Renamed<
  z.output<z.ZodObject<typeof COMMON_FIELDS>>,
  { readonly duration: "durationMs" }
>;

/** How many of its targets a fault affects, and for how long, in words. */
export function lasting(
  { mode = "all", durationMs }: Pick<FaultFields, "mode" | "durationMs">,
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

/**
 * The plan's names of these fields, for steps with clients that go on for a
 * while.
 */
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

/** A list of servers or links in words. */
export function names(list: ServerList): string {
  return list.join(", ");
}

/** The word that stands for all servers. */
export const ALL: readonly string[] = ["all"];

/** Where a step names targets that are servers. */
export const SERVER_TARGETS: readonly ServerField[] = [
  { path: [], words: ALL },
  { path: ["targets"], words: ALL },
];

/** What steps in which clients go on for a while have in common. */
export const BY_CLIENTS = {
  servers: [{ path: ["to"], words: ALL }],
  isTimed: true,
  isDisturbing: true,
} as const;

/** Where a step names targets that are links. */
export const LINK_TARGETS: readonly ServerField[] = [
  { path: [], links: true },
  { path: ["targets"], links: true },
];
