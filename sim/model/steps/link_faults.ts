/**
 * The kinds of faults of links: the list from which all else knows them.
 *
 * @module
 */
import { bandwidth } from "./bandwidth.ts";
import { corrupt } from "./corrupt.ts";
import { cut } from "./cut.ts";
import { duplicate } from "./duplicate.ts";
import { halfOpen } from "./half_open.ts";
import { latency } from "./latency.ts";
import { limitData } from "./limit_data.ts";
import type { FaultOf, LinkFaultKind } from "./link_fault.ts";
import { loss } from "./loss.ts";
import { reorder } from "./reorder.ts";
import { slicer } from "./slicer.ts";
import { slowClose } from "./slow_close.ts";
import { timeout } from "./timeout.ts";

/**
 * The kinds, each from a file of its own.
 * @internal
 */
export const LINK_FAULTS = [
  cut,
  latency,
  bandwidth,
  slicer,
  limitData,
  slowClose,
  timeout,
  loss,
  duplicate,
  reorder,
  corrupt,
  halfOpen,
] as const;

/** A fault that stands on a link until it is taken back. */
export type LinkFault = FaultOf<typeof LINK_FAULTS[number]>;

/** A kind of fault of links, whichever it is. */
// deno-lint-ignore no-explicit-any
export type AnyLinkFault = LinkFaultKind<string, any, any>;

/** A fault by its kind, and its settings; {@linkcode linkFaultOf} knows them. */
export interface FaultSettings {
  readonly kind: string;
  readonly [setting: string]: string | number;
}

const BY_KIND: ReadonlyMap<string, AnyLinkFault> = new Map(
  LINK_FAULTS.map((it) => [it.kind, it]),
);

/**
 * What there is to know of a fault.
 * @throws {RangeError} If there is no such kind.
 */
export function linkFaultOf(
  { kind }: Pick<FaultSettings, "kind">,
): AnyLinkFault {
  const known = BY_KIND.get(kind);
  if (known !== undefined) return known;
  throw new RangeError(`Cannot begin ${kind}: no fault of links is called so`);
}

/**
 * How a fault is set, in words: `100ms ±20ms uniform`. Settings of other faults
 * than those of links are told by their names.
 */
export function settingsWords(
  kind: string,
  settings: Readonly<Record<string, string | number>> = {},
): string {
  const words = BY_KIND.get(kind)?.words(settings) ??
    Object.entries(settings).map(([key, it]) => `${key} ${it}`).join(", ");
  return words.replace(/^of /, "");
}
