/**
 * docs/deploy.md, done as it stands there: its machines are network namespaces.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { type Machine, Machines, whyNone } from "../../bench/run/machines.ts";
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

Deno.test({
  ...unless(
    why,
    "docs/deploy.md brings a herd from one machine to three, as it is written",
  ),
  async fn() {
    const text = Deno.readTextFileSync(new URL("docs/deploy.md", ROOT));
    const folder = Deno.makeTempDirSync({ prefix: "herd-deploy-" });
    using machines = new Machines(Object.values(HOSTS));
    const [ash, elm] = machines.all as [Machine, Machine];
    Deno.writeTextFileSync(
      `${folder}/herd.yaml`,
      block(text, "## 2.", "yaml"),
    );
    const setUp = "set -e; " + block(text, "## 1.", "sh").split("\n")[0] +
      "\n" + block(text, "## 3.", "sh");
    const { code, err } = ash.shell(setUp, folder);
    assertEquals(code, 0, err);

    const start = block(text, "## 4.", "sh");
    const path = `${
      dirname(Deno.execPath())
    }:/usr/local/bin:/usr/bin:/bin:/usr/sbin`;
    const servers = Object.entries(HOSTS).map(([name, host], at) =>
      machines.all[at]!.start("bash", [
        "-c",
        start.replace("serve Ash", `serve ${name}`)
          .replaceAll(HOSTS.Ash, host)
          .replace("deno task", `deno task --cwd ${fileURLToPath(ROOT)}`),
      ], { cwd: folder, env: { INIT_CWD: folder, PATH: path } })
    );
    for (const server of servers) {
      await server.says(/link to \w+ up[^]*link to \w+ up/);
    }
    const client = block(text, "clients too:", "sh");
    const told = (machine: Machine, line: string) =>
      machine.shell(`(echo '${line}'; sleep 2) | timeout 10 ${client}`, folder)
        .out;
    const at = told(elm, "IAMAT kiwi +34-118 1");
    assert(at.startsWith("AT Ash "), at);
    assert(told(elm, "WHATSAT kiwi 1 1").startsWith(at.trim()));
    // A task is a program that runs another: all that runs there ends with them.
    machines[Symbol.dispose]();
    for (const server of servers) await server[Symbol.asyncDispose]();
    Deno.removeSync(folder, { recursive: true });
  },
});
