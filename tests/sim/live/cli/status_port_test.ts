import { assertEquals, assertStringIncludes } from "@std/assert";
import { freePorts } from "../../../free_ports.ts";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { StatusPort } from "../../../../sim/live/cli/status_port.ts";

const HOSTNAME = "127.0.0.1";

function open(): { port: number; status: StatusPort } {
  const [port = 0] = freePorts(1);
  const status = new StatusPort(
    denoPlatform,
    { hostname: HOSTNAME, port },
    (path) => ({ status: 200, text: `${path}é\n` }),
  );
  return { port, status };
}

Deno.test("StatusPort answers a request that fetch understands, without its query", async () => {
  const { port, status } = open();
  await using _status = status;
  const response = await fetch(`http://${HOSTNAME}:${port}/metrics?x=1`);
  assertEquals(response.status, 200);
  assertEquals(await response.text(), "/metricsé\n");
});

Deno.test("StatusPort keeps so many connections, and turns away who comes on top", async () => {
  const { port, status } = open();
  await using _status = status;
  const silent = await Promise.all(
    Array.from({ length: 32 }, () => Deno.connect({ port })),
  );
  // Each was accepted before the next one that comes.
  using late = await Deno.connect({ port });
  const end = await late.read(new Uint8Array(1)).catch(() => null);
  assertEquals(end, null);
  for (const conn of silent) conn.close();
  // Who has gone makes room.
  for (;;) {
    try {
      const response = await fetch(`http://${HOSTNAME}:${port}/healthz`);
      assertStringIncludes(await response.text(), "/healthz");
      break;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
});
