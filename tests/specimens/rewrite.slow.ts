/**
 * The right specimens in copies in which other ports stand: what they name is a
 * dict, a list, a file, a first port to count from, and the source of what is
 * built at each start.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { bring } from "../../sim/live/herd/bring.ts";
import { Herd } from "../../sim/live/herd/herd.ts";
import { components, neighboursOf } from "../../sim/model/topology/topology.ts";
import { until } from "../sim/live/herd/brought.ts";
import { sampled } from "../sampled.ts";
import { unless } from "../skipped.ts";
import { styleOf, STYLES, whyNot, writeSpecimen } from "./specimens.ts";

/** What is built is to be built in each copy. */
const BUILT_ANEW: Readonly<Record<string, readonly string[]>> = {
  go_map: ["go", "run", "main.go", "--id", "{name}"],
};

for (const name of await sampled(Object.keys(STYLES), "DRILLS_SAMPLE")) {
  const { command, topology } = styleOf(name);
  Deno.test({
    ...unless(
      whyNot(name),
      `${name} by rewrite: an update spreads, not across a cut, and round a dead server`,
    ),
    async fn() {
      const folder = await Deno.makeTempDir();
      try {
        await writeSpecimen(name, folder, (port) => port);
        const warned: string[] = [];
        await using brought = await bring(denoPlatform, {
          command: BUILT_ANEW[name] ?? command,
          folder,
          isolation: "rewrite",
          onWarning: (text) => warned.push(text),
        });
        await using herd = await Herd.start(topology, brought.options);
        await isAHerd(herd);
        assertEquals(warned, []);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

let fixes = 0;

async function isAHerd(herd: Herd): Promise<void> {
  const [first = ""] = herd.names;
  // Without it the others still reach each other.
  const spare = neighboursOf(herd.topology, first).find((name) => {
    const { servers, links } = herd.topology;
    const left = servers.filter((server) => server.name !== name);
    const rest = links.filter((link) => !link.includes(name));
    return components({ ...herd.topology, servers: left, links: rest })
      .length === 1;
  })!;
  const others = herd.names.filter((name) => name !== first);
  const tells = async (): Promise<string> => {
    await using client = await herd.client(first);
    const name = `kiwi${++fixes}`;
    await client.iamat(name, `+34.0${fixes}-118.445127`);
    return name;
  };
  const knows = async (server: string, client: string) => {
    await using connection = await herd.client(server);
    const reply = await connection.send(`WHATSAT ${client} 10 1`);
    if (reply.startsWith("AT ")) assert(reply.includes('"OK"'), reply);
    return reply.startsWith("AT ");
  };
  const everywhere = async (client: string, servers = others) => {
    for (const server of servers) await until(() => knows(server, client));
  };
  await everywhere(await tells());

  const cut = await herd.partition([[first], others], { dials: "refuse" });
  const unheard = await tells();
  for (const server of others) {
    assertEquals(await knows(server, unheard), false);
  }
  await cut.heal();
  await everywhere(await tells());

  await herd.kill(spare);
  const living = others.filter((name) => name !== spare);
  await everywhere(await tells(), living);
  await herd.revive(spare);
  await everywhere(await tells());
}
