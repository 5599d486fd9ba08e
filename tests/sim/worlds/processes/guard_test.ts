import { assert, assertEquals } from "@std/assert";
import { freePorts } from "../../../free_ports.ts";
import {
  Guarded,
  PROGRAM_LIMITS,
  type ProgramEvent,
} from "../../../../sim/worlds/processes/guarded.ts";

const SCRIPT = new URL(
  "../../../../sim/worlds/processes/guard.py",
  import.meta.url,
).pathname;

/** What lines of Python print that have the guard's functions as `guard`. */
async function printedBy(lines: string): Promise<string> {
  // Its own lines without the last ones, which start a program.
  const { stdout, stderr } = await new Deno.Command("python3", {
    args: [
      "-c",
      `
import sys
path = sys.argv[1]
sys.argv = [path, '{"limits": {}}']
guard = {"__name__": "guard", "__file__": path}
exec(open(path).read().split("\\nmain()\\n")[0], guard)
${lines}`,
      SCRIPT,
    ],
  }).output();
  const [told, errors] = [stdout, stderr]
    .map((bytes) => new TextDecoder().decode(bytes));
  return told! + errors;
}

Deno.test("guard.py finds all processes of a chain, however long", async () => {
  const told = await printedBy(`
guard["children"] = lambda pid: [pid + 1] if pid < 5000 else []
found = guard["descendants"](1)
guard["children"] = lambda pid: {1: [2, 3], 2: [4], 3: [5]}.get(pid, [])
print(len(found), found[-1], sorted(guard["descendants"](1)))
`);
  assertEquals(told, "4999 5000 [2, 3, 4, 5]\n");
});

Deno.test("guard.py takes an order that comes in pieces as one", async () => {
  const told = await printedBy(`
import os
pieces = iter([b"SIGTE", b"RM\\nROU", b"TES\\nROUTES\\n", b""])
os.read = lambda file, count: next(pieces)
guard["send"] = lambda name, group: print(name)
guard["route"] = lambda then: print("ROUTES")
while guard["obey"](1):
    pass
`);
  assertEquals(told, "SIGTERM\nROUTES\nROUTES\n");
});

Deno.test("guard.py leaves to a shim that has spoken to tell where it listens", async () => {
  const told = await printedBy(`
import os
guard["program"] = lambda: []
guard["listening"] = lambda pids, group: 15300
guard["excess"] = lambda pids: None
guard["listens"] = print
shim, spoken = os.pipe()
os.write(spoken, b"{}")
print(guard["check"](False, 1, shim))
os.read(shim, 2)
print(guard["check"](False, 1, shim))
`);
  assertEquals(told, "(False, False)\n15300\n(False, True)\n");
});

Deno.test("Guarded tells which program there is not, and not where it was looked for", async () => {
  const folder = await Deno.makeTempDir();
  const events: ProgramEvent[] = [];
  const guarded = new Guarded({
    command: ["none-such", "{}"],
    folder,
    env: {},
    events: `${folder}/events`,
    limits: PROGRAM_LIMITS,
  }, {
    onEvent: (event) => void events.push(event),
    onLine: () => {},
    onEnd: () => {},
  });
  await guarded.ended;
  assertEquals(events, [{
    event: "unstartable",
    why: "[Errno 2] No such file or directory: 'none-such'",
  }]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("Guarded.reroute() resolves once what the map says is reached", async () => {
  const folder = await Deno.makeTempDir();
  const [near = 0, given = 0] = freePorts(2);
  const hostname = "127.0.0.1";
  using target = Deno.listen({ hostname, port: 0 });
  const map = `${folder}/map.json`;
  const write = (connect: Record<string, number>) =>
    Deno.writeTextFile(map, JSON.stringify({ connect, hosts: {} }));
  await write({});
  const started = Promise.withResolvers<void>();
  const guarded = new Guarded({
    command: ["sleep", "600"],
    folder,
    env: {},
    events: `${folder}/events`,
    limits: PROGRAM_LIMITS,
    ways: { map, port: given, areInside: false },
  }, {
    onEvent: ({ event }) => void (event === "start" && started.resolve()),
    onLine: () => {},
    onEnd: () => {},
  });
  await started.promise;
  // It is read once it is written, which is later than it is told of.
  await Deno.remove(map);
  await new Deno.Command("mkfifo", { args: [map] }).output();
  let isRouted = false;
  const routed = guarded.reroute().then(() => isRouted = true);
  const pipe = await Deno.open(map, { write: true });
  assert(!isRouted);
  const ways = { connect: { [near]: target.addr.port }, hosts: {} };
  await pipe.write(new TextEncoder().encode(JSON.stringify(ways)));
  pipe.close();
  await routed;
  using _conn = await Deno.connect({ hostname, port: near });
  using _passed = await target.accept();
  await Deno.remove(map);
  await write({});
  // What waits as it ends, or asks after that, does not wait for ever.
  const waiting = guarded.reroute();
  guarded.kill();
  await waiting;
  await guarded.ended;
  await guarded.reroute();
  await Deno.remove(folder, { recursive: true });
});
