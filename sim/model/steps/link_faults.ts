/**
 * The list of all faults of links.
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

/** A fault that is active on a link until it ends. */
export type LinkFault = FaultOf<typeof LINK_FAULTS[number]>;

/** A kind of fault of links, whichever it is. */
// deno-lint-ignore no-explicit-any
export type AnyLinkFault = LinkFaultKind<string, any, any>;

/** A fault's kind, and its settings; {@linkcode linkFaultOf} knows them. */
export interface FaultSettings {
  readonly kind: string;
  readonly [setting: string]: string | number;
}

const BY_KIND: ReadonlyMap<string, AnyLinkFault> = new Map(
  LINK_FAULTS.map((it) => [it.kind, it]),
);

/**
 * The description of a fault.
 *
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
 * A fault's settings in words: `100ms ±20ms uniform`. Settings of faults of
 * other kinds are shown by name.
 */
export function settingsWords(
  kind: string,
  settings: Readonly<Record<string, string | number>> = {},
): string {
  const words = BY_KIND.get(kind)?.words(settings) ??
    Object.entries(settings).map(([key, it]) => `${key} ${it}`).join(", ");
  return words.replace(/^of /, "");
}
