/**
 * What is acknowledged where neighbours must hold it.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { delay } from "@std/async";
import { freePorts } from "../../free_ports.ts";
import type { Durability } from "../../../herd/core/durability.ts";
import { Client } from "../../../herd/net/client.ts";
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import type { Disk } from "../../../herd/net/disk.ts";
import { freshSecret } from "../../../herd/net/handshake.ts";
import { Server } from "../../../herd/net/server.ts";
import type { ServerOptions } from "../../../herd/net/server_options.ts";
import { faulty } from "./faulty_disk.ts";

const PLACE = "+34.068930-118.445127";

type Names = "Ash" | "Elm" | "Fig";

interface Trio extends AsyncDisposable {
  start(name: Names, options?: Partial<ServerOptions>): Promise<Server>;
}

/** Ash in the middle of Elm and Fig; each is started when it is wanted. */
function trio(durable: Durability): Trio {
  const secret = freshSecret();
  const ports = freePorts(3);
  const at = (name: Names) => {
    const port = ports[["Ash", "Elm", "Fig"].indexOf(name)]!;
    return { name, hostname: "127.0.0.1", port };
  };
  const servers: Server[] = [];
  return {
    async start(name, options = {}) {
      const others = name === "Ash"
        ? ["Elm", "Fig"] as const
        : ["Ash"] as const;
      const neighbours = others.map(at);
      const server = await Server.start({
        ...at(name),
        neighbours,
        secret,
        durable,
        ...options,
      });
      servers.push(server);
      return server;
    },
    async [Symbol.asyncDispose]() {
      for (const server of servers) await server.stop();
    },
  };
}

function connect({ port }: Server): Promise<Client> {
  return Client.connect({ hostname: "127.0.0.1", port });
}

async function linked(server: Server, count: number): Promise<void> {
  while (server.linked().length < count) await turn();
}

function turn(): Promise<void> {
  return delay(1);
}

/** A disk whose files are synced when it is told so. */
function slowDisk(): { disk: Disk; open: () => void } {
  const gate = Promise.withResolvers<void>();
  const disk = faulty((file) => ({
    sync: () => gate.promise.then(() => file.sync()),
  }));
  return { disk, open: () => gate.resolve() };
}

for (const [durable, wanted] of [["peer", 1], ["all", 2]] as const) {
  Deno.test(`Server acknowledges by ${durable} what ${wanted} of two neighbours hold`, async () => {
    await using herd = trio(durable);
    const ash = await herd.start("Ash");
    const [elm, fig] = [await herd.start("Elm"), await herd.start("Fig")];
    await linked(ash, 2);
    await using client = await connect(ash);
    for (let nth = 0; nth < 200; nth++) {
      const { line } = await client.iamat(`c${nth % 7}`, PLACE, String(nth));
      const holders = [elm, fig].filter((it) => it.holds(line));
      assert(holders.length >= wanted, `${line}: ${holders.length}`);
    }
    // Who tells the same again is told so at once: it is held.
    await client.iamat("c1", PLACE, "1");
  });
}

Deno.test("Server acknowledges nothing by peer before a neighbour is linked", async () => {
  await using herd = trio("peer");
  const ash = await herd.start("Ash");
  await using client = await connect(ash);
  let isTold = false;
  const told = client.iamat("kiwi", PLACE, "1").then(() => isTold = true);
  while (ash.records().length === 0) await turn();
  // Who only asks waits for nothing.
  await using reader = await connect(ash);
  await reader.whatsat("kiwi", 10, 5);
  assert(!isTold);
  const fig = await herd.start("Fig");
  await told;
  assertEquals(fig.records(), ash.records());
});

Deno.test("Server withholds what no neighbour holds in time, and closes", async () => {
  await using herd = trio("all");
  const ash = await herd.start("Ash", { limits: { durableMsMax: 50 } });
  await using client = await connect(ash);
  await assertRejects(() => client.iamat("kiwi", PLACE, "1"));
  // It is held all the same, and acknowledged when it can be.
  assertEquals(ash.records().length, 1);
  await herd.start("Elm");
  await linked(ash, 1);
  await using again = await connect(ash);
  await again.iamat("kiwi", PLACE, "1");
});

Deno.test("Server goes on by all when a neighbour has ended", async () => {
  await using herd = trio("all");
  const ash = await herd.start("Ash");
  const elm = await herd.start("Elm");
  const fig = await herd.start("Fig");
  await linked(ash, 2);
  await fig.stop();
  await using client = await connect(ash);
  await client.iamat("kiwi", PLACE, "1");
  assertEquals(elm.records(), ash.records());
});

Deno.test("Server takes a neighbour's word only for what is on the neighbour's disk", async () => {
  const folder = await Deno.makeTempDir();
  const { disk, open } = slowDisk();
  {
    await using herd = trio("peer");
    const ash = await herd.start("Ash");
    const elm = await herd.start("Elm", {
      dataDir: folder,
      platform: { ...denoPlatform, disk },
    });
    await linked(ash, 1);
    await using client = await connect(ash);
    let isTold = false;
    const told = client.iamat("kiwi", PLACE, "1").then(() => isTold = true);
    while (elm.records().length === 0) await turn();
    await turn();
    assert(!isTold);
    open();
    await told;
  }
  await Deno.remove(folder, { recursive: true });
});

for (const mode of ["tree", "ondemand"] as const) {
  Deno.test(`Server acknowledges by all in mode ${mode} what each neighbour holds`, async () => {
    await using herd = trio("all");
    const [ash, elm, fig] = [
      await herd.start("Ash", { mode }),
      await herd.start("Elm", { mode }),
      await herd.start("Fig", { mode }),
    ];
    await linked(ash, 2);
    await using client = await connect(ash);
    for (let nth = 0; nth < 20; nth++) {
      const { line } = await client.iamat("kiwi", PLACE, String(nth));
      assert([elm, fig].every((it) => it.holds(line)), line);
    }
  });
}

Deno.test("Server.start() promises nothing that it can't keep", async () => {
  const options = {
    name: "Ash",
    port: 0,
    neighbours: [],
    secret: freshSecret(),
  };
  for (const durable of ["disk", "peer", "all"] as const) {
    await assertRejects(
      () => Server.start({ ...options, durable }),
      TypeError,
      `Cannot be durable by ${durable}`,
    );
  }
});
