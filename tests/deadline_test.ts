import { assert, assertEquals, assertStringIncludes } from "@std/assert";

const DEADLINE = new URL("deadline.ts", import.meta.url).href;

/** Four that hang, each in its way, told to Deno in all the ways there are. */
const HANGING = `
Deno.test("waits for a promise", () => new Promise(() => setInterval(() => {}, 50)));
Deno.test({
  name: "waits for a connection",
  async fn() {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    await listener.accept();
  },
});
Deno.test("loops", {}, () => { for (;;); });
Deno.test(function hangs() { return new Promise(() => setInterval(() => {}, 50)); });
Deno.test(function passes() {});
Deno.test({ permissions: "none" }, function passesToo() {});
Deno.test({ name: "has its own", timeout: 60_000, fn: () => new Promise((done) => setTimeout(done, 700)) });
`;

Deno.test("setDeadline() has each test that hangs fail by its name", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(
      `${folder}/preload.ts`,
      `import { setDeadline } from "${DEADLINE}";\nsetDeadline(300);\n`,
    );
    await Deno.writeTextFile(`${folder}/hanging_test.ts`, HANGING);
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: [
        "test",
        "--no-check",
        "--allow-net=127.0.0.1",
        "--preload=preload.ts",
        "hanging_test.ts",
      ],
      cwd: folder,
      env: { NO_COLOR: "1" },
      stderr: "null",
    }).output();
    const told = new TextDecoder().decode(stdout);
    assert(code !== 0, told);
    const waiting = ["waits for a promise", "waits for a connection"];
    for (const name of [...waiting, "loops", "hangs"]) {
      assertStringIncludes(told, `${name} ... FAILED`);
    }
    for (const name of ["passes", "passesToo", "has its own"]) {
      assertStringIncludes(told, `${name} ... ok`);
    }
    assertEquals(told.match(/Test timed out after 300ms/g)?.length, 4, told);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("All that runs tests gives them a deadline", async () => {
  const root = new URL("../", import.meta.url);
  const { tasks } = JSON.parse(
    await Deno.readTextFile(new URL("deno.json", root)),
  ) as { tasks: Record<string, { command: string }> };
  const ci = await Deno.readTextFile(new URL(".ci/run", root));
  const commands = Object.values(tasks).map(({ command }) => command);
  const runs = [...commands, ...ci.split("\n")]
    .flatMap((text) => text.split("&&"))
    .filter((text) => /\bdeno test\b/.test(text));
  assert(runs.length >= 5, runs.join("\n"));
  for (const run of runs) {
    assertStringIncludes(run, "--preload tests/deadline.ts");
  }
});
