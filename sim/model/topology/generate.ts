/**
 * Generated topologies: `line:7`, `ring:8`, `random:50:3`.
 *
 * Their servers are `s0`, `s1`, …, on free ports.
 *
 * @module
 */
import { Random } from "../random.ts";
import type { Topology } from "./topology.ts";

type Edge = [number, number];

interface Kind {
  /** Its syntax. */
  readonly form: string;
  /** The number after the size: its name, minimum and default. */
  readonly option?: { name: string; min: number; default: number };
  edges(size: number, option: number, random: Random): Edge[];
}

/** More servers than one process can hold; guards against typing errors. */
const SIZE_MAX = 1_000;

/** Tries for a random graph; nearly all succeed at once. */
const TRIES_MAX = 1_000;

const KINDS: Record<string, Kind> = {
  line: { form: "line:7", edges: (size) => chain(size) },
  ring: {
    form: "ring:8",
    edges: (size) => size < 3 ? chain(size) : [...chain(size), [0, size - 1]],
  },
  star: {
    form: "star:6",
    edges: (size) => from(1, size, (i) => [0, i]),
  },
  tree: {
    form: "tree:25, tree:25:2 (arity, else 4)",
    option: { name: "arity", min: 1, default: 4 },
    edges: (size, arity) =>
      from(1, size, (i) => [Math.floor((i - 1) / arity), i]),
  },
  grid: { form: "grid:25 (rows of ⌈√n⌉, the last may be short)", edges: grid },
  full: {
    form: "full:6",
    edges: (size) =>
      from(0, size, (i) => i).flatMap((i) =>
        from(i + 1, size, (j): Edge => [i, j])
      ),
  },
  hubs: {
    form: "hubs:25, hubs:25:5 (hubs, else 3)",
    option: { name: "number of hubs", min: 1, default: 3 },
    edges: (size, hubs, random) => [
      ...KINDS["full"]!.edges(Math.min(size, hubs), 0, random),
      ...from(hubs, size, (i): Edge => [i % hubs, i]),
    ],
  },
  random: {
    form: "random:50:3 (degree, else 3)",
    option: { name: "degree", min: 2, default: 3 },
    edges: randomEdges,
  },
};

/** The syntax of each kind, for help texts and errors. */
export const GENERATED_FORMS: readonly string[] = Object.values(KINDS).map(
  ({ form }) => form,
);

/** Whether the topology that `spec` describes depends on the seed. */
export function isDrawnTopology(spec: string): boolean {
  return spec.startsWith("random:");
}

/**
 * The topology that `spec` describes, or `undefined` if `spec` is none of the
 * generated kinds (a year or a file, then).
 *
 * - `line`, `ring`, `star` (s0 in the middle), `full`.
 * - `tree`: s0 on top, each server with up to 4 below it, or as many as told.
 * - `grid`: rows of ⌈√n⌉ servers, each linked to the right and downwards; if n
 *   fills no rectangle, the last row is short.
 * - `hubs`: s0 to s2, or as many as told, are linked to each other, and each other
 *   server to one of them, in turn: three links from any server to any other.
 * - `random`: connected, and each server has that many links (one server has
 *   one less if the count would be odd; a herd too small for the degree is
 *   `full`). The same seed gives the same graph.
 *
 * @param seed For `random`.
 * @throws {RangeError} If the numbers make no herd.
 *
 * @example
 * ```ts
 * import { generateTopology } from "./generate.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(generateTopology("line:3")?.links, [["s0", "s1"], ["s1", "s2"]]);
 * assertEquals(generateTopology("2014"), undefined);
 * ```
 */
export function generateTopology(spec: string, seed = 0): Topology | undefined {
  const [word = "", sizeText, optionText, ...more] = spec.split(":");
  const kind = Object.hasOwn(KINDS, word) ? KINDS[word] : undefined;
  if (kind === undefined || sizeText === undefined) return undefined;
  const { option } = kind;
  if (more.length > 0 || (optionText !== undefined && option === undefined)) {
    throw new RangeError(
      `Cannot make the herd ${spec}: it is written ${kind.form}`,
    );
  }
  const size = wholeNumber(spec, "size", sizeText, 1);
  const value = option === undefined || optionText === undefined
    ? option?.default ?? 0
    : wholeNumber(spec, option.name, optionText, option.min);
  const edges = kind.edges(size, value, new Random(seed, spec));
  return {
    name: spec,
    servers: from(0, size, (i) => ({ name: `s${i}`, port: 0 })),
    links: edges.map(([a, b]) => [`s${a}`, `s${b}`]),
  };
}

function wholeNumber(
  spec: string,
  what: string,
  text: string,
  min: number,
): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= SIZE_MAX) return value;
  throw new RangeError(
    `Cannot make the herd ${spec}: its ${what} must be a whole number from ${min} to ${SIZE_MAX}`,
  );
}

function from<T>(start: number, end: number, make: (i: number) => T): T[] {
  return Array.from(
    { length: Math.max(0, end - start) },
    (_, i) => make(start + i),
  );
}

function chain(size: number): Edge[] {
  return from(1, size, (i) => [i - 1, i]);
}

function grid(size: number): Edge[] {
  const columns = Math.ceil(Math.sqrt(size));
  return from(0, size, (i): Edge[] => [
    ...((i + 1) % columns !== 0 && i + 1 < size ? [[i, i + 1] as Edge] : []),
    ...(i + columns < size ? [[i, i + columns] as Edge] : []),
  ]).flat();
}

/**
 * A connected random graph: a random ring, which connects it, then links
 * between random servers that need more; restarted if the last of those are
 * linked already.
 */
function randomEdges(size: number, degree: number, random: Random): Edge[] {
  const full = KINDS["full"]!.edges(size, 0, random);
  if (size <= degree + 1) return full;
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const edges = fill(size, degree, random);
    if (edges !== undefined) return edges;
  }
  throw new RangeError(
    `Cannot make a random herd of ${size} servers with ${degree} links each`,
  );
}

function fill(
  size: number,
  degree: number,
  random: Random,
): Edge[] | undefined {
  const order = random.shuffle(from(0, size, (i) => i));
  const linked = from(0, size, () => new Set<number>());
  const link = (a: number, b: number) => {
    linked[a]!.add(b);
    linked[b]!.add(a);
  };
  order.forEach((a, i) => link(a, order[(i + 1) % size]!));
  const ends = order.flatMap((a) => from(2, degree, () => a));
  const lacking = random.shuffle(ends);
  while (lacking.length > 1) {
    const a = lacking.pop()!;
    const at = lacking.findLastIndex((b) => b !== a && !linked[a]!.has(b));
    if (at < 0) return undefined;
    link(a, lacking.splice(at, 1)[0]!);
  }
  return linked.flatMap((others, a) =>
    [...others].filter((b) => a < b).toSorted((b, c) => b - c)
      .map((b): Edge => [a, b])
  );
}
