import { denoDisk } from "../../../../herd/net/deno_disk.ts";
import { assertEquals, assertStringIncludes } from "@std/assert";

const SECRET = "0aF".repeat(32);

/** Runs `deno task herd` with nothing to do. */
async function herd(args: string[], env: Record<string, string> = {}) {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-check", "-P=herd"],
      ...["sim/live/cli/herd_main.ts", "--topology", "line:1", ...args],
    ],
    env: { ...env, INIT_CWD: "" },
    stdin: "null",
  }).output();
  return { code, error: new TextDecoder().decode(stderr) };
}

Deno.test("herd_main refuses a secret or a log folder that it can't use by one line", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const short = `${folder}/short`;
    await Deno.writeTextFile(short, "abc\n");
    const digits = "64 hex digits or more";
    const cases: [string[], Record<string, string>, string][] = [
      [["--no-log", "--secret-file", `${folder}/none`], {}, "cannot read"],
      [["--no-log", "--secret-file", short], {}, digits],
      [["--no-log"], { HERD_SECRET: "g".repeat(64) }, digits],
      [["--no-log", "--secret-file", short], { HERD_SECRET: SECRET }, digits],
      [["--log-dir", `${short}/logs`], {}, "cannot write to"],
      [["--log-dir", "/proc/self"], {}, "cannot write to /proc/self"],
      [["--no-log", "--places", "nowhere"], {}, "no http or https address"],
      [["--no-log", "--data-dir", "/proc/self"], {}, "cannot write to"],
      [
        ["--no-log", "--topology", "line:1", "--data-dir", folder],
        {},
        "another server does",
      ],
    ];
    // As another herd has it.
    const taken = await denoDisk.open(`${folder}/s0`);
    for (const [args, env, why] of cases) {
      const { code, error } = await herd(args, env);
      assertStringIncludes(error, why);
      assertEquals([code, error.trimEnd().split("\n").length], [2, 1], error);
    }
    taken?.close();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
