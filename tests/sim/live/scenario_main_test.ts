import { assert, assertEquals, assertStringIncludes } from "@std/assert";

const ROOT = new URL("../../../", import.meta.url);
const MAIN = new URL("sim/live/scenario_main.ts", ROOT);

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function command(args: string[], cwd: string): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--config",
      new URL("deno.json", ROOT).pathname,
      "-P=herd",
      MAIN.pathname,
      ...args,
    ],
    cwd,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/** Runs scenario_main.ts in a folder of its own with these files in it. */
async function scenario(
  args: string[],
  files: Record<string, string> = {},
): Promise<Ended & { folder: string[] }> {
  const cwd = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${cwd}/${name}`, text);
    }
    const { code, stdout, stderr } = await command(args, cwd).output();
    return {
      code,
      out: new TextDecoder().decode(stdout),
      err: new TextDecoder().decode(stderr),
      folder: [...Deno.readDirSync(cwd)].map(({ name }) => name).sort(),
    };
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

const PARTITION = Deno.readTextFileSync(
  new URL("sim/scenarios/partition.yaml", ROOT),
);

Deno.test("task scenario passes partition.yaml, found among the drills", async () => {
  const { code, out, err, folder } = await scenario(["partition.yaml"]);
  assertEquals([code, err], [0, ""]);
  assertStringIncludes(out, "  ok    line 14   expect kiwi on all within 1s\n");
  assertStringIncludes(out, "lost: 0; died with their server: 0");
  assert(/^partition: passed, 15 steps, 8 checks, 0 failed/m.test(out), out);
  assert(/seed \d+\)\n$/.test(out), out);
  assert(!out.includes("\x1b"), "no colour: this is no terminal");
  assertEquals(folder, ["logs"]);
});

Deno.test("task scenario exits 1 and names step, line, expected, actual", async () => {
  const lines = PARTITION.trimEnd().split("\n");
  const line = lines.length;
  assertStringIncludes(lines[line - 1]!, "+34.050000-118.250000, on: all");
  lines[line - 1] = lines[line - 1]!.replace("on: all", "never: Hamilton");
  const { code, out, folder } = await scenario(
    ["false.yaml", "--no-log", "--quiet", "--seed", "42"],
    { "false.yaml": lines.join("\n") },
  );
  assertEquals(code, 1);
  assert(
    out.startsWith(
      `false.yaml:${line}:5: failed: expect kiwi at +34.050000-118.250000 ` +
        "never on Hamilton for 1s\n  expected: AT Bolden ",
    ),
    out,
  );
  assertStringIncludes(out, "  actual:   held by Hamilton (after ");
  assertStringIncludes(out, "partition: FAILED, 15 steps, 8 checks, 1 failed");
  assertStringIncludes(out, "seed 42)");
  assertEquals(folder, ["false.yaml"], "no log");
});

Deno.test("task scenario exits 2 and names line, column and the mend", async () => {
  const text = PARTITION.replace("kill: Powell", "kill: Powel")
    .replace("kill: Parker", "kil: Parker");
  const line = text.slice(0, text.indexOf("kill: Powel")).split("\n").length;
  const { code, out, err } = await scenario(["p.yaml"], { "p.yaml": text });
  assertEquals([code, out], [2, ""]);
  assertEquals(err.split("\n").slice(0, 3), [
    `p.yaml:${line}:11: error: no server or group Powel, did you mean Powell?`,
    `${String(line).padStart(5)} |   - kill: Powel`,
    "      |           ^",
  ]);
  assertStringIncludes(err, "error: unknown step kil, did you mean kill?");
});

Deno.test("task scenario exits 2 on wrong usage, and says what is right", async () => {
  const table: [string[], string][] = [
    [[], "no scenario file is named"],
    [["a.yaml", "b.yaml"], "one scenario at a time"],
    [
      ["partiton.yaml"],
      'no scenario "partiton.yaml", did you mean partition.yaml?',
    ],
    [["partition.yaml", "--sed", "3"], "no option --sed, did you mean --seed?"],
    [["partition.yaml", "--seed", "x"], '--seed: "x" is no whole number'],
    [["partition.yaml", "--seed="], "--seed needs a value"],
    [["partition.yaml", "--log-level", "LOUD"], '--log-level: no "LOUD"'],
    [
      ["partition.yaml", "--topology", "2015"],
      '--topology: no topology "2015"',
    ],
    [["partition.yaml", "--topology", "ring:0"], "--topology: Cannot make"],
    [["partition.yaml", "--topology", "ring:5"], "no server Alford"],
  ];
  for (const [args, expected] of table) {
    const { code, out, err } = await scenario(args);
    assertEquals([code, out], [2, ""], args.join(" "));
    assertStringIncludes(err, expected);
  }
});

Deno.test("task scenario --help prints the options", async () => {
  const { code, out } = await scenario(["--help"]);
  assertEquals(code, 0);
  assert(out.startsWith("Usage: deno task scenario <file>"));
});

Deno.test("task scenario --json prints one event a line", async () => {
  const text = "topology: my/pair.yaml\nseed: 5\nsteps:\n  - kill: Ash\n" +
    "  - expect: {converged: [Ash, Elm], within: 50ms}\n";
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/my`);
    await Deno.writeTextFile(
      `${folder}/my/pair.yaml`,
      "servers: {Ash: 0, Elm: 0}\nlinks: [[Ash, Elm]]\n",
    );
    await Deno.writeTextFile(`${folder}/drill.yaml`, text);
    const { code, out, err } = await scenario([
      `${folder}/drill.yaml`,
      "--json",
      "--no-log",
    ]);
    assertEquals([code, err], [1, ""]);
    const events = out.trim().split("\n").map((line) => JSON.parse(line));
    assertEquals(events.map(({ event }) => event), [
      "start",
      "step",
      "step",
      "result",
    ]);
    const { passed, seed, failed, residual } = events[3];
    assertEquals([passed, seed, residual], [false, 5, ["Ash is stopped"]]);
    assertEquals(failed.length, 1);
    assertEquals(failed[0].line, 5);
    assertStringIncludes(
      failed[0].failure.expected,
      "equal records on Ash, Elm",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("task scenario exits 130 when interrupted, at once", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const text = "steps: [{wait: 1ms}, {wait: 1h}]\n";
    await Deno.writeTextFile(`${folder}/long.yaml`, text);
    const process = command(["long.yaml", "--no-log"], folder).spawn();
    const out = process.stdout.pipeThrough(new TextDecoderStream());
    let seen = "";
    for await (const chunk of out) {
      seen += chunk;
      if (seen.includes("wait 1ms")) process.kill("SIGINT");
    }
    const [{ code }] = await Promise.all([
      process.status,
      process.stderr.cancel(),
    ]);
    assertEquals(code, 130);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("deno task scenario --runs writes the smallest plan that fails", async () => {
  const drill = (within: string) => ({
    "drill.yaml": `
topology: ring:3
steps:
  - random: {steps: 12, clients: 2, of: [iamat, kill, revive]}
  - revive: all
  - expect: {converged: all, within: ${within}, unless_killed_within: 10s}
`,
  });
  const args = ["drill.yaml", "--seed", "1", "--runs", "20"];
  const fine = await scenario(args.with(-1, "2"), drill("5s"));
  assertEquals(fine.code, 0, fine.out + fine.err);
  assertStringIncludes(fine.out, "drill.yaml: all 2 runs passed");
  assertEquals(fine.folder, ["drill.yaml"]);

  const planted = [...args, "--plant", "no-sync"];
  const found = await scenario(planted, drill("300ms"));
  assertEquals(found.code, 1, found.out + found.err);
  assertStringIncludes(found.out, "the plan: minimal.yaml");
  assertEquals(found.folder, [
    "drill.yaml",
    "minimal.topology.yaml",
    "minimal.yaml",
  ]);

  const wrong = await scenario([...args, "--plant", "no-sink"], drill("1s"));
  assertEquals(wrong.code, 2);
  assertStringIncludes(wrong.err, `--plant: no "no-sink"`);
});
