import { assert, assertEquals } from "@std/assert";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import type { Connection } from "../../../../herd/net/platform.ts";
import { Forwarder } from "../../../../sim/live/servers/forwarder.ts";

const hostname = "127.0.0.1";

Deno.test("Forwarder closes both connections when one of them fails", async () => {
  let isClosed = false;
  const failing = {
    setNoDelay() {},
    read: () => Promise.reject(new Deno.errors.ConnectionReset()),
    close: () => void (isClosed = true),
  };
  await using forwarder = new Forwarder(
    denoPlatform,
    { hostname, port: 0 },
    () => Promise.resolve(failing as unknown as Connection),
  );
  using client = await Deno.connect(forwarder.address);
  assertEquals(await client.read(new Uint8Array(1)), null);
  assert(isClosed);
});

Deno.test("Forwarder passes on that one has said all, and what is answered then", async () => {
  using echo = Deno.listen({ hostname, port: 0 });
  const { port } = echo.addr;
  await using forwarder = new Forwarder(
    denoPlatform,
    { hostname, port: 0 },
    () => denoPlatform.network.connect({ hostname, port }),
  );
  using client = await Deno.connect(forwarder.address);
  await client.write(new TextEncoder().encode("all"));
  await client.closeWrite();
  using asked = await echo.accept();
  await asked.readable.pipeTo(asked.writable);
  assertEquals(await new Response(client.readable).text(), "all");
});

Deno.test("Forwarder goes on after a connection that was reset before it was accepted", async () => {
  const { network } = denoPlatform;
  let resets = 1;
  const listen: typeof network.listen = (at) => {
    const listener = network.listen(at);
    const reset = () => {
      const error = new Deno.errors.ConnectionAborted();
      return Promise.reject(Object.assign(error, { code: "ECONNABORTED" }));
    };
    return {
      addr: listener.addr,
      accept: () => resets-- > 0 ? reset() : listener.accept(),
      close: () => listener.close(),
    };
  };
  using echo = Deno.listen({ hostname, port: 0 });
  await using forwarder = new Forwarder(
    { ...denoPlatform, network: { ...network, listen } },
    { hostname, port: 0 },
    () => network.connect({ hostname, port: echo.addr.port }),
  );
  using client = await Deno.connect(forwarder.address);
  (await echo.accept()).close();
  assertEquals(await client.read(new Uint8Array(1)), null);
});

/** A connection that is read only once, and ends as it is told. */
function endingConnection(end: Promise<number | null>): Connection {
  return {
    setNoDelay() {},
    read: () => end,
    closeWrite: () => Promise.resolve(),
    close() {},
  } as unknown as Connection;
}

for (
  const [how, end] of [
    ["an end", () => Promise.resolve(null)],
    ["a reset", () => Promise.reject(new Deno.errors.ConnectionReset())],
  ] as const
) {
  Deno.test(`Forwarder holds ${how} back for as long as the way is cut`, async () => {
    const ends = [1, 2].map(() => Promise.withResolvers<number | null>());
    const [cut, open] = ends.map((it) => {
      const dialled = () => Promise.resolve(endingConnection(it.promise));
      return new Forwarder(denoPlatform, { hostname, port: 0 }, dialled);
    });
    await using stack = new AsyncDisposableStack();
    stack.use(cut!);
    stack.use(open!);
    const readers = [cut!, open!].map(async ({ address }) => {
      const client = stack.use(await Deno.connect(address));
      const hasEnded = client.read(new Uint8Array(1));
      return { client, hasEnded };
    });
    const [held, passed] = await Promise.all(readers);
    let isTold = false;
    held!.hasEnded.then(() => isTold = true);
    cut!.cut();
    for (const { resolve } of ends) resolve(end());
    // The same takes its way through the other one meanwhile.
    assertEquals(await passed!.hasEnded, null);
    assertEquals(isTold, false);
    cut!.heal();
    assertEquals(await held!.hasEnded, null);
  });
}
