/**
 * Agents that are told to listen on one address of their machine.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { whyNone } from "../../bench/run/machines.ts";
import { whyNoNamespace } from "../../sim/worlds/processes/isolation.ts";
import { unless } from "../skipped.ts";
import { writeSpecimen } from "../specimens/specimens.ts";
import { Agents } from "./agents.ts";

const DRILL = `
topology: "2014"
steps:
  - iamat: { client: kiwi, position: +34.0-118.4, to: Alford }
  - expect: { client: kiwi, on: all, within: 30s }
  - kill: Hamilton
  - revive: Hamilton
  - pause: Parker
  - wait: 2s
  - resume: Parker
  - iamat: { client: emu, position: +34.2-118.4, to: Hamilton }
  - expect: { client: emu, on: all, within: 30s }
`;
const COMMAND = "python3 server.py {name}";
const LOOPBACK = "127.0.0.1";
const why = whyNone("openssl", "bash", "ss", "python3");

/** How many sockets listen on an address of its machine, of the agents' each. */
function listening({ machines }: Agents, at: number): Map<string, number> {
  const { namespace } = machines.all[at]!;
  const { out } = machines.all[at]!.shell("ss -Hltn");
  assert(out !== "", namespace);
  const hosts = out.trim().split("\n").map((line) => {
    const [, , , local = ""] = line.split(/\s+/);
    return local.slice(0, local.lastIndexOf(":"));
  });
  return new Map(
    [...new Set(hosts)].map((host) => [
      host,
      hosts.filter((it) => it === host).length,
    ]),
  );
}

const TRIALS = [
  ["this project's servers", [], why],
  ["servers that are brought, by a shim", ["--isolate", "shim"], why],
  [
    "servers that are brought, in namespaces",
    ["--isolate", "netns"],
    why ?? await whyNoNamespace(),
  ],
] as const;

for (const [whose, isolate, why] of TRIALS) {
  Deno.test({
    ...unless(why, `agents and ${whose} listen on no address but --listen's`),
    async fn() {
      const folder = Deno.makeTempDirSync();
      await writeSpecimen("asyncio_dict", folder, (port) => port);
      const brought = isolate.length === 0
        ? []
        : ["--bring", COMMAND, "--folder", folder, ...isolate];
      await using herd = new Agents("--listen", "{address}", ...brought);
      for (const agent of herd.agents) await agent.says("listens on 10.77.");
      const file = `${herd.folder}/drill.yaml`;
      Deno.writeTextFileSync(file, DRILL);
      await using drill = herd.drill(file, "--no-log", "--seed", "7");
      await drill.says(/ok +pause Parker/);
      for (const at of herd.agents.keys()) {
        const { address } = herd.machines.all[at]!;
        const hosts = listening(herd, at);
        assert(hosts.get(address)! >= 2, "the agent and a server");
        const others = [...hosts.keys()]
          .filter((host) => host !== address && host !== LOOPBACK);
        assertEquals(others, []);
      }
      await drill.says(/: (?:passed|failed|unknown), \d+ step/i, 300_000);
      assert(drill.said.includes("drill: passed"), drill.said);
      Deno.removeSync(folder, { recursive: true });
    },
  });
}
