/**
 * What is brought, with a shim between it and the network, with a network
 * namespace, or in copies with other ports.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { freePorts } from "../../../free_ports.ts";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { bring } from "../../../../sim/live/herd/bring.ts";
import { Herd } from "../../../../sim/live/herd/herd.ts";
import { type Isolation, ISOLATIONS } from "../../../../sim/model/manifest.ts";
import { whyNoNamespace } from "../../../../sim/worlds/processes/isolation.ts";
import { pythonServer, submission, until } from "./brought.ts";
import { unless } from "../../../skipped.ts";

const UCLA = "+34.068930-118.445127";

/** Whether there can be network namespaces here; why not, where a test needs one. */
const missing = await whyNoNamespace();

function whyNot(isolation: Isolation): string | undefined {
  return isolation === "netns" ? missing : undefined;
}

for (const isolation of ISOLATIONS) {
  Deno.test({
    ...unless(
      whyNot(isolation),
      `bring(): kill, revive, pause, resume and a cut are of the processes, by ${isolation}`,
    ),
    fn: () => isOfProcesses(isolation),
  });
}

async function isOfProcesses(isolation: Isolation): Promise<void> {
  await using given = await submission("asyncio_dict");
  await using brought = await bring(denoPlatform, { ...given, isolation });
  await using herd = await Herd.start("2014", brought.options);
  const sends = async (to: string, client: string) => {
    await using connection = await herd.client(to);
    await connection.iamat(client, UCLA);
  };
  const knows = async (server: string, client: string) => {
    await using connection = await herd.client(server);
    return (await connection.send(`WHATSAT ${client} 1 1`)).startsWith("AT ");
  };
  // Hamilton hears of all by Parker only.
  await herd.kill("Parker");
  await sends("Alford", "while-down");
  await assertRejects(() => herd.client("Parker"), Error, "it is stopped");
  await herd.revive("Parker");
  assertEquals(await knows("Parker", "while-down"), false);
  const cut = await herd.cut("Parker-Hamilton");
  await sends("Alford", "while-cut");
  await until(() => knows("Parker", "while-cut"));
  assertEquals(await knows("Hamilton", "while-cut"), false);
  await cut.heal();
  await until(() => knows("Hamilton", "while-cut"));
  await herd.pause("Hamilton");
  await sends("Alford", "while-frozen");
  await herd.resume("Hamilton");
  await until(() => knows("Hamilton", "while-frozen"));
}

Deno.test({
  ...unless(
    whyNot("netns"),
    "bring(): in its namespace a program of any kind reaches neighbours, Google's stand-in, and nothing else",
  ),
  async fn() {
    const [outside = 0] = freePorts(1);
    // To the choice it is no Python, and the shim is not in it.
    await using given = await pythonServer(`
import json, os, socket, urllib.request
port = 15304 if me == "s0" else 15305
def reaches(address):
    try:
        socket.create_connection(address, 2).close()
        return True
    except OSError:
        return False
listener = socket.create_server(("", port))
other = socket.create_server(("", 15399))
while True:
    conn, _ = listener.accept()
    if conn.recv(1024).startswith(b"HOP"):
        conn.sendall(b"hop " + me.encode())
    else:
        said = {}
        with socket.create_connection(("localhost", 15304 + 15305 - port)) as hop:
            hop.sendall(b"HOP")
            said["hop"] = hop.recv(16).decode()
        url = "://maps.googleapis.com/maps/api/place/nearbysearch/json?location=34,-118&radius=5&key=x"
        said["google"] = [json.load(urllib.request.urlopen(way + url))["status"] for way in ("http", "https")]
        said["others"] = [a for a in (("127.0.0.1", ${outside}), ("1.1.1.1", 80), ("example.com", 80)) if reaches(a)]
        said["shim"] = os.environ.get("HERD_SHIM")
        conn.sendall(b"? " + json.dumps(said).encode() + b"\\n")
    conn.close()
`);
    await Deno.writeTextFile(
      `${given.folder}/run`,
      "#!/bin/sh\nexec python3 server.py $1\n",
      { mode: 0o755 },
    );
    using _outsider = Deno.listen({ hostname: "127.0.0.1", port: outside });
    await using brought = await bring(denoPlatform, {
      folder: given.folder,
      command: ["./run", "{name}"],
    });
    assertEquals(brought.isolation, "a network namespace each");
    await using herd = await Herd.start("line:2", brought.options);
    await using client = await herd.client("s0");
    assertEquals(JSON.parse((await client.send("well")).slice(2)), {
      hop: "hop s1",
      google: ["ZERO_RESULTS", "ZERO_RESULTS"],
      others: [],
      shim: null,
    });
  },
});

for (const isolation of ISOLATIONS) {
  Deno.test({
    ...unless(
      whyNot(isolation),
      `herd --bring: kill -9 of the workbench leaves nothing of a paused server, nor of what left its group, by ${isolation}`,
    ),
    fn: () => leavesNothing(isolation),
  });
}

async function leavesNothing(isolation: Isolation): Promise<void> {
  const notes = await Deno.makeTempDir();
  await using given = await pythonServer(`
import os, socket, subprocess, time
child = subprocess.Popen(["sleep", "600"], start_new_session=True)
with open("${notes}/new", "w") as file:
    file.write("%d %d" % (os.getpid(), child.pid))
os.rename("${notes}/new", "${notes}/pids")
listener = socket.create_server(("localhost", 15302))
time.sleep(600)
`);
  const workbench = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-P=herd", "--no-check", "sim/live/cli/herd_main.ts"],
      ...["--bring", given.command.join(" "), "--folder", given.folder],
      ...["--isolate", isolation, "--topology", "line:1", "--no-log", "--json"],
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  try {
    const input = workbench.stdin.getWriter();
    await input.write(new TextEncoder().encode("pause s0\n"));
    const output = workbench.stdout.getReader();
    await output.read();
    let pids: string[] = [];
    await until(async () => {
      // One that was started to see its port was there before.
      pids = (await Deno.readTextFile(`${notes}/pids`)).split(" ");
      return (await stateOf(pids[0]!)).startsWith("T");
    });
    const [server = ""] = pids;
    const [its = ""] = await namespacesOf(server);
    const [ours] = await namespacesOf("self");
    assert(its !== "");
    assertEquals(its === ours, isolation !== "netns");
    workbench.kill("SIGKILL");
    await until(async () =>
      (await Promise.all(pids.map(stateOf))).every(isOver)
    );
    // Its mounts have gone with it.
    if (its !== ours) {
      await until(async () => !(await namespacesOf("[0-9]*")).includes(its));
    }
    await output.cancel();
    await input.close().catch(() => {});
    await workbench.status;
  } finally {
    await Deno.remove(notes, { recursive: true });
  }
}

/** The network namespaces of processes: of one, or of `[0-9]*`. */
async function namespacesOf(pids: string): Promise<string[]> {
  // Deno itself reads nothing there without all permissions.
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", `readlink /proc/${pids}/ns/net`],
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout).trim().split("\n");
}

async function stateOf(pid: string): Promise<string> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-o", "stat=", "-p", pid],
  }).output();
  return new TextDecoder().decode(stdout).trim();
}

function isOver(state: string): boolean {
  return state === "" || state.startsWith("Z");
}
