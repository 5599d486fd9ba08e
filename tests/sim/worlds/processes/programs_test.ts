import {
  assertEquals,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { freePorts } from "../../../free_ports.ts";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import type { ProgramEvent } from "../../../../sim/worlds/processes/guarded.ts";
import {
  Programs,
  type ProgramsOptions,
} from "../../../../sim/worlds/processes/programs.ts";
import type { Placeholders } from "../../../../sim/worlds/processes/command.ts";
import { statOf } from "../../../../sim/worlds/if_there.ts";
import { openTempFolder } from "../../../../sim/worlds/processes/temp_folder.ts";

const ASKED = 15_210;
const HERE: Placeholders = {
  name: "Ash",
  host: "127.0.0.1",
  port: 0,
  peers: [{ name: "Elm", hostname: "127.0.0.1", port: 27_001 }],
};
const SILENT = { onEvent: () => {}, onLine: () => {}, onEnd: () => {} };

async function openPrograms(
  options: Pick<ProgramsOptions, "command" | "isolation" | "manifest">,
) {
  await using owned = new AsyncDisposableStack();
  const { path } = owned.use(await openTempFolder());
  const [folder, into] = [`${path}/folder`, `${path}/into`];
  await Deno.mkdir(folder);
  const programs = owned.use(
    await Programs.open({ platform: denoPlatform, folder, into, ...options }),
  );
  const all = owned.move();
  return {
    programs,
    into,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

Deno.test("Programs ends a program that can't be told what it reaches, and says why", async () => {
  await using opened = await openPrograms({
    command: ["python3", "-c", "import time; time.sleep(600)"],
  });
  const routes = { port: 0, connect: {}, hasHosts: false };
  const started = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const events: ProgramEvent[] = [];
  const program = opened.programs.start({ here: HERE, routes }, {
    onEvent: (event) => {
      events.push(event);
      if (event.event === "start") started.resolve();
    },
    onLine: () => {},
    onEnd: ended.resolve,
  });
  await started.promise;
  // As good as a full disk: nothing can be written there.
  await Deno.remove(`${opened.into}/shim`, { recursive: true });
  await program.route(routes);
  await ended.promise;
  const lost = events.flatMap((it) => it.event === "lost" ? [it.why] : []);
  assertEquals(lost.length, 1);
  assertMatch(lost[0]!, /^it can't be told what it reaches now: /);
});

const DIALS: Readonly<Record<string, (port: number) => string[]>> = {
  Python: (port) => [
    "python3",
    "-c",
    `import socket, time
listener = socket.create_server(("127.0.0.1", ${ASKED}))
conn = socket.create_connection(("127.0.0.1", ${port}))
conn.sendall(b"well")
time.sleep(600)`,
  ],
  Node: (port) => [
    "node",
    "-e",
    `const net = require("node:net");
net.createServer().listen(${ASKED}, "127.0.0.1", () =>
  net.connect(${port}, "127.0.0.1").write("well"));`,
  ],
};

for (const [language, command] of Object.entries(DIALS)) {
  Deno.test(`Programs: a port that ${language} dials is its neighbour's, though itself has it in place of its own`, async () => {
    const [port = 0] = freePorts(1);
    const options = { command: command(port) };
    await using opened = await openPrograms(options);
    using neighbour = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const connect = { [port]: neighbour.addr.port };
    const routes = { port, connect, hasHosts: false };
    opened.programs.start({ here: HERE, routes }, SILENT);
    using conn = await neighbour.accept();
    const heard = new Uint8Array(4);
    await conn.read(heard);
    assertEquals(new TextDecoder().decode(heard), "well");
  });
}

Deno.test("Programs: only who is told ports of neighbours dials them by these", async () => {
  const connect = { [ASKED]: 27_001, 15_211: 27_002 };
  const wait = ["python3", "-c", "import time; time.sleep(600)"];
  const [untold, told] = [connect, { ...connect, 27_001: 27_001 }];
  const setup = ["PEER {peer} {peer_port}"];
  for (
    const [options, expected] of [
      [{ command: [...wait, "{name}", "{port}"] }, untold],
      [{ command: [...wait, "{peers_json}"] }, told],
      [{ command: wait, manifest: { setup } }, told],
    ] as const
  ) {
    await using opened = await openPrograms(options);
    const routes = { port: 15_300, connect, hasHosts: false };
    opened.programs.start({ here: HERE, routes }, SILENT);
    const map = await Deno.readTextFile(`${opened.into}/shim/Ash.1/map.json`);
    assertEquals(JSON.parse(map).connect, expected);
  }
});

Deno.test("Programs makes nothing of its folder anew when it is over", async () => {
  const ports = { Ash: ASKED };
  await using opened = await openPrograms({
    command: ["python3", "-c", "import time; time.sleep(600)"],
    isolation: "rewrite",
    manifest: { ports },
  });
  const { into, programs } = opened;
  await programs[Symbol.asyncDispose]();
  await Deno.remove(into, { recursive: true });
  const routes = { port: 0, connect: {}, hasHosts: false };
  assertThrows(
    () => programs.start({ here: HERE, routes }, SILENT),
    TypeError,
    "Cannot start Ash: its folder is removed",
  );
  await assertRejects(
    () => programs.rewriting!.prepare(["Ash"]),
    Error,
    "its herd has ended",
  );
  assertEquals(statOf(into), undefined);
});
