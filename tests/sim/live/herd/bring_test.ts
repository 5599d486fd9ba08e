import {
  assert,
  assertEquals,
  AssertionError,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import type { HerdEvent } from "../../../../sim/model/events.ts";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { bring } from "../../../../sim/live/herd/bring.ts";
import { readManifest } from "../../../../sim/live/herd/manifest.ts";
import { Herd } from "../../../../sim/live/herd/herd.ts";
import { Unseen } from "../../../../sim/live/herd/unseen.ts";
import { styleOf } from "../../../specimens/specimens.ts";
import { pythonServer, submission, until } from "./brought.ts";

const UCLA = "+34.068930-118.445127";

for (const specimen of ["asyncio_dict", "node_yaml"]) {
  Deno.test(`bring(): ${specimen} on ports and with places that it did not name, its folder untouched`, async () => {
    await using given = await submission(specimen);
    await using brought = await bring(denoPlatform, given);
    const { topology } = styleOf(specimen);
    await using herd = await Herd.start(topology, brought.options);
    const [first, ...others] = herd.names;
    await using client = await herd.client(first!);
    const fix = await client.iamat("kiwi", UCLA);
    for (const name of others) {
      await using other = await herd.client(name);
      let reply = "";
      await until(async () => {
        reply = await other.send("WHATSAT kiwi 10 3");
        return reply.startsWith("AT ");
      });
      assertStringIncludes(reply, fix.line);
      const { results } = JSON.parse(reply.slice(reply.indexOf("\n")));
      assertEquals(results.length, 3);
    }
    const left = [...Deno.readDirSync(given.folder)].map(({ name }) => name);
    assertEquals(left.length, specimen === "node_yaml" ? 2 : 1, String(left));
  });
}

Deno.test("bring(): where a fix got is found by what servers tell clients", async () => {
  await using given = await submission("asyncio_dict");
  await using brought = await bring(denoPlatform, given);
  const { topology } = styleOf("asyncio_dict");
  await using herd = await Herd.start(topology, brought.options);
  await using client = await herd.client("Alford");
  const fix = await client.iamat("kiwi", UCLA);
  await herd.propagated(fix, { on: "all", withinMs: 30_000 });
  await herd.held(fix);
  const other = await client.iamat("emu", "+35.0-118.0");
  await herd.kill("Hamilton");
  await herd.revive("Hamilton");
  // Such a server begins with nothing, and its neighbours do not mind.
  await assertRejects(
    () => herd.propagated(fix, { on: ["Hamilton"], withinMs: 1_500 }),
    AssertionError,
    "Hamilton lacks it: it has never heard of kiwi",
  );
  await herd.absent(other, { on: ["Hamilton"], forMs: 100 });
  await assertRejects(
    () => herd.records("Alford"),
    Unseen,
    "do not show which fixes they hold",
  );
  await herd.pause("Parker");
  const late = await client.iamat("kiwi", "+34.5-118.5");
  await assertRejects(
    () => herd.propagated(late, { on: ["Parker"], withinMs: 300 }),
    AssertionError,
  );
});

Deno.test("bring(): a fix that spreads no further than a hop is missed where it is", async () => {
  await using given = await submission("one hop");
  await using brought = await bring(denoPlatform, given);
  const { topology } = styleOf("one hop");
  await using herd = await Herd.start(topology, brought.options);
  const [first] = herd.names;
  await using client = await herd.client(first!);
  const fix = await client.iamat("kiwi", UCLA);
  const { message } = await assertRejects(
    () => herd.propagated(fix, { withinMs: 1_500 }),
    AssertionError,
  );
  const far = herd.names.filter((name) =>
    name !== first &&
    !herd.topology.links.some((it) => it.includes(name) && it.includes(first!))
  );
  assert(far.length > 0);
  for (const name of far) assertStringIncludes(message, `${name} lacks it`);
});

Deno.test("bring(): a crash is told with its exit, the command before, and the last lines", async () => {
  await using given = await submission("ends on an unknown client");
  await using brought = await bring(denoPlatform, given);
  const crashed = Promise.withResolvers<HerdEvent>();
  await using herd = await Herd.start("2016", {
    ...brought.options,
    restart: "temporary",
    onEvent: (event) =>
      event.kind === "state" && event.state === "crashed" &&
      crashed.resolve(event),
  });
  await using client = await herd.client("Ball");
  await assertRejects(() => client.send("WHATSAT nobody 1 1"));
  const event = await crashed.promise;
  assert(event.kind === "state");
  assertEquals(event.server, "Ball");
  assertStringIncludes(
    event.why!,
    'it ended with code 1, after "WHATSAT nobody 1 1"',
  );
  assertStringIncludes(event.why!, "unknown client nobody");
});

Deno.test("bring(): a storm is ended, and said to be one", async () => {
  await using given = await submission("storm");
  await using brought = await bring(denoPlatform, {
    ...given,
    messages: { atOnce: 200, perCommand: 20 },
  });
  const crashed = Promise.withResolvers<string>();
  await using herd = await Herd.start("2014", {
    ...brought.options,
    restart: "temporary",
    onEvent: (event) =>
      event.kind === "state" && event.state === "crashed" &&
      crashed.resolve(event.why ?? ""),
  });
  await using client = await herd.client("Alford");
  await client.iamat("kiwi", UCLA);
  const why = await crashed.promise;
  assertStringIncludes(why, "too many messages: ");
});

Deno.test("bring(): what its manifest says is done: files, a Python, a line to set it up, ready, stop", async () => {
  await using given = await pythonServer(`
import os, signal, socket, sys
def stop(*_):
    print("stopped by TERM")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
extra = socket.create_server(("localhost", 15306))
listener = socket.create_server(("localhost", 15307))
peers = []
print("soon ready")
while True:
    conn, _ = listener.accept()
    words = conn.recv(1024).decode().split()
    if words[0] == "PEER":
        peers.append(words[1])
    else:
        conn.sendall("NO {} {} {} {}".format(
            words[1], peers, open("key.txt").read(), os.listdir("logs")).encode())
    conn.close()
`);
  await Deno.writeTextFile(
    `${given.folder}/herd.yaml`,
    `
command: python server.py {name}
topology: line:2
python: 3
ports: {s0: 15307, s1: 15307}
make: {logs/: , key.txt: secret}
setup: ['PEER {peer}']
ready: soon ready
stop: SIGTERM
dialect: {reply_end: close, unknown_client: "NO {client} ['s1'] secret []"}
`,
  );
  const { command: _, ...manifest } = readManifest(given.folder);
  await using brought = await bring(denoPlatform, { ...given, manifest });
  await using herd = await Herd.start("line:2", brought.options);
  await using client = await herd.client("s0");
  assertEquals(await client.send("WHATSAT emu 1 1"), "? WHATSAT emu 1 1");
});

Deno.test("bring(): what can't start says in a line what is missing", async () => {
  await using given = await pythonServer("import no_such_package\n");
  await using brought = await bring(denoPlatform, given);
  await assertRejects(
    () => Herd.start("line:1", brought.options),
    Error,
    "it needs the Python package no_such_package, which is not installed",
  );
});

Deno.test("bring(): loop= is taken where Python does not take it any more", async () => {
  await using given = await pythonServer(`
import asyncio
loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)

async def serve(reader, writer):
    lock = asyncio.Lock(loop=loop)
    async with lock:
        await asyncio.sleep(0, loop=loop)
        line = await asyncio.wait_for(reader.readline(), 5, loop=loop)
    writer.write(b"? " + line)
    writer.close()

async def main():
    server = await asyncio.start_server(serve, "localhost", 15300, loop=loop)
    async with server:
        await server.serve_forever()

loop.run_until_complete(main())
`);
  await using brought = await bring(denoPlatform, given);
  await using herd = await Herd.start("line:1", brought.options);
  await using client = await herd.client("s0");
  assertEquals(await client.send("hello"), "? hello");
});

Deno.test("bring(): what a server writes into the pipe of its shim ends no herd", async () => {
  await using given = await pythonServer(`
import os, socket
with open(os.environ["HERD_SHIM"] + "/events", "w") as pipe:
    pipe.write("no JSON\\nnull\\n" + "x" * 20000 + "\\n{}\\n")
listener = socket.create_server(("localhost", 15303))
while True:
    conn, _ = listener.accept()
    conn.recv(1024)
    conn.sendall(b"? well\\n")
    conn.close()
`);
  await using brought = await bring(denoPlatform, given);
  await using herd = await Herd.start("line:1", brought.options);
  await using client = await herd.client("s0");
  assertEquals(await client.send("well"), "? well");
});

Deno.test("bring(): {port} and {peers_json} are for servers that take them", async () => {
  await using given = await pythonServer(`
import json, socket
port, peers = int(sys.argv[2]), json.loads(sys.argv[3])
listener = socket.create_server(("127.0.0.1", port))
while True:
    conn, _ = listener.accept()
    line = conn.recv(1024).decode()
    if line.startswith("HOP"):
        conn.sendall(b"yes")
    for peer in [] if line.startswith("HOP") else peers.values():
        with socket.create_connection((peer["host"], peer["port"])) as hop:
            hop.sendall(b"HOP")
            conn.sendall(b"? " + me.encode() + b" hears " + hop.recv(16) + b"\\n")
    conn.close()
`);
  const command = [...given.command, "{port}", "{peers_json}"];
  await using brought = await bring(denoPlatform, { ...given, command });
  await using herd = await Herd.start("line:2", brought.options);
  await using client = await herd.client("s0");
  assertEquals(await client.send("well"), "? s0 hears yes");
});

for (
  const [what, body, limits] of [
    [
      "too many processes",
      `
import subprocess, time
for _ in range(30):
    subprocess.Popen(["sleep", "60"])
time.sleep(60)`,
      { processes: 20 },
    ],
    [
      "too much printed",
      `
while True:
    print("x" * 5000)`,
      { printedBytes: 1_000_000 },
    ],
    ["too much processor time", "while True: pass", { cpuSeconds: 1 }],
  ] as const
) {
  Deno.test(`bring(): ${what} ends a server, and is said`, async () => {
    await using given = await pythonServer(
      `import socket\nlistener = socket.create_server(("localhost", 15301))${
        body.startsWith("while") ? "\n" : ""
      }${body}`,
    );
    const crashed = Promise.withResolvers<string>();
    await using brought = await bring(denoPlatform, { ...given, limits });
    await using _herd = await Herd.start("line:1", {
      ...brought.options,
      restart: "temporary",
      onEvent: (event) =>
        event.kind === "state" && event.state === "crashed" &&
        crashed.resolve(event.why ?? ""),
    });
    const why = await crashed.promise;
    assertStringIncludes(why, `${what}: `);
    // A line that it printed last may fill a screen.
    assert(why.length < 500, why);
  });
}

Deno.test("bring(): a storm on a connection that stays open is one too", async () => {
  await using given = await pythonServer(`
import socket, threading
ports = {"s0": 15308, "s1": 15309}
listener = socket.create_server(("127.0.0.1", ports[me]))
def talk(conn):
    for line in conn.makefile("rb"):
        if line.startswith(b"ECHO"):
            conn.sendall(line)
        else:
            conn.sendall(b"? " + line)
            if me == "s0":
                peer = socket.create_connection(("127.0.0.1", ports["s1"]))
                peer.sendall(b"ECHO kiwi\\n")
                threading.Thread(target=talk, args=(peer,)).start()
            return conn.close()
while True:
    threading.Thread(target=talk, args=(listener.accept()[0],)).start()
`);
  await using brought = await bring(denoPlatform, {
    ...given,
    messages: { atOnce: 200, perCommand: 20 },
  });
  const crashed = Promise.withResolvers<string>();
  await using herd = await Herd.start("line:2", {
    ...brought.options,
    restart: "temporary",
    onEvent: (event) =>
      event.kind === "state" && event.state === "crashed" &&
      crashed.resolve(event.why ?? ""),
  });
  await using client = await herd.client("s0");
  await client.send("well");
  assertStringIncludes(await crashed.promise, "too many messages: ");
});

Deno.test("bring(): who ends it again waits until all is gone", async () => {
  await using given = await pythonServer("");
  const brought = await bring(denoPlatform, given);
  let isOver = false;
  brought[Symbol.asyncDispose]().then(() => isOver = true);
  await brought[Symbol.asyncDispose]();
  assert(isOver);
});
