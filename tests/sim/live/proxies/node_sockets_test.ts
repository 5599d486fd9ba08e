import { assert, assertEquals, assertRejects } from "@std/assert";
import { delay } from "@std/async";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import type { Connection, Platform } from "../../../../herd/net/platform.ts";
import { isListening } from "../../../../sim/live/servers/ports.ts";
import { PROXIES } from "../../../../sim/worlds/port_lease.ts";
import { nodeSockets } from "../../../../sim/live/proxies/node_sockets.ts";
import { ManualClock } from "../../../herd/net/manual_clock.ts";

const HOSTNAME = "127.0.0.1";

/** Waits for something, while a clock that is set by hand goes on. */
async function whileTicking<T>(
  clock: ManualClock,
  waiting: Promise<T> | T,
): Promise<T> {
  let isOver = false;
  const settled = Promise.resolve(waiting).finally(() => isOver = true);
  settled.catch(() => {});
  while (!isOver) {
    await delay(1);
    clock.tick(100);
  }
  return await settled;
}

Deno.test("a proxy's port refuses only once nobody is taken there any more", async () => {
  let takes = 3;
  const { network } = denoPlatform;
  const platform: Platform = {
    ...denoPlatform,
    network: {
      listen: network.listen,
      connect: () =>
        takes-- > 0
          ? Promise.resolve({ close() {} } as Connection)
          : Promise.reject(new Deno.errors.ConnectionRefused()),
    },
  };
  const listener = await nodeSockets(platform)
    .listen(HOSTNAME, (socket) => socket.destroy());
  await listener.refuse(true);
  assertEquals(takes, -1);
  listener.close();
});

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
    const address = { hostname: HOSTNAME, port };
    await whileTicking(clock, listener.refuse(true));
    while (await isListening(denoPlatform, address)) await delay(1);
    const other = Deno.listen({ hostname: HOSTNAME, port });
    await assertRejects(
      () => whileTicking(clock, listener.refuse(false)),
      Error,
      `port ${port} on`,
    );
    other.close();
    // The time by hand goes on faster than a busy machine closes a port.
    while (await isListening(denoPlatform, address)) await delay(1);
    await whileTicking(clock, listener.refuse(true));
    await whileTicking(clock, listener.refuse(false));
    assert(await isListening(denoPlatform, address));
  } finally {
    listener.close();
  }
});
