/**
 * Ways in of a herd's servers, in drills and for programs.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { freePorts } from "../../../free_ports.ts";
import {
  type FurtherVia,
  type Via,
  VIAS,
} from "../../../../herd/core/wire/via.ts";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { nextTurn } from "../../../../herd/net/timing.ts";
import { Herd, runDrill, summary, verdictOf } from "../../../../mod.ts";

const WAYS: readonly FurtherVia[] = ["tls", "ws", "udp"];

/** Garbage and honest clients, each by a way of their own. */
function hostile(ways: readonly Via[]): string {
  const each = (step: (via: Via) => string) =>
    ways.map((via) => `  - ${step(via)}\n`).join("");
  return `
steps:
${
    each((via) =>
      `garbage: {rate: 500/s, for: 1s, background: true, via: ${via}}`
    )
  }
${each((via) => `load: {rate: 50/s, for: 300ms, clients: 20, via: ${via}}`)}
${
    each((via) =>
      `iamat: {client: ${via}, to: Hamilton, position: +34-118, via: ${via}}`
    )
  }
${each((via) => `expect: {client: ${via}, on: all, within: 10s}`)}
${
    each((via) =>
      `send: {line: HELLO, to: Bolden, reply: "? HELLO", via: ${via}}`
    )
  }
${
    each((via) =>
      `whatsat: {client: ${via}, radius: 10, items: 5, to: Bolden, expect: places, via: ${via}}`
    )
  }
  - expect: {converged: all, within: 10s, lost: 0}
checks:
  - lost == 0
  - operations.unknown == 0
  - faults.garbage.touched >= ${400 * ways.length}
`;
}

Deno.test("Herd.client() comes in by each way, also after the server was revived", async () => {
  await using herd = await Herd.start("line:2", { ways: WAYS });
  for (const isRevived of [false, true]) {
    if (isRevived) {
      await herd.kill("s0");
      await herd.revive("s0");
    }
    for (const via of VIAS) {
      await using client = await herd.client("s0", { via });
      const at = await client.iamat(`${via}-${isRevived}`, "+34-118");
      await herd.propagated(at);
      assertEquals((await client.whatsat(at.client, 1, 1)).at.line, at.line);
    }
  }
});

Deno.test("Herd.start() takes the topology's ports for ways in, and tells whom to trust", async () => {
  const [ws = 0, udp = 0] = freePorts(2);
  const directory = await Deno.makeTempDir();
  await using stack = new AsyncDisposableStack();
  stack.defer(() => Deno.remove(directory, { recursive: true }));
  const topology = {
    name: "named",
    servers: [{ name: "Ash", port: 0, ws, udp }, { name: "Elm", port: 0 }],
    links: [["Ash", "Elm"]] as const,
  };
  await using herd = await Herd.start(topology, {
    ways: WAYS,
    ports: "topology",
    log: { directory, level: "INFO" },
  });
  const [ash, elm] = herd.status();
  assertEquals([ash!.ways!.ws, ash!.ways!.udp], [ws, udp]);
  assertEquals(elm!.ways!.udp, elm!.port);
  const cert = await Deno.readTextFile(`${herd.logDirectory}/tls.pem`);
  const connection = await Deno.connectTls({
    hostname: "127.0.0.1",
    port: elm!.ways!.tls!,
    caCerts: [cert],
  });
  await connection.handshake();
  connection.close();
});

Deno.test("Herd.client() tells that a server has no such way in", async () => {
  await using herd = await Herd.start("line:1");
  await assertRejects(
    () => herd.client("s0", { via: "ws" }),
    RangeError,
    "Cannot connect to s0 by ws: it has no way in",
  );
});

Deno.test("Herd.start() says what virtual time has not", async () => {
  await assertRejects(
    () => Herd.start("line:1", { ways: ["tls"], world: "virtual" }),
    RangeError,
    "encrypted",
  );
});

Deno.test("a drill of hostile and honest clients passes by each way", async () => {
  const drill = { name: "hostile", folder: ".", text: hostile(WAYS) };
  const result = await runDrill(drill);
  assertEquals(verdictOf(result), "passed", summary(result));
});

Deno.test("a drill of hostile and honest clients passes by WebSocket and UDP in virtual time", async () => {
  const drill = { name: "hostile", folder: ".", text: hostile(["ws", "udp"]) };
  const result = await runDrill(drill, { world: "virtual", seed: 1 });
  assertEquals(verdictOf(result), "passed", summary(result));
  for (const via of ["ws", "udp"]) {
    assert(summary(result).includes(`by ${via}`), summary(result));
  }
});

Deno.test("Herd.stop() leaves no client behind that was still on its way", async () => {
  const { network, clock } = denoPlatform;
  let isHeld = false;
  const connect: typeof network.connect = async (address, signal) => {
    const conn = await network.connect(address, signal);
    if (!isHeld) return conn;
    // It comes when it is wanted no more.
    isHeld = false;
    await new Promise((resolve) => signal?.addEventListener("abort", resolve));
    await nextTurn(clock);
    return conn;
  };
  const platform = { ...denoPlatform, network: { ...network, connect } };
  await using herd = await Herd.start("line:2", { platform, ways: WAYS });
  isHeld = true;
  const held = assertRejects(() => herd.client("s1"), Error, "has stopped");
  await herd.pause("s0");
  // The system takes a connection for who stands still and never answers it.
  const waiting = (["tls", "ws"] as const).map((via) =>
    assertRejects(() => herd.client("s0", { via }), Error, "has stopped")
  );
  await herd.stop();
  await Promise.all([held, ...waiting]);
});
