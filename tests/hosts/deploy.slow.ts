/**
 * docs/deploy.md, done as it stands there: its machines are network namespaces.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { whyNone } from "../../bench/run/machines.ts";
import { type Machine, Machines, type Program } from "./machines.ts";
import { unless } from "../skipped.ts";

const ROOT = new URL("../../", import.meta.url);
const HOSTS = { Ash: "ash.example", Elm: "elm.example", Oak: "oak.example" };

/** The first block of code of a language behind a text. */
function block(document: string, after: string, language: string): string {
  const at = document.indexOf(after);
  const pattern = new RegExp("```" + language + "\\n([^]*?)```");
  const [, code] = pattern.exec(document.slice(at)) ?? [];
  assert(at >= 0 && code !== undefined, `No ${language} behind "${after}"`);
  return code;
}

const why = whyNone("openssl", "bash");
const PATH = `${
  dirname(Deno.execPath())
}:/usr/local/bin:/usr/bin:/bin:/usr/sbin`;

/** Those machines, and the one that somebody sits at. */
class Deployed implements AsyncDisposable {
  readonly text = Deno.readTextFileSync(new URL("docs/deploy.md", ROOT));
  readonly folder = Deno.makeTempDirSync({ prefix: "herd-deploy-" });
  readonly machines = new Machines([...Object.values(HOSTS), "work.example"]);
  readonly #programs: Program[] = [];

  constructor() {
    Deno.writeTextFileSync(
      `${this.folder}/herd.yaml`,
      block(this.text, "## 2.", "yaml"),
    );
    const setUp = "set -e; " + block(this.text, "## 1.", "sh").split("\n")[0] +
      "\n" + block(this.text, "## 3.", "sh");
    const { code, err } = this.workbench.shell(setUp, this.folder);
    assertEquals(code, 0, err);
  }

  get workbench(): Machine {
    return this.machines.all.at(-1)!;
  }

  /** Types a command on a machine. */
  start(machine: Machine, command: string): Program {
    const there = `deno task --cwd ${fileURLToPath(ROOT)}`;
    const program = machine.start(
      "bash",
      ["-c", command.replace("deno task", there)],
      { cwd: this.folder, env: { INIT_CWD: this.folder, PATH } },
    );
    this.#programs.push(program);
    return program;
  }

  /** Types on each host what is written for the first. */
  startAll(command: string): Program[] {
    return Object.entries(HOSTS).map(([name, host], at) =>
      this.start(
        this.machines.all[at]!,
        command.replace("serve Ash", `serve ${name}`)
          .replaceAll(HOSTS.Ash, host),
      )
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A task is a program that runs another: all that runs there ends with them.
    this.machines[Symbol.dispose]();
    for (const program of this.#programs) await program[Symbol.asyncDispose]();
    await Deno.remove(this.folder, { recursive: true });
  }
}

Deno.test({
  ...unless(
    why,
    "docs/deploy.md brings a herd from one machine to three, as it is written",
  ),
  async fn() {
    await using herd = new Deployed();
    const { text, folder, workbench } = herd;
    for (const server of herd.startAll(block(text, "## 4.", "sh"))) {
      await server.says(/link to \w+ up[^]*link to \w+ up/);
    }
    const client = block(text, "clients too:", "sh");
    const told = (line: string) =>
      workbench
        .shell(`(echo '${line}'; sleep 2) | timeout 10 ${client}`, folder).out;
    const at = told("IAMAT kiwi +34-118 1");
    assert(at.startsWith("AT Ash "), at);
    assert(told("WHATSAT kiwi 1 1").startsWith(at.trim()));
  },
});

Deno.test({
  ...unless(why, "docs/deploy.md has drills and a prompt over the machines"),
  async fn() {
    await using herd = new Deployed();
    for (const agent of herd.startAll(block(herd.text, "## 6.", "sh"))) {
      await agent.says("the agent listens on 0.0.0.0:12090");
    }
    const both = block(herd.text, "that you sit at:", "sh");
    const at = both.indexOf("deno task herd");
    const drills = herd.start(herd.workbench, both.slice(0, at));
    assertEquals(await drills.over(), 0, drills.said);
    const prompt = herd.start(herd.workbench, both.slice(at));
    await prompt.says(/herd is up: 3 servers[^]*Oak +oak\.example:12040/);
  },
});
