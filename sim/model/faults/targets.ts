/**
 * Targets of faults: servers, links, or one direction of a link.
 *
 * @module
 */
import { checkedNumber, COUNT_MAX } from "../numbers.ts";
import type { Random } from "../random.ts";
import { nearHint } from "../suggest.ts";
import {
  neighboursOf,
  type Topology,
  type TopologyLink,
} from "../topology/topology.ts";

/** A link, or one direction of it. */
export interface LinkTarget {
  /** `Alford-Parker`, or one direction of it, `Alford>Parker`. */
  readonly name: string;
  readonly link: TopologyLink;
  /** `Alford>Parker`, `Parker>Alford`, or one of them. */
  readonly directions: readonly string[];
}

/** How many of the targets a fault affects: all of them, or a random choice. */
export type Mode =
  | "one"
  | "all"
  | { readonly fixed: number }
  | { readonly percent: number };

export function linkTarget(link: TopologyLink): LinkTarget {
  const [a, b] = link;
  const directions = [`${a}>${b}`, `${b}>${a}`];
  return { name: `${a}-${b}`, link, directions };
}

/** All names of a link, and of its ways: what targets may call it. */
export function namesOf(link: TopologyLink): string[] {
  const [a, b] = link;
  return [`${a}-${b}`, `${b}-${a}`, `${a}>${b}`, `${b}>${a}`];
}

/**
 * The link, or the direction, that a text names; `undefined` if there is none.
 *
 * @example
 * ```ts
 * import { parseLink } from "./targets.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const servers = [{ name: "Ash", port: 0 }, { name: "Elm", port: 0 }];
 * const pair = { name: "pair", servers, links: [["Ash", "Elm"] as const] };
 * assertEquals(parseLink("Elm-Ash", pair)?.name, "Ash-Elm");
 * assertEquals(parseLink("Elm>Ash", pair)?.directions, ["Elm>Ash"]);
 * ```
 */
export function parseLink(
  text: string,
  topology: Topology,
): LinkTarget | undefined {
  const link = topology.links.find((link) => namesOf(link).includes(text));
  if (link === undefined) return undefined;
  const both = linkTarget(link);
  return text.includes(">")
    ? { ...both, name: text, directions: [text] }
    : both;
}

export function linkTargetNames(topology: Topology): string[] {
  return [
    "all",
    ...topology.servers.map(({ name }) => name),
    ...topology.links.flatMap(namesOf),
  ];
}

/**
 * The links that texts name, without repetition: a link, one direction of it,
 * all links of a server, or `all`.
 *
 * @throws {RangeError} If a text names none, with a suggestion.
 */
export function linkTargets(
  texts: readonly string[],
  topology: Topology,
): LinkTarget[] {
  const found = texts.flatMap((text) => targetsOf(text, topology));
  return [...new Map(found.map((it) => [it.name, it])).values()];
}

function targetsOf(text: string, topology: Topology): LinkTarget[] {
  if (text === "all") return topology.links.map(linkTarget);
  if (topology.servers.some(({ name }) => name === text)) {
    return topology.links.filter((link) => link.includes(text)).map(linkTarget);
  }
  const one = parseLink(text, topology);
  if (one !== undefined) return [one];
  const { message, hint } = unknownTarget(text, topology);
  throw new RangeError(hint === undefined ? message : `${message}, ${hint}`);
}

/**
 * The error for a text that names neither a link nor a server, with a
 * suggestion.
 *
 * @param more Other valid names.
 */
export function unknownTarget(
  text: string,
  topology: Topology,
  more: readonly string[] = [],
): { message: string; hint?: string } {
  const [from = "", to = ""] = text.split(/[->]/);
  const names = topology.servers.map(({ name }) => name);
  if (names.includes(from) && names.includes(to)) {
    const near = neighboursOf(topology, from).join(", ") || "no server";
    const hint = `${from} is linked to ${near}`;
    return { message: `no link ${text}`, hint };
  }
  return {
    message: `no link or server ${text}`,
    ...nearHint(text, [...linkTargetNames(topology), ...more]),
  };
}

/**
 * A random choice of targets by a mode, in their order.
 *
 * A share above 0 of something is at least one; a share of 0 is none.
 *
 * @throws {RangeError} If the mode's number or share is invalid.
 * @throws {Error} If there are fewer targets than the mode needs.
 */
export function chosen<T>(
  targets: readonly T[],
  mode: Mode,
  random: Random,
): T[] {
  if (mode === "all") return [...targets];
  if (mode !== "one") {
    if ("percent" in mode) checkedNumber(mode.percent, "percent", { max: 100 });
    else checkedNumber(mode.fixed, "fixed", { max: COUNT_MAX, isWhole: true });
  }
  if (targets.length === 0 && (mode === "one" || "percent" in mode)) return [];
  const count = mode === "one"
    ? 1
    : "fixed" in mode
    ? mode.fixed
    : mode.percent <= 0
    ? 0
    : Math.max(1, Math.round(targets.length * mode.percent / 100));
  if (count > targets.length) {
    throw new Error(
      `Cannot choose ${count} targets: there are ${targets.length}`,
    );
  }
  const lucky = new Set(random.shuffle(targets).slice(0, count));
  return targets.filter((target) => lucky.has(target));
}
