import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { WatchedHerd } from "./watched_herd.ts";
import { unless, whyNoProgram } from "../../../skipped.ts";

const DOCS = new URL("../../../../docs/api.md", import.meta.url);

Deno.test({
  ...unless(
    whyNoProgram("curl", "bash"),
    "docs/api.md does a whole drill by curl, as it is written",
  ),
  async fn() {
    const docs = await Deno.readTextFile(DOCS);
    const blocks = [...docs.matchAll(/^```bash\n([^]*?)^```$/gm)]
      .map(([, block]) => block!);
    assertEquals(blocks.length, 3);
    await using watched = await WatchedHerd.start("2014", {
      places: "embedded",
    });
    const { success, stdout, stderr } = await new Deno.Command("bash", {
      args: ["-c", blocks.join("\n")],
      env: { HERD: watched.base, TOKEN: watched.token, NO_PROXY: "127.0.0.1" },
      stdout: "piped",
      stderr: "piped",
    }).output();
    const out = new TextDecoder().decode(stdout);
    assert(success, out + new TextDecoder().decode(stderr));
    assertEquals(out.match(/"passed":true/g)?.length, 7);
    assertStringIncludes(out, '"state":"passed"');
    assertStringIncludes(out, "<testsuite");
    assertStringIncludes(out, '{"id":"slow","targets":["Alford-Parker"]}');
    const states = watched.herd.status().map(({ state }) => state);
    assertEquals(states, ["up", "up", "up", "up", "up"]);
    assertEquals(watched.herd.faults.active, []);
  },
});
