import { assert, assertRejects } from "@std/assert";
import { delay } from "@std/async";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { isListening } from "../../../../sim/live/servers/ports.ts";
import { PROXIES } from "../../../../sim/worlds/port_lease.ts";
import { nodeSockets } from "../../../../sim/live/proxies/node_sockets.ts";
import { ManualClock } from "../../../herd/net/manual_clock.ts";

const HOSTNAME = "127.0.0.1";

Deno.test("a proxy's port that was taken while it refused is given up, and had again later", async () => {
  const clock = new ManualClock();
  const platform = { ...denoPlatform, clock };
  const listener = await nodeSockets(platform)
    .listen(HOSTNAME, (socket) => socket.destroy());
  try {
    const { port } = listener;
    const isOurs = port >= PROXIES.min && port < PROXIES.max;
    assert(
      isOurs,
      `${port} may be given to anybody who dials, or is a server's`,
    );
    await listener.refuse(true);
    const other = Deno.listen({ hostname: HOSTNAME, port });
    let isOver = false;
    const healing = Promise.resolve(listener.refuse(false))
      .finally(() => isOver = true);
    const failed = assertRejects(() => healing, Error, `port ${port} on`);
    while (!isOver) {
      await delay(1);
      clock.tick(100);
    }
    await failed;
    other.close();
    await listener.refuse(true);
    await listener.refuse(false);
    assert(await isListening(denoPlatform, { hostname: HOSTNAME, port }));
  } finally {
    listener.close();
  }
});
