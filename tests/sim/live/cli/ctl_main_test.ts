/**
 * The real program, driven from outside.
 *
 * @module
 */
import { delay } from "@std/async";
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { ctl as ctlHere } from "../../../../sim/live/cli/ctl_main.ts";
import { main } from "../../../../sim/live/cli/herd_main.ts";
import { UsageError } from "../../../../sim/live/cli/usage_error.ts";
import { runningHerds } from "../../../../sim/live/ctl/address.ts";
import { IS_WINDOWS, unless } from "../../../skipped.ts";
import { printed } from "./printed.ts";

const ROOT = new URL("../../../../", import.meta.url);
const RUN = ["run", "--quiet", "-P=herd", "sim/live/cli/herd_main.ts"];

function command(args: string[], stdout: "piped" | "null" = "piped") {
  return new Deno.Command(Deno.execPath(), {
    args: [...RUN, ...args],
    cwd: ROOT,
    stdin: "null",
    stdout,
    stderr: "piped",
  });
}

/** What `ctl` says and how it ends. */
async function ctl(...args: string[]) {
  const { code, out, err } = await printed(() => main(["ctl", ...args]));
  return { code, stdout: out, stderr: err };
}

/** The same in a process of its own. */
async function ctlProcess(...args: string[]) {
  const { code, stdout, stderr } = await command(["ctl", ...args]).output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

/** Herds that log into one folder. */
class Herds implements AsyncDisposable {
  readonly logs: string = Deno.makeTempDirSync();
  readonly #herds: { child: Deno.ChildProcess; stderr: Promise<string> }[] = [];

  /** One more, and the folder of its run once it takes commands. */
  async start(topology: string): Promise<[Deno.ChildProcess, string]> {
    const before = await this.running();
    const child = command(
      ["--topology", topology, "--no-page", "--log-dir", this.logs],
      "null",
    ).spawn();
    const stderr = new Response(child.stderr).text();
    this.#herds.push({ child, stderr });
    let hasEnded = false;
    void child.status.then(() => hasEnded = true);
    for (;;) {
      const added = (await this.running()).filter((it) => !before.includes(it));
      if (added[0] !== undefined) return [child, added[0]];
      assert(!hasEnded, hasEnded ? await stderr : "");
      await delay(20);
    }
  }

  async running(): Promise<string[]> {
    return (await runningHerds(this.logs)).map(({ folder }) => folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { child, stderr } of this.#herds) {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended.
      }
      await child.status;
      await stderr;
    }
    await Deno.remove(this.logs, { recursive: true });
  }
}

Deno.test("ctl drives a running herd, and its exit code tells how that ended", async () => {
  await using herds = new Herds();
  const [child, folder] = await herds.start("line:2");
  const run = ["--run", herds.logs];
  const killed = await ctlProcess(...run, "kill", "s1");
  assert(/^s1 killed in \d+ ms\n$/.test(killed.stdout), killed.stdout);
  assertEquals([killed.code, killed.stderr], [0, ""]);
  const again = await ctlProcess("--run", folder, "kill", "s1");
  assertEquals(again, {
    code: 1,
    stdout: "",
    stderr: "Cannot kill s1: it is stopped\n",
  });
  const faults = await ctl(...run, "--json", "faults");
  const { event, faults: [kill] } = JSON.parse(faults.stdout);
  assertEquals([event, kill.id, kill.targets], ["faults", "kill-1", ["s1"]]);
  const digits = "1621464827.9500";
  const sent = await ctl(
    ...run,
    ...["send", "s0", "IAMAT", "kiwi", "+34.0-118.0", digits],
  );
  assertStringIncludes(sent.stdout, ` kiwi +34.0-118.0 ${digits}\n`);
  assertEquals((await ctl(...run, "records", "s0")).stdout, sent.stdout);
  const failed = await ctl(...run, "--json", "kill", "s1");
  assertEquals([failed.code, JSON.parse(failed.stdout)], [1, {
    event: "error",
    message: "Cannot kill s1: it is stopped",
  }]);
  const quit = await ctl(...run, "quit");
  assertEquals(quit, { code: 0, stdout: "stopping\n", stderr: "" });
  assertEquals((await child.status).code, 0);
  const left = [...Deno.readDirSync(folder)].map(({ name }) => name);
  assertEquals(left.sort(), [".run", "s0.jsonl", "s1.jsonl"]);
});

Deno.test("ctl exits with 2 at wrong usage, at no herd, and at several, which it names", async () => {
  await using herds = new Herds();
  const run = ["--run", herds.logs];
  const wrong = [
    [["--run", herds.logs], "no command"],
    [["--jsn", "status"], "no option --jsn"],
    [["--run", "", "status"], "--run needs a value"],
    [[...run, "status"], `no herd runs that logs into ${herds.logs}`],
  ] as const;
  for (const [args, message] of wrong) {
    await assertRejects(() => ctlHere([...args]), UsageError, message);
  }
  const { code, stdout, stderr } = await ctlProcess(...wrong[0][0]);
  assertEquals([code, stdout, stderr], [2, "", "no command, see --help\n"]);
  const [first, gone] = await herds.start("line:1");
  const [, folder] = await herds.start("line:1");
  const both = await ctl(...run, "status");
  assertEquals([both.code, both.stdout], [2, ""]);
  for (const one of [gone, folder]) assertStringIncludes(both.stderr, one);
  assertEquals((await ctl("--run", folder, "stat")).code, 2);
  // What a herd has left that was killed is passed over.
  first.kill("SIGKILL");
  await first.status;
  assert(Deno.statSync(`${gone}/.ctl`).isFile);
  assertEquals((await ctl(...run, "status")).code, 0);
  assertEquals((await ctl("--run", gone, "status")).code, 2);
});

Deno.test({
  ...unless(
    IS_WINDOWS,
    "ctl stops waiting at SIGINT, and leaves the herd alone",
  ),
  async fn() {
    await using herds = new Herds();
    await herds.start("line:2");
    const run = ["--run", herds.logs];
    await ctl(...run, "pause", "s1");
    const child = command(
      ["ctl", ...run, "log", "-f", "s0", "1", "line-in"],
    ).spawn();
    const stderr = new Response(child.stderr).text();
    const reader = child.stdout.getReader();
    await ctl(...run, "send", "s0", "WHATSAT", "kiwi", "1", "1");
    // It follows the log by then, so it waits.
    await reader.read();
    child.kill("SIGINT");
    while (!(await reader.read()).done);
    assertEquals((await child.status).code, 130);
    assertEquals(await stderr, "stopped waiting\n");
    const { stdout } = await ctl(...run, "--json", "status");
    const { servers } = JSON.parse(stdout);
    assertEquals(
      servers.map(({ state }: { state: string }) => state),
      ["up", "paused"],
    );
  },
});

Deno.test("ctl tells its options and all commands", async () => {
  const { code, stdout } = await ctl("--help");
  assertEquals(code, 0);
  for (const text of ["--run FOLDER", "records", "partition"]) {
    assertStringIncludes(stdout, text);
  }
});
