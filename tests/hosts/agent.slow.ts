/**
 * Servers on several hosts by agents, whose machines are network namespaces.
 *
 * `HOSTS_DRILLS=all deno task test:hosts` runs all drills that ship there, and
 * with names in place of `all`, as in `HOSTS_DRILLS=churn,soak`, those.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async";
import { hubClient } from "../../sim/live/hub/hub_client.ts";
import {
  type Machine,
  Machines,
  type Program,
  whyNone,
} from "../../bench/run/machines.ts";

const ROOT = new URL("../../", import.meta.url);
const SCENARIOS = new URL("sim/scenarios/", ROOT);
const HOSTS = ["ash.herd.test", "elm.herd.test", "oak.herd.test"];
/** One that ships, and one whose clients have a thread of their own. */
const USUAL = "partition,greedy-client";
const ASKED = Deno.env.get("HOSTS_DRILLS") ?? USUAL;
const DENO = ["run", "--quiet", "--no-check", "-P=herd"];

const CERTIFICATES = `set -e
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
  -subj /CN=herd -keyout ca.key -out ca.pem
for host in ${HOSTS.join(" ")}; do
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=$host \
    -addext subjectAltName=DNS:$host -keyout $host.key -out $host.csr
  openssl x509 -req -in $host.csr -CA ca.pem -CAkey ca.key -days 30 \
    -copy_extensions copy -out $host.pem
done
openssl rand -hex 32 > secret
openssl rand -hex 32 > other`;

/** Machines with an agent each, and one for the workbench. */
class Agents implements AsyncDisposable {
  readonly machines = new Machines([...HOSTS, "work.herd.test"]);
  readonly folder = Deno.makeTempDirSync({ prefix: "herd-agents-" });
  readonly agents: Program[];

  constructor() {
    const { code, err } = this.workbench.shell(CERTIFICATES, this.folder);
    assertEquals(code, 0, err);
    this.agents = HOSTS.map((host, at) => this.start(host, at));
  }

  get workbench(): Machine {
    return this.machines.all.at(-1)!;
  }

  start(host: string, at: number): Program {
    const file = `${this.folder}/${host}`;
    return this.machines.all[at]!.start(Deno.execPath(), [
      ...[...DENO, "sim/live/cli/agent_main.ts"],
      ...["--secret-file", `${this.folder}/secret`],
      ...["--tls-cert", `${file}.pem`, "--tls-key", `${file}.key`],
    ], { cwd: ROOT });
  }

  drill(name: string, ...options: string[]): Program {
    const secret = options.includes("--secret-file")
      ? []
      : ["--secret-file", `${this.folder}/secret`];
    return this.workbench.start(Deno.execPath(), [
      ...[...DENO, "sim/live/cli/scenario_main.ts", name],
      ...["--world", "hosts", "--hosts", HOSTS.join(","), "--no-log"],
      ...["--tls-ca", `${this.folder}/ca.pem`],
      ...[...secret, ...options],
    ], { cwd: ROOT });
  }

  /** The servers and proxies that run on a machine, beside its agent. */
  children(at: number): number {
    const { out } = this.machines.all[at]!.shell(
      "for pid in $(ip netns pids $(ip netns identify)); do " +
        "tr '\\0' ' ' < /proc/$pid/cmdline 2>/dev/null; echo; done",
    );
    return out.split("\n")
      .filter((it) => /serve_main|proxy_process/.test(it)).length;
  }

  /** Waits until nothing that an agent has started runs on a machine. */
  async untilEmpty(at: number): Promise<void> {
    const endMs = performance.now() + 60_000;
    while (this.children(at) > 0) {
      assert(performance.now() < endMs, `${HOSTS[at]} has children left`);
      await delay(50);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const agent of this.agents) await agent[Symbol.asyncDispose]();
    this.machines[Symbol.dispose]();
    await Deno.remove(this.folder, { recursive: true });
  }
}

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
        await using drill = herd.drill(name, "--seed", "7");
        await drill.says(/: (?:passed|failed|unknown), \d+ step/i, 300_000);
        assert(drill.said.includes(`${name}: passed`), drill.said);
      });
    }

    await test.step("who has another secret is turned away", async () => {
      const secret = ["--secret-file", `${herd.folder}/other`];
      await using drill = herd.drill("partition", ...secret);
      await drill.says("or has another secret");
      await herd.agents[0]!.says("wrong proof");
    });

    await test.step("a machine that falls silent is noticed, and is no verdict", async () => {
      await using drill = herd.drill("soak");
      await drill.says("faults:");
      herd.machines.all[2]!.plug(false);
      await drill.says(`the lease on ${HOSTS[2]}:12090 is lost`);
      await drill.says("its agent gave no sign of life for 15 s");
      assertEquals(await drill.over(), 3, drill.said);
      await herd.untilEmpty(2);
      herd.machines.all[2]!.plug(true);
    });

    await test.step("what runs ends with its agent, and with its workbench", async () => {
      await using drill = herd.drill("frozen-server");
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
