/**
 * What is brought in copies in which other ports stand than it names.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { bring } from "../../../../sim/live/herd/bring.ts";
import { Herd } from "../../../../sim/live/herd/herd.ts";
import { pythonServer, until } from "./brought.ts";

/** Two that ask each other for a word, and tell what became of it. */
const HOPPING = `
import json, os, socket, urllib.request
FIRST = 15310
port = FIRST + int(me[1:])
other = FIRST + 1 - int(me[1:])
listener = socket.create_server(("127.0.0.1", port))
while True:
    conn, _ = listener.accept()
    line = conn.recv(1024)
    if line.startswith(b"HOP"):
        conn.sendall(b"hop")
        conn.close()
        continue
    try:
        with socket.create_connection(("localhost", other), 5) as hop:
            hop.sendall(b"HOP" + (b" from %d" % port if b"telling" in line else b""))
            said = hop.recv(16) or b"ended"
    except ConnectionRefusedError:
        said = b"refused"
    if b"google" in line:
        url = "https://maps.googleapis.com/maps/api/place/nearbysearch/json?location=34,-118&radius=5&key=x"
        try:
            said = json.load(urllib.request.urlopen(url))["status"].encode()
        except OSError as error:
            said = b"no google"
    conn.sendall(b"? " + said + b"\\n")
    conn.close()
`;

Deno.test("bring() by rewrite: ports that are counted up, a kill that refuses, Google, and the submission as it was", async () => {
  await using given = await pythonServer(HOPPING);
  const before = await Deno.readTextFile(`${given.folder}/server.py`);
  const found: string[] = [];
  const warned: string[] = [];
  await using brought = await bring(denoPlatform, {
    ...given,
    isolation: "rewrite",
    onFound: (text) => found.push(text),
    onWarning: (text) => warned.push(text),
  });
  await using herd = await Herd.start("line:2", brought.options);
  assertEquals(found, ["ports: s0 15310, s1 15311"]);
  const says = async (server: string, line = "well") => {
    await using client = await herd.client(server);
    return await client.send(line);
  };
  assertEquals(await says("s0"), "? hop");
  await herd.kill("s1");
  await until(async () => await says("s0") === "? refused");
  await herd.revive("s1");
  await until(async () => await says("s0") === "? hop");
  assertEquals(await says("s1"), "? hop");

  assertEquals(await says("s0", "google"), "? ZERO_RESULTS");
  brought.options.world.setHosts("gone");
  await until(async () => await says("s0", "google") === "? no google");
  assertEquals(await Deno.readTextFile(`${given.folder}/server.py`), before);

  assertEquals(warned, []);
  assertEquals(await says("s0", "telling"), "? hop");
  assertEquals(await says("s1", "telling"), "? hop");
  await until(() => Promise.resolve(warned.length > 0));
  assert(
    warned[0]!.startsWith(
      "s0 tells another server a port in a message (15310)",
    ),
    warned[0],
  );
  assertEquals(warned.length, 1);
});

/** Why a server can't be brought so, by its source. */
const FAILING: readonly (readonly [body: string, why: string])[] = [
  [
    'import socket, time\nl = socket.create_server(("localhost", 153 * 100 + 12))\ntime.sleep(600)',
    "no text of its folder names a port of 15312",
  ],
  [
    'import socket, time\n# 15313\nl = socket.create_server(("localhost", 153 * 100 + 13))\ntime.sleep(600)',
    "it listens on port 15313 though its copy names another",
  ],
  ['raise SystemExit("no config")', "it printed last: no config"],
];

for (const [body, why] of FAILING) {
  Deno.test(`bring() by rewrite says why it can't be: ${why}`, async () => {
    await using given = await pythonServer(body);
    await using brought = await bring(denoPlatform, {
      ...given,
      isolation: "rewrite",
    });
    await assertRejects(
      () => Herd.start("line:1", brought.options),
      Error,
      why,
    );
  });
}

Deno.test("bring() by rewrite does not start a server to see its port where herd.yaml says it", async () => {
  await using given = await pythonServer(`
import os, socket, time
starts = len([f for f in os.listdir(".") if f.startswith("start")])
open("start%d" % starts, "w").close()
listeners = [socket.create_server(("localhost", port)) for port in (15314, 15315)]
while True:
    conn, _ = listeners[1].accept()
    conn.sendall(b"? %d\\n" % starts)
    conn.close()
`);
  await using brought = await bring(denoPlatform, {
    ...given,
    isolation: "rewrite",
    manifest: { ports: { s0: 15315 } },
  });
  await using herd = await Herd.start("line:1", brought.options);
  await using client = await herd.client("s0");
  assertEquals(await client.send("well"), "? 0");
});

Deno.test("bring() by rewrite: what a thread of a server has begun is seen to listen", async () => {
  await using given = await pythonServer(`
import subprocess, threading, time
LISTENING = "import socket, time; it = socket.create_server(('localhost', 15316)); time.sleep(600)"
run = lambda: subprocess.call([sys.executable, "-c", LISTENING])
threading.Thread(target=run).start()
time.sleep(600)
`);
  await using brought = await bring(denoPlatform, {
    ...given,
    isolation: "rewrite",
  });
  await using _herd = await Herd.start("line:1", brought.options);
});
