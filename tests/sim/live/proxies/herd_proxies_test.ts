import { assertRejects } from "@std/assert";
import { HerdProxies } from "../../../../sim/live/proxies/herd_proxies.ts";
import { loadTopology } from "../../../../sim/live/herd/load.ts";
import { ManualClock } from "../../../herd/net/manual_clock.ts";

Deno.test("HerdProxies.stop() has none start later", async () => {
  const proxies = new HerdProxies({
    clock: new ManualClock(),
    topology: loadTopology("line:2"),
    seed: 1,
    isTraced: false,
  });
  proxies.stop();
  await assertRejects(
    () => proxies.ask({ ask: "traffic" }),
    Error,
    "has stopped",
  );
});
