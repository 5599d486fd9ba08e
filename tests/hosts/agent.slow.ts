/**
 * Servers on several hosts by agents, whose machines are network namespaces.
 *
 * `HOSTS_DRILLS=all deno task test:hosts` runs all drills that ship there, and
 * with names in place of `all`, as in `HOSTS_DRILLS=churn,soak`, those.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { hubClient } from "../../sim/live/hub/hub_client.ts";
import { whyNone } from "../../bench/run/machines.ts";
import { passedButForSpeed } from "../speed.ts";
import { Agents, HOSTS } from "./agents.ts";

const ROOT = new URL("../../", import.meta.url);
const SCENARIOS = new URL("sim/scenarios/", ROOT);
/** One that ships, and one whose clients have a thread of their own. */
const USUAL = "partition,greedy-client";
const ASKED = Deno.env.get("HOSTS_DRILLS") ?? USUAL;

function drills(): string[] {
  if (ASKED !== "all") return ASKED.split(",");
  return [...Deno.readDirSync(SCENARIOS)].map(({ name }) => name)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => name.slice(0, -".yaml".length)).sort();
}

const why = whyNone("openssl", "bash");

Deno.test({
  name: "drills run over hosts by agents, which leave nothing behind" +
    (why === undefined ? "" : ` (skipped: ${why})`),
  ignore: why !== undefined,
  // All of them take longer than any one test may.
  ...ASKED !== USUAL && { timeout: 3_600_000 },
  async fn(test) {
    // Machines that are namespaces reach no registry.
    await hubClient();
    await using herd = new Agents();
    for (const agent of herd.agents) await agent.says("the agent listens on");

    for (const name of drills()) {
      await test.step(`${name} passes`, async () => {
        await using drill = herd.drill(name, "--no-log", "--seed", "7");
        await drill.says(/: (?:passed|failed|unknown), \d+ step/i, 300_000);
        assert(passedButForSpeed(name, drill.said), drill.said);
      });
    }

    await test.step("who has another secret is turned away", async () => {
      const secret = ["--secret-file", `${herd.folder}/other`];
      await using drill = herd.drill("partition", "--no-log", ...secret);
      await drill.says("or has another secret");
      await herd.agents[0]!.says("wrong proof");
    });

    await test.step("a machine that falls silent is noticed, and is no verdict", async () => {
      await using drill = herd.drill("soak", "--no-log");
      await drill.says("faults:");
      herd.machines.all[2]!.plug(false);
      await drill.says(`the lease on ${HOSTS[2]}:12090 is lost`);
      await drill.says("its agent gave no sign of life for 15 s");
      assertEquals(await drill.over(), 3, drill.said);
      await herd.untilEmpty(2);
      herd.machines.all[2]!.plug(true);
    });

    await test.step("the prompt ends with a host, and says which", async () => {
      await using prompt = herd.prompt();
      await prompt.says("is up: 5 servers");
      await herd.agents[2]!.end("SIGKILL");
      assertEquals(await prompt.over(), 3, prompt.said);
      const why = `the lease on ${HOSTS[2]}:12090 is lost`;
      assert(prompt.said.includes(why), prompt.said);
      herd.agents[2] = herd.start(HOSTS[2]!, 2);
      await herd.agents[2].says("the agent listens on");
    });

    await test.step("what runs ends with its agent, and with its workbench", async () => {
      await using drill = herd.drill("frozen-server", "--no-log");
      // One is paused: it can't see that its input has ended.
      await drill.says(/ok +pause Powell/);
      for (const at of HOSTS.keys()) assert(herd.children(at) > 0);
      await herd.agents[1]!.end("SIGKILL");
      await herd.untilEmpty(1);
      await drill.end("SIGKILL");
      for (const at of HOSTS.keys()) await herd.untilEmpty(at);
    });
  },
});
