import { delay } from "@std/async";
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { parseScenarioArguments } from "../../../../sim/live/cli/scenario_options.ts";
import type { Ended } from "./printed.ts";
import { scenarioHere } from "./scenario_here.ts";
import { scenarioAlone, scenarioProgram } from "./scenario_program.ts";
import { UsageError } from "../../../../sim/live/cli/usage_error.ts";
import {
  NoSuchScenario,
  readScenario,
} from "../../../../sim/live/drill/files.ts";
import { planOf, WrongTopology } from "../../../../sim/live/drill/plan.ts";
import { InvalidFile } from "../../../../sim/model/problem.ts";
import { NoSuchParameter } from "../../../../sim/model/scenario/params.ts";

const ROOT = new URL("../../../../", import.meta.url);

const REPORT_FILES = [
  "history.jsonl",
  "junit.xml",
  "plan.yaml",
  "report.html",
  "results.json",
  "servers.jsonl",
  "topology.yaml",
];

/** What is printed is the same in every world, and this one is quick. */
const VIRTUAL = ["--world", "virtual"];

/** The error by which a command line is refused, before anything runs. */
async function refusal(args: string[]): Promise<Error> {
  const error = await assertRejects(async () => {
    const options = parseScenarioArguments(args);
    if (typeof options === "string") return;
    planOf(await readScenario(options.files[0]!), options);
  }, Error);
  const kinds = [
    UsageError,
    NoSuchScenario,
    NoSuchParameter,
    WrongTopology,
    InvalidFile,
  ];
  assert(kinds.some((kind) => error instanceof kind), error.stack);
  return error;
}

const PARTITION = Deno.readTextFileSync(
  new URL("sim/scenarios/partition.yaml", ROOT),
);

Deno.test("task scenario passes partition.yaml, found among the drills", async () => {
  const { code, out, err, folder } = await scenarioAlone(["partition.yaml"]);
  assertEquals([code, err], [0, ""]);
  assertStringIncludes(
    out,
    "  ok       line 14   expect kiwi on all within 1s\n",
  );
  assertStringIncludes(out, "lost: 0; died with their server: 0");
  assert(
    /^partition: passed, 7 steps, 9 checks and 9 invariants, 0 failed/m.test(
      out,
    ),
    out,
  );
  assert(/seed \d+\)\n$/.test(out), out);
  assert(!out.includes("\x1b"), "no colour: this is no terminal");
  assertEquals(folder, ["logs"]);
});

Deno.test("task scenario exits 1 and names step, line, expected, actual", async () => {
  const lines = PARTITION.trimEnd().split("\n");
  const line = lines.length;
  assertStringIncludes(lines[line - 1]!, "+34.050000-118.250000, on: all");
  lines[line - 1] = lines[line - 1]!.replace("on: all", "never: Hamilton");
  const { code, out, folder } = await scenarioHere(
    ["false.yaml", "--no-log", "--quiet", "--seed", "42", ...VIRTUAL],
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
  assertStringIncludes(
    out,
    "partition: FAILED, 7 steps, 9 checks and 9 invariants, 1 failed",
  );
  assertStringIncludes(out, "seed 42)");
  assertEquals(folder, ["false.yaml"], "no log");
});

Deno.test("task scenario exits 2 and names line, column and the mend", async () => {
  const text = PARTITION.replace("kill: Powell", "kill: Powel")
    .replace("kill: Parker", "kil: Parker");
  const line = text.slice(0, text.indexOf("kill: Powel")).split("\n").length;
  const { code, out, err } = await scenarioHere(["p.yaml"], { "p.yaml": text });
  assertEquals([code, out], [2, ""]);
  assertEquals(err.split("\n").slice(0, 3), [
    `p.yaml:${line}:11: error: no server or group Powel, did you mean Powell?`,
    `${String(line).padStart(5)} |   - kill: Powel`,
    "      |           ^",
  ]);
  assertStringIncludes(err, "error: unknown step kil, did you mean kill?");
});

Deno.test("task scenario exits 2 where brought servers can't have what the drill needs", async () => {
  // So large a folder is never copied: that must not be tried.
  const folder = await Deno.makeTempDir();
  using large = await Deno.create(`${folder}/large`);
  await large.truncate(2 ** 30);
  const bring = ["--bring", "python3 server.py {name}", "--folder", folder];
  for (
    const [drill, why] of [
      ["ways-in", "Cannot have clients by ws of servers that were brought"],
      ["hub-down", "Cannot have a hub: servers that are brought know none"],
      ["blackout", "Cannot have durable: disk of servers that were brought"],
    ] as const
  ) {
    const { code, err } = await scenarioHere([drill, ...bring], {});
    assertEquals(code, 2, err);
    assertStringIncludes(err, `error: ${why}`);
  }
  // Several are run one after the other.
  const { code, out } = await scenarioHere(["ways-in", "blackout", ...bring]);
  assertEquals(code, 4, out);
  assertStringIncludes(out, "ways-in.yaml: skipped: Cannot have clients by ws");
  assertStringIncludes(out, "blackout.yaml: skipped: Cannot have durable");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("task scenario takes paths from where it is called, and adds .yaml", async () => {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  /** `deno task` itself, which changes to the project's folder. */
  const task = async (...args: string[]): Promise<Ended> => {
    const config = new URL("deno.json", ROOT).pathname;
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "--quiet", "--config", config, "scenario", ...args],
      cwd: folder,
      env: { INIT_CWD: folder },
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, out: text(stdout), err: text(stderr) };
  };
  try {
    await Deno.mkdir(`${folder}/mine`);
    await Deno.writeTextFile(
      `${folder}/mine.yaml`,
      "topology: here.yaml\nsteps:\n" +
        "  - iamat: {client: kiwi, to: A, position: +1-1}\n" +
        "  - expect: {client: kiwi, on: all, within: 10s}\n",
    );
    await Deno.writeTextFile(
      `${folder}/here.yaml`,
      "servers: {A: 1, B: 2}\n" +
        "links: [[A, B]]\n",
    );
    const { code, out, err } = await task("mine", "--log-dir", "told");
    assertEquals([code, err], [0, ""], out);
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assertEquals(names.sort(), ["here.yaml", "mine", "mine.yaml", "told"]);
    const shipped = await scenarioHere(["partition", "--validate"]);
    assertEquals([shipped.code, shipped.err], [0, ""]);
    const missing = await task("other");
    assertEquals([missing.code, missing.out], [2, ""]);
    assertStringIncludes(
      missing.err,
      `looked for: ${folder}/other, ${folder}/other.yaml, sim/scenarios/`,
    );
    await assertRejects(
      () => readScenario(`${folder}/min`),
      NoSuchScenario,
      `did you mean ${folder}/mine?`,
    );
    for (const slip of ["partitio", "partitio.yaml"]) {
      const { err } = await scenarioHere([slip]);
      assertStringIncludes(err, "did you mean partition?");
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("task scenario --report keeps its verdict where the report can't be written at the end", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(
      `${folder}/a.yaml`,
      "topology: line:2\nsteps:\n" +
        "  - iamat: {client: kiwi, position: +1-1, to: s0}\n" +
        "  - expect: {client: kiwi, on: all, within: 10s}\n" +
        "  - wait: 500ms\n",
    );
    const args = ["a.yaml", "--json", "--report", "told"];
    const child = scenarioProgram(args, folder).spawn();
    const stderr = new Response(child.stderr).text();
    let out = "";
    for await (
      const text of child.stdout.pipeThrough(new TextDecoderStream())
    ) {
      out += text;
      if (!out.includes('"event":"step"')) continue;
      await Deno.remove(`${folder}/told`, { recursive: true }).catch(() => {});
    }
    const { code } = await child.status;
    const err = await stderr;
    assertEquals(code, 0, out + err);
    assertMatch(err, /^no report: [^\n]+\n$/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("task scenario quotes a wrong topology file by its own lines", async () => {
  const { code, err } = await scenarioHere(["a.yaml"], {
    "a.yaml": "topology: herd.yaml\nsteps:\n  - kil: A\n",
    "herd.yaml": "servers: {A: 1, B: 2}\nlinks:\n  - [A, C]\n",
  });
  assertEquals(code, 2);
  assertEquals(err.trimEnd().split("\n"), [
    "herd.yaml:3:9: error: no server C, there is A, B",
    "    3 |   - [A, C]",
    "      |         ^",
    "a.yaml:3:5: error: unknown step kil, did you mean kill?",
    "    3 |   - kil: A",
    "      |     ^",
  ]);
});

Deno.test("task scenario exits 2 on wrong usage, and says what is right", async () => {
  const table: [string[], string][] = [
    [[], "no scenario file is named"],
    [["a.yaml", "b.yaml", "a.yaml"], "a.yaml is named twice"],
    [["a.yaml", "b.yaml", "--dry-run"], "the plan of one drill"],
    [["a.yaml", "--report", "a", "--report-dir", "b"], "not both"],
    [
      ["partiton.yaml"],
      'no scenario "partiton.yaml", did you mean partition?',
    ],
    [["partition.yaml", "--sed", "3"], "no option --sed, did you mean --seed?"],
    [["partition.yaml", "--seed", "x"], '--seed: "x" is no whole number'],
    [["partition.yaml", "--seed="], "--seed needs a value"],
    [["partition.yaml", "--log-level", "LOUD"], '--log-level: no "LOUD"'],
    [["partition.yaml", "--world", "x"], '--world: no "x", there is threads'],
    [
      ["partition.yaml", "--topology", "2015"],
      'no topology "2015"',
    ],
    [["partition.yaml", "--runs", "0"], '--runs: "0" is no whole number'],
    [["partition.yaml", "--jobs", "x"], '--jobs: "x" is no whole number'],
    [["partition.yaml", "--set", "rate"], '--set: "rate" is not NAME=VALUE'],
    [["partition.yaml", "--set", "a=b"], 'no parameter "a", the file has no'],
    [["partition.yaml", "--validate", "--dry-run"], "not both"],
    [["partition.yaml", "--topology", "ring:0"], "Cannot make"],
    [["partition.yaml", "--topology", "ring:5"], "no server Alford"],
  ];
  for (const [args, expected] of table) {
    assertStringIncludes((await refusal(args)).message, expected);
  }
  const args = ["partition.yaml", "--topology", "2015"];
  const { code, out, err } = await scenarioAlone(args);
  assertEquals([code, out], [2, ""]);
  const [first] = (await refusal(args)).message.split("\n");
  const told = err.split("\n");
  assertEquals(told[0], `error: --topology: ${first}`);
  assertEquals(told.at(-2), "the usage: deno task scenario --help");
});

Deno.test("task scenario exits 4 when there was nothing to check", async () => {
  const { code, out } = await scenarioHere([
    "d.yaml",
    "--no-log",
    "--quiet",
    ...VIRTUAL,
  ], {
    "d.yaml": "topology: line:2\nsteps: [{kill: s1}]\nchecks: [lost == 0]\n",
  });
  assertEquals(code, 4);
  assertStringIncludes(
    out,
    "  unknown  line 3    lost == 0: lost is unknown: no fix was acknowledged",
  );
  assertStringIncludes(
    out,
    "d: unknown, 1 step, 1 check and 9 invariants, 0 failed, 1 unknown",
  );
});

Deno.test("task scenario --list tells of each drill in a line", async () => {
  const { code, out, folder } = await scenarioHere(["--list"]);
  assertEquals(code, 0);
  assertStringIncludes(out, "partition.yaml");
  assert(/^churn\.yaml +1,000 fixes a second while/m.test(out), out);
  assertEquals(folder, []);
});

Deno.test("task scenario --world both runs a drill on sockets and in virtual time", async () => {
  const drill = "topology: line:2\nsteps:\n" +
    "  - iamat: { client: kiwi, position: +1+1, to: s0 }\n" +
    "  - expect: { client: kiwi, on: all, within: 5s }\n";
  const files = { "d.yaml": drill };
  const args = ["d.yaml", "--no-log", "--seed", "5"];
  const both = await scenarioHere([...args, "--world", "both"], files);
  assertEquals(both.code, 0, both.err);
  assertStringIncludes(both.out, "2 servers of line:2, world threads, seed 5");
  assertStringIncludes(both.out, "2 servers of line:2, world virtual, seed 5");
  assertStringIncludes(both.out, "2 drills: 2 passed");
  assertStringIncludes(both.out, "d.yaml, 10 checks: 10 alike");
  const seen = await scenarioHere([...args, "--world=both", "--page"], files);
  assertEquals(seen.code, 2);
  assertStringIncludes(seen.err, "--page: virtual time is over before");
  const plan = ["d.yaml", "--dry-run", "--seed", "5", "--world", "virtual"];
  assertStringIncludes(
    (await scenarioHere(plan, files)).out,
    "topology: line:2\nworld: virtual\nseed: 5\n",
  );
});

Deno.test("task scenario --world both tells which check fails in one world alone, and exits 5", async () => {
  // Virtual time loses one datagram in 32, which is sent again after a second,
  // and others wait for it; loopback loses none.
  const files = {
    "d.yaml": "topology: line:2\nsteps:\n" +
      "  - load: { clients: 1, rate: 1000/s, for: 1s, via: udp }\n" +
      "checks: [ack.max < 6s, acknowledged > 0]\n",
  };
  const folder = await Deno.makeTempDir();
  try {
    const args = ["d.yaml", "--no-log", "--seed", "5", "--world", "both"];
    const { code, out } = await scenarioHere(
      [...args, "--report-dir", `${folder}/reports`],
      files,
    );
    assertEquals(code, 5, out);
    assertStringIncludes(
      out,
      "d.yaml, 11 checks: 10 alike, 1 otherwise\n" +
        "  check                 threads  virtual\n" +
        "  line 4: ack.max < 6s  passed   failed\n",
    );
    const junit = await Deno.readTextFile(`${folder}/reports/junit.xml`);
    const cases = [...junit.matchAll(/<testcase (classname=".*? name=".*?")/g)];
    assertEquals(new Set(cases.map(([, one]) => one)).size, 2 * 12);
    const index = await Deno.readTextFile(`${folder}/reports/index.html`);
    assertMatch(
      index,
      /<tr class="failed"><td>4<td>ack.max &lt; 6s<td>passed<td>failed<td class="why">ack.max is /,
    );
    assertMatch(index, /<tr><td>acknowledged<td>\d+<td>\d+\n/);
    const bad = "topology: line:2\nsteps:\n" +
      "  - expect: { servers: s0, state: paused, within: 1ms }\n";
    const both = ["bad.yaml", ...args];
    const mixed = await scenarioHere(both, { ...files, "bad.yaml": bad });
    assertEquals(mixed.code, 1, "One failed in both worlds");
    const many = [...args, "--json", "--runs", "2", "--replays", "0"];
    const json = await scenarioAlone(many, files);
    assertEquals(json.code, 5, json.out);
    const event = json.out.trimEnd().split("\n").map((line) => JSON.parse(line))
      .find(({ event }) => event === "worlds");
    assertEquals(event.isAlike, false);
    assertEquals(
      event.checks.filter((it: { came: string }) => it.came !== "alike")
        .map((it: { check: string }) => it.check),
      ["ack.max < 6s"],
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("task scenario --runs in virtual time counts seeds, shared by --jobs threads", async () => {
  const args = ["fuzz.yaml", "--world", "virtual", "--no-log", "--seed", "3"];
  const many = [...args, "--runs", "6", "--jobs", "2", "--replays", "0"];
  // With disks too: those of virtual time are none of this machine's.
  const passed = await scenarioHere([...many, "--durable", "disk"]);
  assertEquals(passed.code, 0, passed.err);
  assertMatch(passed.out, /^fuzz: 5 servers of 2014, world virtual, seed 3\n/);
  assertMatch(
    passed.out,
    /\n6 of 6 seeds, [\d.]+\/s, 0 failed; \d unlike each other, \d+ points reached\n/,
  );
  assert(passed.out.endsWith("\n6 runs: 6 passed\n"), passed.out);

  const planted = [...many, "--plant", "no-sync", "--keep-going", "--json"];
  const { code, out } = await scenarioAlone(planted);
  assertEquals(code, 1);
  const events = out.trimEnd().split("\n").map((line) => JSON.parse(line));
  const of = (event: string) => events.find((it) => it.event === event);
  assert(of("searched").failures["expect-converged"] >= 1, out);
  const runs = of("runs");
  assertEquals(runs.failed.length + runs.passed.length, 6);
  // The first that failed is shown in full, and made smaller.
  assertEquals(of("result").seed, runs.failed[0]);
  const { steps, replays: [again] } = of("minimal");
  assert(steps <= 8, out);
  assertEquals([again.world, again.failed, again.runs], ["virtual", 10, 10]);

  const real = await scenarioHere(["fuzz.yaml", "--jobs", "2"]);
  assertEquals(real.code, 2);
  assertStringIncludes(real.err, "--jobs and --keep-going are for runs in");
});

Deno.test("task scenario fails if no run reaches what one of many must", async () => {
  const drill = "topology: line:2\nsteps:\n" +
    "  - iamat: {client: kiwi, position: +1-1, to: s0}\n" +
    "  - expect: converged\nsometimes: [updates == 1, lines.graft >= 1]\n";
  const files = { "d.yaml": drill };
  const args = ["d.yaml", "--no-log", "--world", "virtual"];
  const one = await scenarioHere(args, files);
  assertEquals(one.code, 0, one.err);
  const many = await scenarioHere([...args, "--runs", "3"], files);
  assertEquals(many.code, 1, many.err);
  assert(many.out.endsWith("\nnever in any run: lines.graft >= 1\n"), many.out);
  const told = await scenarioHere([...args, "--runs", "3", "--json"], files);
  assertStringIncludes(
    told.out,
    '{"event":"never","checks":["lines.graft >= 1"]}',
  );
});

Deno.test("task scenario --validate and --dry-run run nothing", async () => {
  const drill = "params: {rate: 9/s}\nseed: 5\nsteps:\n" +
    "  - load: {rate: $rate, for: 1h, clients: 2}\n" +
    "  - expect: converged\n";
  const files = { "d.yaml": drill };
  const right = await scenarioHere(["d.yaml", "--validate"], files);
  assertEquals(
    [right.code, right.out],
    [0, "d.yaml: right, 1 step, 1 check\n"],
  );
  const args = ["d.yaml", "--dry-run", "--set", "rate=3/s", "--seed", "6"];
  const plan = await scenarioHere(args, files);
  assertEquals(plan.code, 0);
  assertEquals(
    plan.out,
    "name: d\ntopology: 2014\nseed: 6\nsteps:\n  - load:\n" +
      "      rate: 3/s\n      for: 1h\n      clients: 2\n" +
      "  - expect: converged\n",
  );
  const wrong = await scenarioHere(
    ["d.yaml", "--validate", "--set", "rate=x"],
    files,
  );
  assertEquals(wrong.code, 2);
  assertStringIncludes(wrong.err, '"x" is no rate');
  assertEquals(wrong.folder, ["d.yaml"]);
});

Deno.test("task scenario --runs counts the seed on, and the worst counts", async () => {
  const text = "topology: line:2\nrepeat: 9\n" +
    "steps: [{send: {line: x, to: s1}}, {expect: converged}]\n";
  const { code, out } = await scenarioHere(
    ["d.yaml", "--no-log", "--quiet", "--runs", "2", "--seed", "4294967295"],
    { "d.yaml": text },
  );
  assertEquals(code, 0);
  assertStringIncludes(out, "seed 4294967295)");
  assertStringIncludes(out, "seed 0)");
  assert(out.endsWith("\n2 runs: 2 passed\n"), out);
  const unknown = await scenarioHere(
    ["d.yaml", "--no-log", "--quiet", "--seed=1"],
    {
      "d.yaml": "topology: line:2\nrepeat: 2\nsteps: [{wait: 1ms}]\n",
    },
  );
  assertEquals(unknown.code, 4);
  assertStringIncludes(unknown.out, "2 runs: 0 passed, 2 unknown (seed 1, 2)");
});

Deno.test("task scenario --runs exits by the worst run, the first or the last", async () => {
  // With an odd seed the first of the two is killed, else the second.
  const either = {
    failed: "topology: line:2\nsteps:\n" +
      "  - kill: {targets: [s0, s1], mode: one}\n" +
      "  - expect: {servers: s0, state: up, within: 1ms}\n",
    unknown: "topology: line:3\nsteps:\n" +
      "  - kill: {targets: [s1, s2], mode: one}\n" +
      "  - iamat: {client: kiwi, position: +1+1, to: s0}\n" +
      "checks: [to.s1.max < 1h]\n",
  };
  const table = [
    ["failed", "1", 1],
    ["failed", "2", 1],
    ["unknown", "1", 4],
    ["unknown", "2", 4],
  ] as const;
  const reports = await Deno.makeTempDir();
  // One after the other, as in threads: each has a report.
  const args = ["--no-log", "--quiet", ...VIRTUAL, "--report-dir", reports];
  for (const [bad, seed, expected] of table) {
    const { code, out } = await scenarioHere(
      ["d.yaml", ...args, "--runs", "2", "--seed", seed],
      { "d.yaml": either[bad] },
    );
    const odd = seed === "1" ? "1" : "3";
    const all = `\n2 runs: 1 passed, 1 ${bad} (seed ${odd})\nall reports: `;
    assertStringIncludes(out, all);
    assertEquals(code, expected, out);
  }
  await Deno.remove(reports, { recursive: true });
});

Deno.test("task scenario --help prints the options", async () => {
  const { code, out } = await scenarioHere(["--help"]);
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
    const { code, out, err } = await scenarioAlone([
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
    const args = ["long.yaml", "--report", "."];
    const process = scenarioProgram(args, folder).spawn();
    const out = process.stdout.pipeThrough(new TextDecoderStream());
    let seen = "";
    let isInterrupted = false;
    for await (const chunk of out) {
      seen += chunk;
      // Once: by a second time it may be gone.
      if (isInterrupted || !seen.includes("wait 1ms")) continue;
      isInterrupted = true;
      process.kill("SIGINT");
    }
    const [{ code }] = await Promise.all([
      process.status,
      process.stderr.cancel(),
    ]);
    assertEquals(code, 130);
    const left = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assertEquals(left, ["long.yaml"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("task scenario ends soon when interrupted under a load beyond the machine", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const text = "steps: [{wait: 1ms}, " +
      "{load: {rate: 100000/s, for: 10m, clients: 100}}]\n";
    await Deno.writeTextFile(`${folder}/flood.yaml`, text);
    const process = scenarioProgram(
      ["flood.yaml", "--no-log", "--report", "told"],
      folder,
    ).spawn();
    const out = process.stdout.pipeThrough(new TextDecoderStream());
    let seen = "";
    let askedMs = 0;
    for await (const chunk of out) {
      seen += chunk;
      if (askedMs > 0 || !seen.includes("wait 1ms")) continue;
      // The load has to have piled up something first.
      await delay(200);
      askedMs = performance.now();
      process.kill("SIGINT");
    }
    const [{ code }] = await Promise.all([
      process.status,
      process.stderr.cancel(),
    ]);
    assertEquals(code, 130);
    assertStringIncludes(seen, "interrupted: 1 step had ended, 0 failed");
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assertEquals(names, ["flood.yaml"]);
    assert(performance.now() - askedMs < 15_000);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("task scenario --report writes a report whose plan runs again", async () => {
  const cwd = await Deno.makeTempDir();
  try {
    const file = "steps:\n  - kill: s1\n" +
      "  - iamat: {client: kiwi, position: +1+1, to: s2}\n" +
      "  - expect: converged\n";
    await Deno.writeTextFile(`${cwd}/down.yaml`, file);
    const herd = "name: trio\nservers: {s1: 0, s2: 0, s3: 0}\n" +
      "links: [[s1, s2], [s2, s3]]\n";
    await Deno.writeTextFile(`${cwd}/trio.yaml`, herd);
    const args = ["down.yaml", "--topology", "trio.yaml", "--seed", "7"];
    const first = await scenarioProgram([...args, "--report", "out"], cwd)
      .output();
    const out = new TextDecoder().decode(first.stdout);
    const [, path = ""] = /^report: (.*)\/$/m.exec(out) ?? [];
    assertMatch(path, /^out\/runs\/down\/\d{4}-\S+Z-seed7$/);
    const files = [...Deno.readDirSync(`${cwd}/${path}`)];
    assertEquals(files.map(({ name }) => name).sort(), REPORT_FILES);
    const read = (name: string) => Deno.readTextFile(`${cwd}/${path}/${name}`);
    const results = JSON.parse(await read("results.json"));
    assertEquals([results.verdict, results.seed], ["passed", 7]);
    const logged = (await read("servers.jsonl")).trim().split("\n")
      .map((line) => JSON.parse(line));
    assertEquals(
      new Set(logged.map(({ server }) => server)),
      new Set(["s1", "s2", "s3"]),
    );
    const times = logged.map(({ time }) => time);
    assertEquals(times, times.toSorted());
    const again = ["plan.yaml", "--no-log", "--report", "."];
    const second = await scenarioProgram(again, `${cwd}/${path}`).output();
    assertEquals(second.code, 0, new TextDecoder().decode(second.stderr));
    const folders = [...Deno.readDirSync(`${cwd}/${path}/runs/down`)];
    assertMatch(folders[0]!.name, /-seed7$/);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});

/** Drills that pass, fail, and leave it open. */
const THREE = {
  passes: `topology: line:2
steps:
  - iamat: {client: kiwi, to: s0, position: +1-1}
  - expect: {client: kiwi, on: all, within: 30s}
`,
  fails: `topology: line:2
steps:
  - iamat: {client: kiwi, to: s0, position: +1-1}
  - expect: {client: kiwi, never: s0, for: 30s}
`,
  open: "topology: line:2\nsteps: [{wait: 1ms}]\n",
};

Deno.test("task scenario runs several files and standard input to one verdict and one junit.xml", async () => {
  const cwd = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${cwd}/kept.yaml`, THREE.fails);
    const here = `${cwd}/out/here`;
    const files = { "a.yaml": THREE.passes, "b.yaml": THREE.fails };
    const run = (stdin: string, ...args: string[]) =>
      scenarioHere([...args, "--no-log", ...VIRTUAL], files, stdin);
    const options = ["--quiet", "--seed", "7", "--report-dir", here];
    const all = await run(THREE.open, "a.yaml", "b.yaml", "-", ...options);
    assertEquals([all.code, all.err], [1, ""], all.out);
    assertStringIncludes(
      all.out,
      "3 drills: 1 passed, 1 failed (b.yaml), 1 unknown (stdin)\n" +
        `all reports: ${here}/index.html, ${here}/junit.xml\n`,
    );
    const names = [...Deno.readDirSync(`${cwd}/out/here`)].map((it) => it.name);
    const folders = ["a-seed7", "b-seed7", "stdin-seed7"];
    assertEquals(names.sort(), [...folders, "index.html", "junit.xml"].sort());
    const xml = await Deno.readTextFile(`${cwd}/out/here/junit.xml`);
    assertEquals([...xml.matchAll(/<testsuite name="(.*?)"/g)].length, 9);
    assertMatch(xml, /<testsuites name="a, b, stdin" tests="\d+" failures="1"/);
    assert(xml.endsWith("</testsuites>\n"));
    const index = await Deno.readTextFile(`${cwd}/out/here/index.html`);
    for (const folder of folders) {
      assertStringIncludes(index, `href="${folder}/report.html"`);
    }

    const open = await run(THREE.open, "a.yaml", "-", ...options);
    assertEquals(open.code, 4, open.out);
    const one = await scenarioHere(["a.yaml", ...options], files);
    assertEquals(one.code, 0, one.out);
    assertStringIncludes(one.out, `\nreport: ${here}/\n`);
    await Deno.stat(`${here}/report.html`);
    const left = [...Deno.readDirSync(`${cwd}/out`)].map(({ name }) => name);
    assertEquals(left, ["here"]);

    const wrong = await run("steps: [{kil: s0}]\n", "a.yaml", "-", "--quiet");
    assertEquals([wrong.code, wrong.out], [2, ""]);
    assertMatch(wrong.err, /^stdin:1:\d+: error: /m);
    const theirs = await scenarioHere(
      ["a.yaml", "--quiet", "--report-dir", cwd],
      files,
    );
    assertEquals([theirs.code, theirs.out], [2, ""]);
    assertStringIncludes(theirs.err, `--report-dir ${cwd}: it holds `);
    await Deno.stat(`${cwd}/kept.yaml`);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});

Deno.test("task scenario --report tells a folder that can't be written", async () => {
  const args = ["down.yaml", "--report", "down.yaml"];
  const { code, err, folder } = await scenarioHere(args, {
    "down.yaml": "steps:\n  - kill: Powell\n",
  });
  assertEquals(code, 2);
  assertStringIncludes(err, "error: --report down.yaml: ");
  assertEquals(folder, ["down.yaml"]);
});

Deno.test("task scenario in virtual time logs what did not pass, or what is asked for", async () => {
  const files = {
    "good.yaml": `
topology: line:2
steps:
  - iamat: {client: kiwi, position: +34.0-118.0, to: s0}
  - expect: {client: kiwi, on: all, within: 5s}
`,
    "bad.yaml":
      "topology: line:2\nsteps:\n  - send: {line: IAMAT, to: s0, matches: ^AT}\n",
  };
  const run = (...args: string[]) =>
    scenarioAlone([...args, "--seed", "1", ...VIRTUAL], files);
  const good = await run("good.yaml");
  assertEquals([good.code, good.folder], [0, ["bad.yaml", "good.yaml"]]);
  const asked = await run("good.yaml", "--log-dir", "told");
  assert(asked.folder.includes("told"));
  const bad = await run("bad.yaml");
  assertEquals([bad.code, bad.folder.includes("logs")], [1, true]);
  assertMatch(bad.out, /\nrun again for its log: logs\/\S+\n$/);
  const none = await run("bad.yaml", "--no-log");
  assert(!none.folder.includes("logs"));
  const args = ["bad.yaml", "--seed", "1", ...VIRTUAL];
  const full = await scenarioAlone(args, { ...files, logs: "no folder" });
  assertEquals(full.code, 1, "no log, and the same verdict");
  assertMatch(full.err, /^no log: /);
});

Deno.test("task scenario tells places of the file, though steps were drawn", async () => {
  const { code, out } = await scenarioHere(
    ["drill.yaml", "--no-log", "--world", "virtual"],
    {
      "drill.yaml": `
topology: line:2
steps:
  - random: {steps: 8, of: [wait]}
  - send: {line: IAMAT, to: s0, matches: ^AT}
`,
    },
  );
  assertEquals(code, 1);
  assertStringIncludes(out, "wait ");
  assertEquals(out.match(/drill\.yaml:\d+/g), ["drill.yaml:5"]);
});

Deno.test("deno task scenario --runs writes the smallest plan that fails", async () => {
  const drill = (within: string) => ({
    "drill.yaml": `
topology: line:2
steps:
  - random: {steps: 8, clients: 2, of: [iamat, kill, revive]}
  - revive: all
  - expect: {converged: all, within: ${within}, unless_killed_within: 10s}
`,
  });
  const args = ["drill.yaml", "--no-log", "--seed", "1", "--runs", "20"];
  const fine = await scenarioHere(args.with(-1, "2"), drill("5s"));
  assertEquals(fine.code, 0, fine.out + fine.err);
  assertStringIncludes(fine.out, "2 runs: 2 passed");
  assertEquals(fine.folder, ["drill.yaml"]);

  const planted = [...args, "--plant", "no-sync", "--quiet"];
  const found = await scenarioAlone(planted, {
    ...drill("300ms"),
    "minimal.yaml": "what was here before",
  });
  assertEquals(found.code, 1, found.out + found.err);
  assertStringIncludes(found.out, "smallest plan: minimal-2.yaml");
  assertStringIncludes(found.err, "making the plan of seed ");

  assertEquals(found.folder, [
    "drill.yaml",
    "minimal-2.topology.yaml",
    "minimal-2.yaml",
    "minimal.yaml",
  ]);

  const wrong = await scenarioHere(
    [...args, "--plant", "no-sink"],
    drill("1s"),
  );
  assertEquals(wrong.code, 2);
  assertStringIncludes(wrong.err, `--plant: no "no-sink"`);
});

Deno.test("task scenario warns of what is hardly meant, and its exit code stays", async () => {
  const text = "steps: [{wait: 1ms}]\n" +
    "checks: [sockets.leaked == 0, load.achieved != 95]\n";
  const warning =
    "doubt.yaml:2:48: warning: load.achieved != 95 always holds: " +
    "load.achieved is a share, from 0 to 1, did you mean 95%?\n";
  for (const args of [["--validate"], ["--no-log", "--quiet"]]) {
    const { code, err } = await scenarioHere(
      ["doubt.yaml", ...args],
      { "doubt.yaml": text },
    );
    assert(err.startsWith(warning), err);
    assertEquals(err.split("warning").length, 2);
    // No load, no share of it: that is unknown, as it would be without it.
    assertEquals(code, args.includes("--validate") ? 0 : 4);
  }
});
