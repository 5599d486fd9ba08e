import { assertEquals } from "@std/assert";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { GarbageFlood } from "../../../../sim/live/faults/garbage_flood.ts";
import { Random } from "../../../../sim/model/random.ts";

Deno.test("GarbageFlood.stop() ends a dial that its server never answers", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const flood = new GarbageFlood({
    platform: denoPlatform,
    ratePerSecond: 1,
    durationMs: Infinity,
    clients: 1,
    upNow: () => ["Ash"],
    via: "tls",
    doorOf: () => ({ address: listener.addr, options: { via: "tls" } }),
    neighboursOf: () => [],
    random: new Random(1),
  });
  using _silent = await listener.accept();
  await flood.stop();
  assertEquals(flood.touched, 1);
});
