import { assert, assertEquals } from "@std/assert";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import type { Connection } from "../../../../herd/net/platform.ts";
import { Forwarder } from "../../../../sim/live/hub/forwarder.ts";

const HUB = { hostname: "127.0.0.1", port: 1 };

Deno.test("Forwarder closes both connections when one of them fails", async () => {
  const { network } = denoPlatform;
  let isClosed = false;
  const failing = {
    setNoDelay() {},
    read: () => Promise.reject(new Deno.errors.ConnectionReset()),
    close: () => void (isClosed = true),
  };
  const port = freePort();
  await using _forwarder = new Forwarder(
    {
      ...network,
      connect: () => Promise.resolve(failing as unknown as Connection),
    },
    { hostname: HUB.hostname, port },
    HUB,
  );
  using client = await Deno.connect({ hostname: HUB.hostname, port });
  assertEquals(await client.read(new Uint8Array(1)), null);
  assert(isClosed);
});

function freePort(): number {
  using listener = Deno.listen({ hostname: HUB.hostname, port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}
