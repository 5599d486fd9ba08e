/**
 * Servers that somebody wrote, on several hosts by agents.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { whyNone } from "../../bench/run/machines.ts";
import { whyNoNamespace } from "../../sim/worlds/processes/isolation.ts";
import { unless } from "../skipped.ts";
import { writeSpecimen } from "../specimens/specimens.ts";
import { Agents, HOSTS } from "./agents.ts";

const COMMAND = "python3 server.py {name}";
/** It crashes on a client of this name. */
const BOMB = `    if words[1:2] == ["bomb"]:
        print("it was a bomb", flush=True)
        import os
        os._exit(3)
`;
const why = whyNone("openssl", "bash", "python3");
const CRASH = `
topology: "2014"
steps:
  - send: { line: IAMAT bomb +0+0 1, to: Bolden, may: fail }
  - wait: 1s
`;

/** Of those that hold of a right herd on one machine. */
const SHIPPED = ["split-brain", "cascade", "crash-loop"];

const PLACES = `
topology: "2014"
steps:
  - iamat: { client: kiwi, position: +34.068930-118.445127, to: Alford }
  - expect: { client: kiwi, on: all, within: 30s }
  - whatsat: { client: kiwi, radius: 10, items: 5, to: Bolden, expect: places }
  - places: http-500
  - whatsat: { client: kiwi, radius: 10, items: 5, to: Bolden, expect: { status: UNKNOWN_ERROR } }
  - whatsat: { client: kiwi, radius: 10, items: 5, to: Parker, expect: { status: UNKNOWN_ERROR } }
  - places: none
  - whatsat: { client: kiwi, radius: 10, items: 5, to: Bolden, expect: places }
checks:
  - faults.places.count == 1
`;

/** Parted, killed, frozen; and however slow this machine is. */
const DRILL = `
topology: "2014"
groups:
  left: [Alford, Powell]
  right: [Bolden, Parker, Hamilton]
steps:
  - iamat: { client: kiwi, position: +34.0-118.4, to: Alford }
  - expect: { client: kiwi, on: all, within: 30s }
  - partition: { groups: [left, right] }
  - iamat: { client: moa, position: +34.1-118.4, to: Powell }
  - expect: { client: moa, on: left, within: 30s }
  - expect: { client: moa, on: left, never: right, for: 300ms }
  - heal: all
  - kill: Hamilton
  - revive: Hamilton
  - pause: Parker
  - resume: Parker
  - iamat: { client: emu, position: +34.2-118.4, to: Hamilton }
  - expect: { client: emu, on: all, within: 30s }
`;

/** What a careless server makes of its body is its own affair. */
function placesDrill(folder: string): string {
  const file = `${folder}/places.yaml`;
  Deno.writeTextFileSync(file, PLACES);
  return file;
}

async function passes(herd: Agents): Promise<void> {
  const file = `${herd.folder}/drill.yaml`;
  Deno.writeTextFileSync(file, DRILL);
  await using drill = herd.drill(file, "--no-log", "--seed", "7");
  await drill.says(/: (?:passed|failed|unknown), \d+ step/i, 300_000);
  assert(drill.said.includes("drill: passed"), drill.said);
  assert(drill.said.includes(`${HOSTS[0]}:12090 brings ${COMMAND}`));
}

Deno.test({
  ...unless(
    why ?? await whyNoNamespace(),
    "a drill runs over hosts with servers in network namespaces of their own",
  ),
  async fn() {
    const folder = Deno.makeTempDirSync();
    await writeSpecimen("asyncio_dict", folder, (port) => port);
    const bring = ["--bring", COMMAND, "--folder", folder];
    await using herd = new Agents(...bring, "--isolate", "netns");
    for (const agent of herd.agents) await agent.says("a network namespace");
    await passes(herd);
    Deno.removeSync(folder, { recursive: true });
  },
});

Deno.test({
  ...unless(
    why,
    "drills run over hosts with servers that agents bring, of which nothing is left",
  ),
  async fn(test) {
    const folder = Deno.makeTempDirSync();
    await writeSpecimen("asyncio_dict", folder, (port) => port);
    const file = `${folder}/server.py`;
    const source = Deno.readTextFileSync(file);
    const at = source.indexOf('    if words[0] == "IAMAT"');
    Deno.writeTextFileSync(file, source.slice(0, at) + BOMB + source.slice(at));
    await using herd = new Agents("--bring", COMMAND, "--folder", folder);
    for (const agent of herd.agents) await agent.says(`it brings ${COMMAND}`);

    await test.step("one with faults of links and servers passes", () =>
      passes(herd));

    await test.step("drills that ship hold, however slow this machine is", async () => {
      await using drill = herd.drill(SHIPPED[0]!, ...SHIPPED.slice(1));
      await drill.says(`${SHIPPED.length} drills: `, 120_000);
      for (const name of SHIPPED) {
        assert(
          new RegExp(`^${name}: (passed|unknown), `, "m").test(drill.said),
          drill.said,
        );
      }
    });

    await test.step("what is not in their power is refused, or skipped with the reason", async () => {
      await using drill = herd.drill("partition", "--mode", "tree");
      await drill.says("--mode: servers that are brought know nothing of it");
      assertEquals(await drill.over(), 2);
      await using ways = herd.drill("ways-in", "--no-log");
      await ways.says("servers that were brought: they speak TCP alone");
      assertEquals(await ways.over(), 2);
      await using skew = herd.drill("clock-skew", "--no-log");
      await skew.says("do not let anybody set their clocks");
    });

    await test.step("their places services fail and stall on all hosts", async () => {
      await using drill = herd.drill(placesDrill(folder), "--no-log");
      await drill.says(/places: \w+, \d+ step/, 120_000);
      assert(drill.said.includes("places: passed"), drill.said);
    });

    await test.step("a crash is told with what was printed, which is in the log", async () => {
      const crash = `${folder}/crash.yaml`;
      Deno.writeTextFileSync(crash, CRASH);
      const logs = `${folder}/logs`;
      await using drill = herd.drill(crash, "--log-dir", logs);
      await drill.says(/crash: \w+, \d+ step/);
      const [run] = [...Deno.readDirSync(logs)];
      const path = `${logs}/${run!.name}/Bolden.jsonl`;
      const log = Deno.readTextFileSync(path);
      assert(log.includes("it was a bomb"), log);
      assert(
        log.includes('it ended with code 3, after \\"IAMAT bomb +0+0 1\\"'),
        log,
      );
    });

    await test.step("nothing outlives the agent, nor the workbench", async () => {
      await using drill = herd.drill("frozen-server", "--no-log");
      await drill.says(/ok +pause Powell/);
      for (const at of HOSTS.keys()) assert(herd.children(at) > 0);
      await herd.agents[1]!.end("SIGKILL");
      await herd.untilEmpty(1);
      await drill.end("SIGKILL");
      for (const at of HOSTS.keys()) await herd.untilEmpty(at);
    });
    Deno.removeSync(folder, { recursive: true });
  },
});
