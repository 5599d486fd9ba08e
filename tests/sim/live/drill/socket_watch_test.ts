import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { assertEquals } from "@std/assert";
import { SocketWatch } from "../../../../sim/live/drill/socket_watch.ts";

const HOSTNAME = "127.0.0.1";

Deno.test("SocketWatch.leaked() names what listens on, and what is still open", async () => {
  const gone = Deno.listen({ hostname: HOSTNAME, port: 0 });
  const left = Deno.listen({ hostname: HOSTNAME, port: 0 });
  const held = Deno.listen({ hostname: HOSTNAME, port: 0 });
  const accepting = [gone, held].map((listener) => listener.accept());
  const listening = Object.entries({ gone, left, held })
    .map(([name, { addr: { port } }]) => ({ name, hostname: HOSTNAME, port }));
  using watch = await SocketWatch.open(denoPlatform, listening);
  const [end, open] = await Promise.all(accepting);
  end!.close();
  gone.close();
  held.close();
  assertEquals(await watch.leaked(100), [
    `left listens on port ${left.addr.port} 100ms after the end`,
    "a connection to left is open 100ms after the end",
    "a connection to held is open 100ms after the end",
  ]);
  open!.close();
  left.close();
  using nobody = await SocketWatch.open(denoPlatform, listening);
  assertEquals(await nobody.leaked(100), []);
});
