/**
 * The list of all faults of servers and links, which a nemesis and everything
 * else uses.
 *
 * @module
 */
import { given } from "../given.ts";
import { clockSkew } from "./clock_skew.ts";
import { DISK_FAULTS } from "./disk_faults.ts";
import type { AnyStep, Harm, NemesisUse, StepKind, StepOf } from "./kind.ts";
import { LINK_FAULTS } from "./link_faults.ts";
import { linkStep } from "./link_step.ts";
import { partition } from "./partition.ts";
import { reset } from "./reset.ts";
import { type FaultStep, SERVER_FAULTS } from "./server_faults.ts";

/** The kinds: of servers' processes, of their clocks, of links. */
export const FAULTS = [
  ...SERVER_FAULTS,
  clockSkew,
  ...DISK_FAULTS,
  partition,
  reset,
  ...LINK_FAULTS.map(linkStep),
];

/** A fault with its final targets. */
export type FaultAction = StepOf<typeof FAULTS[number]>;

// deno-lint-ignore no-explicit-any
type AnyKind = StepKind<any>;

const BY_NAME: ReadonlyMap<string, AnyKind> = new Map(
  FAULTS.map((it) => [it.name, it as AnyKind]),
);

/** Whether a name is that of a fault, which begins and ends. */
export function isFaultKind(name: string): boolean {
  return BY_NAME.get(name)?.isFault === true;
}

/** Faults of servers that end or freeze them. */
export const SERVER_FAULT_KINDS: readonly string[] = SERVER_FAULTS
  .filter(({ isFault }) => isFault).map(({ name }) => name);

/** Faults of links that neighbours can notice only because nothing arrives. */
export const SILENCING_FAULTS: readonly string[] = FAULTS
  .filter(({ isSilencing }) => isSilencing).map(({ name }) => name);

/** What each fault does to links or servers, where a word says it. */
export const HARMS: Readonly<Record<string, Harm>> = given(
  Object.fromEntries(FAULTS.map(({ name, harm }) => [name, harm])),
);

/** The faults that a nemesis may choose from. */
export const NEMESIS_FAULTS: readonly string[] = FAULTS
  .filter(({ nemesis }) => nemesis !== undefined).map(({ name }) => name);

/** The faults that it uses by default. */
export const MILD_FAULTS: readonly string[] = NEMESIS_FAULTS
  .filter((name) => !nemesisUse(name).isHarsh);

export function nemesisUse(name: string): NemesisUse<FaultAction> {
  return BY_NAME.get(name)!.nemesis!;
}

/**
 * The step, as written in a file, that repeats an action.
 *
 * @example
 * ```ts
 * import { writtenAction } from "./faults.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const kill = { kind: "kill", servers: ["Powell"], durationMs: 500 } as const;
 * assertEquals(writtenAction(kill), {
 *   kill: { targets: ["Powell"], duration: "500ms" },
 * });
 * ```
 */
export function writtenAction(
  action: AnyStep,
): Readonly<Record<string, unknown>> {
  const { name, write } = BY_NAME.get(action.kind)!;
  return { [name]: write!(action) };
}

/**
 * Whether a step's targets depend only on its ID, so that they are known
 * beforehand.
 */
export function isPredictable<T extends AnyStep>(
  step: T,
): step is Extract<T, Exclude<FaultAction, FaultStep>> {
  return BY_NAME.get(step.kind)?.isPredictable === true;
}
