import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { makeDataFolder } from "../../../../sim/live/cli/folders.ts";
import { main } from "../../../../sim/live/cli/herd_main.ts";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { printed } from "./printed.ts";

const SECRET = "0aF".repeat(32);

/** Runs `deno task herd` with nothing to do; in a process if it has variables. */
async function herd(args: string[], env?: Record<string, string>) {
  const all = ["--topology", "line:1", ...args];
  if (env === undefined) {
    const { code, err } = await printed(() => main(all));
    return { code, error: err };
  }
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-P=herd", "sim/live/cli/herd_main.ts", ...all],
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
    const cases: [string[], string, Record<string, string>?][] = [
      [["--no-log", "--secret-file", `${folder}/none`], "cannot read"],
      [["--no-log", "--secret-file", short], digits],
      [["--no-log"], digits, { HERD_SECRET: "g".repeat(64) }],
      [["--no-log", "--secret-file", short], digits, { HERD_SECRET: SECRET }],
      [["--log-dir", `${short}/logs`], "cannot write to"],
      [["--log-dir", "/proc/self"], "cannot write to /proc/self"],
      [["--no-log", "--places", "nowhere"], "no http or https address"],
      [["--no-log", "--data-dir", "/proc/self"], "cannot write to"],
      [
        ["--no-log", "--topology", "line:1", "--data-dir", folder],
        "another server does",
      ],
    ];
    // As another herd has it.
    const taken = await denoPlatform.disk!.open(`${folder}/s0`);
    for (const [args, why, env] of cases) {
      const { code, error } = await herd(args, env);
      assertStringIncludes(error, why);
      assertEquals([code, error.trimEnd().split("\n").length], [2, 1], error);
    }
    taken?.close();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("makeDataFolder() tells of what servers of another herd have kept there", () => {
  const folder = Deno.makeTempDirSync();
  const told: string[] = [];
  const herd = (name: string, ...servers: string[]) =>
    makeDataFolder(
      folder,
      {
        name,
        servers: servers.map((it) => ({ name: it, port: 0 })),
        links: [],
      },
      (text) => told.push(text),
    );
  try {
    herd("2014", "Alford", "Parker");
    herd("a copy", "Parker", "Alford");
    assertEquals(told, []);
    herd("2016", "Alford", "Ball");
    assertEquals(told, [
      `warning: --data-dir ${folder} was last that of 2014; what Alford kept ` +
      "there is held again in 2016",
    ]);
    herd("2016", "Alford", "Ball");
    herd("ring:2", "s0", "s1");
    assertEquals(told.length, 1);
    assertEquals([...Deno.readDirSync(folder)].length, 1);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
