/**
 * What one update costs in a healthy, quiet herd, counted by the servers.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { type AtReply, Herd } from "../../../../mod.ts";
import { ANY_WORLD } from "../any_world.ts";

const TOPOLOGIES = [
  "2012",
  "2014",
  "2016",
  "2018",
  "2020",
  "2021",
  "2022",
  "2023",
  "ring:6",
  "grid:9",
  "tree:7",
];

/** Servers N and links E of a herd. */
function sizeOf({ topology }: Herd): { servers: number; links: number } {
  return { servers: topology.servers.length, links: topology.links.length };
}

async function atLinesSent(herd: Herd): Promise<number> {
  const stats = await Promise.all(herd.names.map((name) => herd.stats(name)));
  return stats.reduce((sum, { atOut }) => sum + atOut, 0);
}

/** Has each server hear an update in turn; gives what each of them cost. */
async function costs(herd: Herd): Promise<number[]> {
  const costs: number[] = [];
  for (const [index, name] of herd.names.entries()) {
    await using client = await herd.client(name);
    const before = await atLinesSent(herd);
    const at: AtReply = await client.iamat("kiwi", "+34.07-118.44", `${index}`);
    await herd.propagated(at, { on: "all", withinMs: 10_000 });
    // Queues that are empty everywhere, with the same held everywhere: whoever
    // has still to read a line will find nothing new in it.
    await herd.converged({ withinMs: 10_000 });
    costs.push(await atLinesSent(herd) - before);
  }
  return costs;
}

const WORLDS = [
  ["grid:9", { world: "threads" }] as const,
  ...TOPOLOGIES.map((topology) => [topology, ANY_WORLD] as const),
];

for (const [topology, world] of WORLDS) {
  Deno.test(`Herd sends an update over ${topology} at least E, at most 2E-(N-1) times, in ${world.world}`, async () => {
    await using herd = await Herd.start(topology, { ...world, places: "none" });
    const { servers, links } = sizeOf(herd);
    for (const cost of await costs(herd)) {
      assert(
        cost >= links && cost <= 2 * links - (servers - 1),
        `${cost} AT lines, with E = ${links} and N = ${servers}`,
      );
      if (links === servers - 1) assertEquals(cost, servers - 1);
    }
  });

  Deno.test(`Herd without echo cancellation sends an update over ${topology} 2E-(N-1) times, in ${world.world}`, async () => {
    const options = {
      ...world,
      places: "none",
      echoCancellation: false,
    } as const;
    await using herd = await Herd.start(topology, options);
    const { servers, links } = sizeOf(herd);
    for (const cost of await costs(herd)) {
      assertEquals(cost, 2 * links - (servers - 1));
    }
  });
}
