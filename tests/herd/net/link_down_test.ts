/**
 * What a server knows of a neighbour that has gone.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { type Platform, TransportFailed } from "../../../herd/net/platform.ts";
import { Server } from "../../../herd/net/server.ts";
import { FakeNetwork } from "./fake_network.ts";
import { linkAs, SECRET, start, Wire } from "./support.ts";

const PORT = 12_000;

Deno.test("Server queues nothing for a neighbour that has gone, the second time too", async () => {
  await using running = await start({
    neighbours: [{ name: "Bolden", hostname: "127.0.0.1", port: 1 }],
  });
  const { server, events } = running;
  using client = await Wire.open(server.port);
  for (let round = 1; round <= 2; round++) {
    const wire = await linkAs("Bolden", server);
    await events.when("link-up", round);
    wire.close();
    await events.when("link-down", round);
    assertEquals(server.linked(), []);
    for (const id of ["kiwi", "fig"]) {
      await client.ask(`IAMAT ${id} +0-0 ${round}`);
    }
    assertEquals(server.stats().queued, 0);
  }
});

Deno.test("Server tells what went wrong with the transport of a link", async () => {
  const network = new FakeNetwork(1);
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => {});
  const why = "a message could not be decrypted";
  const downs: string[] = [];
  const start = (name: string, peer: string, platform: Platform) =>
    Server.start({
      name,
      hostname: name,
      port: PORT,
      neighbours: [{ name: peer, hostname: peer, port: PORT }],
      secret: SECRET,
      platform,
      onEvent: (event) => {
        if (event.kind !== "link-up" && event.kind !== "link-down") return;
        if (event.kind === "link-down") downs.push(`${name} ${event.why}`);
        else if (name === "Alford") broken.reject(new TransportFailed(why));
      },
    });
  const alford = network.machine("Alford");
  const bolden = await start("Bolden", "Alford", network.machine("Bolden"));
  const servers = [
    bolden,
    await start("Alford", "Bolden", {
      ...alford,
      network: {
        ...alford.network,
        connect: async (address, signal) => {
          const conn = await alford.network.connect(address, signal);
          const read = conn.read.bind(conn);
          conn.read = (into) => Promise.race([read(into), broken.promise]);
          return conn;
        },
      },
    }),
  ];
  await network.pass(20);
  assertEquals(downs, [`Alford ${why}`, "Bolden connection lost"]);
  const stopping = servers.map((server) => server.stop());
  await network.pass(5_000);
  await Promise.all(stopping);
});
