/**
 * Random herds, and what may happen to them.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { DisseminationMode } from "../../../herd/core/dissemination/dissemination.ts";
import {
  type Edge,
  type HerdSetup,
  PureHerd,
} from "../../../sim/model/pure_herd.ts";

/** A connected graph: a random tree, and more links. */
export const graphs: fc.Arbitrary<Edge[]> = fc.integer({ min: 2, max: 7 })
  .chain((count) =>
    fc.tuple(
      fc.tuple(
        ...Array.from({ length: count - 1 }, (_, i) => fc.nat({ max: i })),
      ),
      fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), {
        maxLength: 8,
      }),
    ).map(([parents, more]) => {
      const edges = new Map<string, Edge>();
      const tree = parents.map((
        parent,
        i,
      ): [number, number] => [parent, i + 1]);
      for (const [a, b] of [...tree, ...more]) {
        const [first, last] = [Math.min(a, b), Math.max(a, b)];
        if (a !== b) edges.set(`${first}-${last}`, [`s${first}`, `s${last}`]);
      }
      return [...edges.values()];
    })
  );

/** Moves bytes here and there, as the numbers say. */
export function stir(herd: PureHerd, moves: readonly number[]): void {
  const ways = herd.directions();
  for (const move of moves) {
    const [from, to] = ways[move % ways.length]!;
    const how = Math.floor(move / ways.length);
    if (how % 2 === 0) herd.pull(from, to, how % 50);
    else herd.deliver(from, to, 1 + how % 90);
  }
}

export const moves = fc.array(fc.nat(), { maxLength: 60 });

/** What may happen to a herd. */
const happenings = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("iamat" as const),
      server: fc.nat(),
      client: fc.constantFrom("kiwi", "fig", "__proto__"),
      time: fc.constantFrom("1", "1.0", "1.0000000001", "2", "-1", "3"),
      now: fc.nat({ max: 3 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("stir" as const), moves }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("up" as const), way: fc.nat() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("down" as const), way: fc.nat() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("tick" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("heartbeat" as const) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("crash" as const),
      server: fc.nat(),
    }),
  },
);
export type Happening = typeof happenings extends fc.Arbitrary<infer T> ? T
  : never;

/** One of those things happens. */
export function happen(herd: PureHerd, event: Happening): void {
  const { names } = herd;
  const ways = herd.directions();
  switch (event.kind) {
    case "iamat":
      herd.now = { seconds: event.now, nanos: 0 };
      return herd.client(
        "c",
        names[event.server % names.length]!,
        `IAMAT ${event.client} +0-0 ${event.time}`,
      );
    case "stir":
      return stir(herd, event.moves);
    case "tick":
      return void herd.tick();
    case "heartbeat":
      return herd.heartbeat(1);
    case "up":
      return herd.up(...ways[event.way % ways.length]!);
    case "down":
      return herd.down(...ways[event.way % ways.length]!);
    case "crash":
      return herd.crash(names[event.server % names.length]!);
  }
}

/** Runs a herd through all, heals it, and gives what was acknowledged. */
export function drill(
  edges: Edge[],
  events: Happening[],
  setup: HerdSetup,
) {
  const acknowledged: string[] = [];
  const herd = new PureHerd(edges, {
    reply: (_server, _connection, text) => acknowledged.push(text.trimEnd()),
  }, setup);
  for (const event of events) happen(herd, event);
  herd.upAll();
  herd.settle();
  const [first, ...others] = herd.names;
  for (const name of others) {
    assertEquals(herd.records(name), herd.records(first!));
    assertEquals(herd.node(name).digest(), herd.node(first!).digest());
  }
  for (const name of herd.names) assertEquals(herd.node(name).queued, 0);
  return { acknowledged, records: herd.records(first!) };
}

export const dramas = fc.array(happenings, { maxLength: 40 });

/** Herds in which all ends up everywhere: all of one mode, or mixed. */
export const setups: fc.Arbitrary<HerdSetup> = fc.record({
  echoCancellation: fc.boolean(),
  modes: fc.constantFrom<readonly DisseminationMode[]>(
    ["flood"],
    ["tree"],
    ["tree"],
    ["flood", "tree"],
  ),
}).map(({ echoCancellation, modes }) => ({
  echoCancellation,
  modeOf: (name) => modes[Number(name.slice(1)) % modes.length]!,
}));
