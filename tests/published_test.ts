import { assert } from "@std/assert";
import { assertShipped } from "./shipped.ts";

const ROOT = new URL("../", import.meta.url);

Deno.test("deno publish has what the library and its programs need, without tests", async () => {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["publish", "--dry-run", "--allow-dirty", "--no-check"],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const listed = text(stdout) + text(stderr);
  assert(success, listed);
  const files = [...listed.matchAll(/^\s+(file:\S+) \(/gm)]
    .map(([, url]) => url!.slice(ROOT.href.length));
  assertShipped(files, ["mod.ts", "sim/live/cli/herd_main.ts"]);
  assert(!files.includes(".git"), "A worktree's .git");
});
