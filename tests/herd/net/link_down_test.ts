/**
 * What a server knows of a neighbour that has gone.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { linkAs, start, Wire } from "./support.ts";

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
