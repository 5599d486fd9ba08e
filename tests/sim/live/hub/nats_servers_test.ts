import { assertEquals, assertRejects } from "@std/assert";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { NatsServers } from "../../../../sim/live/hub/nats_servers.ts";
import { NotStarted } from "../../../../sim/live/servers/ports.ts";
import { until } from "../../../herd/net/support.ts";
import { unless, whyNoProgram } from "../../../skipped.ts";

const why = whyNoProgram("nats-server", "ps");
const ENDED = "Cannot start the hub: server 1 has ended";

/** The servers that this process has started, by their processes' numbers. */
async function serversHere(): Promise<number[]> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-A", "-o", "pid=,ppid=,comm="],
  }).output();
  return new TextDecoder().decode(stdout).trim().split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, name]) =>
      Number(parent) === Deno.pid && name === "nats-server"
    )
    .map(([pid]) => Number(pid));
}

Deno.test({
  ...unless(why, "NatsServers knows of a server that ended by itself"),
  async fn() {
    await using hub = await NatsServers.start(denoPlatform, 2, []);
    const [first] = await serversHere();
    Deno.kill(first!, "SIGKILL");
    await until("its end", () => hub.up().length === 1);
    const [down] = hub.servers.filter((it) => !hub.up().includes(it));
    await hub.revive([down!]);
    assertEquals(hub.up(), [1, 2]);
    // It ends while it is killed, and leaves no watch behind.
    for (const pid of await serversHere()) Deno.kill(pid, "SIGKILL");
  },
});

Deno.test({
  ...unless(why, "NatsServers tells at once that a server ends as it starts"),
  async fn() {
    const { network } = denoPlatform;
    let monitor = 0;
    await using hub = await NatsServers.start(
      {
        ...denoPlatform,
        network: {
          ...network,
          listen(address) {
            monitor = address.port;
            return network.listen(address);
          },
        },
      },
      1,
      [],
    );
    await hub.kill([1]);
    const taken = network.listen({ hostname: "127.0.0.1", port: monitor });
    await assertRejects(() => hub.revive([1]), NotStarted, ENDED);
    taken.close();
    await hub.revive([1]);
  },
});

Deno.test({
  ...unless(
    why,
    "NatsServers that is disposed of waits for no server to start",
  ),
  async fn() {
    const hub = await NatsServers.start(denoPlatform, 1, []);
    await hub.kill([1]);
    const reviving = assertRejects(() => hub.revive([1]), NotStarted, ENDED);
    await hub[Symbol.asyncDispose]();
    await reviving;
  },
});
