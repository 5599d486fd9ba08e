/**
 * A drill whose herd is started again, since another program was quicker to take
 * a port.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import type { Platform } from "../../../../herd/net/platform.ts";
import { parseScenario } from "../../../../sim/model/scenario/parse.ts";
import { generateTopology } from "../../../../sim/model/topology/generate.ts";
import { verdictOf } from "../../../../sim/model/report/result.ts";
import { runScenario } from "../../../../sim/live/drill/runner.ts";
import { SERVERS } from "../../../../sim/worlds/port_lease.ts";

/** Another program takes the second port for servers that is found free. */
function withHaste(taken: DisposableStack): Platform {
  let found = 0;
  return {
    ...denoPlatform,
    network: {
      ...denoPlatform.network,
      listen(address) {
        const listener = denoPlatform.network.listen(address);
        const isOfServers = address.port >= SERVERS.min &&
          address.port < SERVERS.max;
        if (!isOfServers || ++found !== 2) return listener;
        taken.defer(() => listener.close());
        return { ...listener, addr: listener.addr, close() {} };
      },
    },
  };
}

Deno.test("a drill counts nothing of a start whose port was taken, as it is not of its herd", async () => {
  using taken = new DisposableStack();
  const topology = generateTopology("line:2")!;
  const { scenario } = parseScenario(
    "topology: line:2\nsteps: [{load: {rate: 100/s, for: 50ms, clients: 2}}, {expect: {converged: all}}]\n",
    "brief.yaml",
    () => topology,
  );
  const result = await runScenario(scenario!, topology, {
    platform: withHaste(taken),
    seed: 1,
  });
  assertEquals(result.incidents, []);
  const states = result.history.filter((event) => event.kind === "state");
  assertEquals(
    states.map(({ server, state }) => `${server} ${state}`),
    ["s0 starting", "s0 up", "s1 starting", "s1 up"],
  );
  assertEquals(verdictOf(result), "passed");
});
