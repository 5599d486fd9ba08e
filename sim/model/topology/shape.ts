/**
 * The connectivity of a herd: its components, the servers and links whose loss
 * would partition it, and the additional link that would help most.
 *
 * @module
 */
import { count } from "../count.ts";
import type { TopologyLink } from "./topology.ts";

/** Number of pairs to try when the diameter can be reduced. */
const PAIRS_MAX = 200;

/** The connectivity of a herd, by its servers and links that are up. */
export interface Shape {
  /** Components, largest first. */
  readonly parts: readonly (readonly string[])[];
  /** Servers whose loss partitions it. */
  readonly cutServers: readonly string[];
  /** Links whose loss partitions it, as `Alford-Parker`. */
  readonly cutLinks: readonly string[];
  /** The most links between two servers of one component. */
  readonly diameter: number;
  /** The missing link that would help most; `null`: none would. */
  readonly advice: { readonly link: string; readonly why: string } | null;
}

/** A graph by numbers: the neighbours of each server. */
type Graph = readonly (readonly number[])[];

interface Weak {
  readonly servers: readonly number[];
  readonly links: readonly (readonly [number, number])[];
}

/**
 * The connectivity of a graph.
 *
 * @param servers The servers that are up.
 * @param links The links that are up; those of servers that are down are
 * ignored.
 * @param known Links that exist already, up or not, and are not suggested.
 *
 * @example A chain breaks in its middle
 * ```ts
 * import { shapeOf } from "./shape.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const shape = shapeOf(["a", "b", "c"], [["a", "b"], ["b", "c"]]);
 * assertEquals(shape.cutServers, ["b"]);
 * assertEquals(shape.cutLinks, ["a-b", "b-c"]);
 * assertEquals(shape.advice?.link, "a-c");
 * ```
 */
export function shapeOf(
  servers: readonly string[],
  links: readonly TopologyLink[],
  known: readonly TopologyLink[] = links,
): Shape {
  const numbers = new Map(servers.map((name, at) => [name, at]));
  const pairs = (of: readonly TopologyLink[]) =>
    of.flatMap(([a, b]) => {
      const [from, to] = [numbers.get(a), numbers.get(b)];
      return from === undefined || to === undefined
        ? []
        : [[from, to] as const];
    });
  const graph = graphOf(servers.length, pairs(links));
  const parts = partsOf(graph);
  const weak = weakIn(graph);
  const names = (of: readonly number[]) => of.map((at) => servers[at]!);
  const taken = new Set(
    pairs(known).flatMap(([a, b]) => [`${a} ${b}`, `${b} ${a}`]),
  );
  const nameOf = new Map(
    links.map(([a, b]) => [[a, b].sort().join(" "), `${a}-${b}`]),
  );
  return {
    parts: parts.map(names),
    cutServers: names(weak.servers),
    cutLinks: inOrder(weak.links).map((link) =>
      nameOf.get(names(link).sort().join(" "))!
    ),
    diameter: diameterOf(graph),
    advice: adviceFor({ graph, parts, weak, taken, servers }),
  };
}

function inOrder(links: Weak["links"]): [number, number][] {
  return links.map(([a, b]): [number, number] => a < b ? [a, b] : [b, a])
    .sort(([a, b], [c, d]) => a - c || b - d);
}

function graphOf(
  size: number,
  pairs: readonly (readonly [number, number])[],
): number[][] {
  const graph: number[][] = Array.from({ length: size }, () => []);
  for (const [a, b] of pairs) {
    if (a === b || graph[a]!.includes(b)) continue;
    graph[a]!.push(b);
    graph[b]!.push(a);
  }
  return graph;
}

function partsOf(graph: Graph): number[][] {
  const rest = new Set(graph.keys());
  const parts: number[][] = [];
  for (const first of rest) {
    const part = new Set([first]);
    for (const at of part) {
      rest.delete(at);
      for (const next of graph[at]!) part.add(next);
    }
    parts.push([...part].sort((a, b) => a - b));
  }
  return parts.sort((a, b) => b.length - a.length);
}

/**
 * Servers and links whose loss partitions their component: Tarjan's algorithm.
 */
function weakIn(graph: Graph): Weak {
  const found = new Int32Array(graph.length);
  /** The earliest visited server that can be reached from below otherwise. */
  const low = new Int32Array(graph.length);
  const isWeak = new Uint8Array(graph.length);
  const links: [number, number][] = [];
  let time = 0;
  const visit = (at: number, from: number): void => {
    found[at] = low[at] = ++time;
    let below = 0;
    for (const next of graph[at]!) {
      if (next === from) continue;
      if (found[next]! > 0) {
        low[at] = Math.min(low[at]!, found[next]!);
        continue;
      }
      below++;
      visit(next, at);
      low[at] = Math.min(low[at]!, low[next]!);
      if (low[next]! > found[at]!) links.push([at, next]);
      if (from >= 0 && low[next]! >= found[at]!) isWeak[at] = 1;
    }
    if (from < 0 && below > 1) isWeak[at] = 1;
  };
  for (let at = 0; at < graph.length; at++) if (found[at] === 0) visit(at, -1);
  const servers: number[] = [];
  for (let at = 0; at < graph.length; at++) if (isWeak[at]) servers.push(at);
  return { servers, links };
}

/** Links from a server to every other; -1: not reachable. */
function distancesFrom(graph: Graph, start: number): Int32Array {
  const distances = new Int32Array(graph.length).fill(-1);
  distances[start] = 0;
  const queue = [start];
  for (const at of queue) {
    for (const next of graph[at]!) {
      if (distances[next]! >= 0) continue;
      distances[next] = distances[at]! + 1;
      queue.push(next);
    }
  }
  return distances;
}

function diameterOf(graph: Graph): number {
  let most = 0;
  for (const at of graph.keys()) {
    for (const it of distancesFrom(graph, at)) most = Math.max(most, it);
  }
  return most;
}

interface Asking {
  readonly graph: Graph;
  readonly parts: readonly (readonly number[])[];
  readonly weak: Weak;
  readonly taken: ReadonlySet<string>;
  readonly servers: readonly string[];
}

function adviceFor(asking: Asking): Shape["advice"] {
  const { graph, parts, weak, taken, servers } = asking;
  const isParted = parts.length > 1;
  const isWeak = weak.servers.length + weak.links.length > 0;
  if (!isParted && !isWeak) return shorterWay(asking);
  // A path that ends at a weak server can be extended, which helps no less.
  const ends = (part: readonly number[]) =>
    part.filter((at) => !weak.servers.includes(at));
  const from = ends(parts[0]!);
  const to = isParted ? ends(parts[1]!) : from;
  let best: { pair: [number, number]; weak: Weak } | undefined;
  for (const a of from) {
    for (const b of to) {
      if (!isParted && a >= b || taken.has(`${a} ${b}`)) continue;
      const after = weakIn(withLink(graph, a, b));
      if (best !== undefined && !isBetter(after, best.weak)) continue;
      best = { pair: [Math.min(a, b), Math.max(a, b)], weak: after };
    }
  }
  if (best === undefined || !isParted && !isBetter(best.weak, weak)) {
    return null;
  }
  const link = best.pair.map((at) => servers[at]).join("-");
  if (isParted) {
    const sizes = `${parts[0]!.length} and of ${parts[1]!.length}`;
    return { link, why: `it joins the parts of ${sizes}` };
  }
  return { link, why: `with it ${weakText(best.weak)}` };
}

/** What partitions a herd, in words that follow "with it". */
function weakText({ servers, links }: Weak): string {
  const told = [
    ...servers.length > 0 ? [count(servers.length, "server")] : [],
    ...links.length > 0 ? [count(links.length, "link")] : [],
  ];
  return told.length === 0
    ? "no single loss parts the herd"
    : `the herd falls apart only without one of ${told.join(" or ")}`;
}

function isBetter(one: Weak, other: Weak): boolean {
  return one.servers.length < other.servers.length ||
    one.servers.length === other.servers.length &&
      one.links.length < other.links.length;
}

function withLink(graph: Graph, a: number, b: number): Graph {
  const more = [...graph];
  more[a] = [...graph[a]!, b];
  more[b] = [...graph[b]!, a];
  return more;
}

/**
 * If no loss partitions it, a link between the two farthest servers may help.
 */
function shorterWay({ graph, taken, servers }: Asking): Shape["advice"] {
  const longest = diameterOf(graph);
  if (longest < 2) return null;
  const pairs: [number, number][] = [];
  for (const a of graph.keys()) {
    for (const [b, distance] of distancesFrom(graph, a).entries()) {
      const isWanted = a < b && distance === longest && !taken.has(`${a} ${b}`);
      if (isWanted && pairs.length < PAIRS_MAX) pairs.push([a, b]);
    }
  }
  let best: { pair: [number, number]; diameter: number } | undefined;
  for (const pair of pairs) {
    const diameter = diameterOf(withLink(graph, ...pair));
    if (diameter < (best?.diameter ?? longest)) best = { pair, diameter };
  }
  if (best === undefined) return null;
  const link = best.pair.map((at) => servers[at]).join("-");
  const why = `the longest way has ${count(longest, "link")}; ` +
    `with it, ${best.diameter}`;
  return { link, why };
}
