/**
 * Specimens are graded: their fault is found, and nothing else; a right one gets
 * all points.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import type { GradeCheck } from "../../../../sim/live/grade/check.ts";
import {
  CHECK_NAMES,
  GRADE_CHECKS,
  type GradeCheckName,
} from "../../../../sim/live/grade/checks.ts";
import {
  type Grade,
  grade,
  openGoogles,
} from "../../../../sim/live/grade/grade.ts";
import {
  type Rubric,
  shippedRubric,
} from "../../../../sim/live/grade/rubric.ts";
import { openSubmission } from "../../../../sim/live/grade/submissions.ts";
import { findingsOf } from "../../../../sim/live/grade/texts.ts";
import { loadTopology } from "../../../../sim/live/herd/load.ts";
import { sampled } from "../../../sampled.ts";
import { unless } from "../../../skipped.ts";
import { python } from "./folder_of.ts";
import {
  FAULTS,
  handIn,
  STYLES,
  whyNot,
  writeSpecimen,
} from "../../../specimens/specimens.ts";

/** What finds each fault. */
const FOUND_BY: Readonly<Record<string, GradeCheckName>> = {
  "storm": "no-loop",
  "ping-pong": "no-loop",
  "older overwrites newer": "newest-wins",
  "tells strangers": "split",
  "forgets a neighbour": "neighbours",
  "waits for Google": "places-slow",
  "ends when Google says nonsense": "places-failing",
  "starts once": "revival",
  "one hop": "spreads",
  "waits for a frozen neighbour": "frozen-neighbour",
  "kilometres to Google": "metres",
  "known client not spread": "spreads-again",
  "more than N results": "whatsat-reply",
  "ends without Google": "places-absent",
  "ends on an empty command": "empty-line",
  "positive longitude refused": "positive-longitude",
  "ends on an unknown client": "unknown-client",
  "places asked twice": "places-once",
  "ends on bad input": "bad-lines",
  "echoes to the sender": "thrift",
  "difference without sign": "iamat-reply",
  "radius without bound": "bad-lines",
  "bad line not repeated": "bad-lines",
};

/** They mostly wait: a class has three at a time for each processor. */
const JOBS = 4;
/** What a fault must not touch, beside what its own check needs: by row. */
const BESIDE = { clients: "iamat-reply", servers: "spreads" } as const;
/** In these chance plays a part, so all runs are needed. */
const BY_CHANCE = ["storm", "ping-pong"];

/** All of the rubric that ships, or some of it; each check runs so often. */
function rubricOf(runs: number, names?: readonly string[]): Rubric {
  const wanted = [...shippedRubric().checks]
    .filter(([name]) => names?.includes(name) ?? true)
    .map(([name, check]) => [name, { ...check, runs }] as const);
  return { checks: new Map(wanted) };
}

/** A right one is graded in full; for a fault that would take too long. */
function rubricFor(name: string): Rubric {
  const due = FOUND_BY[name];
  if (due === undefined) return rubricOf(1);
  const { needs = [], lostWith = [], row }: GradeCheck = GRADE_CHECKS[due];
  const names = [
    ...[due, ...needs, ...lostWith, BESIDE[row]],
    // They cost no time, for nobody tries them.
    ...lostBy(due),
  ];
  return rubricOf(BY_CHANCE.includes(name) ? 3 : 1, names);
}

/** What can't hold where a check fails. */
function lostBy(due: GradeCheckName): GradeCheckName[] {
  return CHECK_NAMES.filter((name) => {
    const { lostWith = [] }: GradeCheck = GRADE_CHECKS[name];
    return lostWith.includes(due);
  });
}

function faultsDue(): Promise<readonly string[]> {
  return sampled(Object.keys(FAULTS), "SPECIMENS_SAMPLE");
}

/** Writes specimens as students hand them in, but for what can't be run here. */
async function writeClass(
  folder: string,
  names: readonly string[],
): Promise<string[]> {
  const written = names.filter((name) => whyNot(name) === undefined);
  for (const name of written) await handIn(name, `${folder}/${name}`);
  return written;
}

/** Grades each by a rubric of its own, some at a time. */
async function gradeAll(
  folder: string,
  names: readonly string[],
): Promise<Map<string, Grade>> {
  const grades = new Map<string, Grade>();
  const queue = [...names];
  const work = async () => {
    await using stack = new AsyncDisposableStack();
    const googles = await openGoogles(denoPlatform, stack, 2);
    for (let name; (name = queue.shift()) !== undefined;) {
      const found = { name, path: `${folder}/${name}` };
      await using opened = await openSubmission(found, {});
      const done = await grade(
        denoPlatform,
        opened.submission,
        rubricFor(name),
        { googles, timeoutMs: 300_000 },
      );
      grades.set(name, done);
    }
  };
  await Promise.all(Array.from({ length: JOBS }, work));
  return grades;
}

Deno.test({
  name: "grade() finds each specimen's fault, and nothing else",
  timeout: 900_000,
  async fn(t) {
    const folder = await Deno.makeTempDir();
    try {
      const names = [...Object.keys(STYLES), ...await faultsDue()];
      const grades = await gradeAll(folder, await writeClass(folder, names));
      for (const name of names) {
        await t.step({
          ...unless(whyNot(name), name),
          fn: () => assertFound(name, grades.get(name)!),
        });
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

const INTERRUPTED = 130;
/** Fails if there is a process that names a folder. */
const NOBODY = `
import glob, os, sys
for path in glob.glob("/proc/[0-9]*/cmdline"):
    try:
        words = open(path).read()
    except OSError:
        continue
    assert sys.argv[1] not in words or path.split("/")[2] == str(os.getpid()), words
`;
const MAIN = new URL("../../../../sim/live/cli/grade_main.ts", import.meta.url);

Deno.test("deno task grade leaves nothing when it is interrupted, and goes on from there", async () => {
  const root = await Deno.makeTempDir();
  try {
    await writeSpecimen("asyncio_dict", `${root}/class/amy`, (port) => port);
    await Deno.mkdir(`${root}/temp`);
    const command = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "-P=herd", MAIN.pathname, `${root}/class/amy`],
        ...["--bring", "python3 server.py {name}", "--report", `${root}/out`],
      ],
      env: { TMPDIR: `${root}/temp`, NO_COLOR: "1" },
      stdout: "piped",
    });
    const child = command.spawn();
    const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    // It is in the midst of it as soon as the first check is done.
    for (let out = ""; !out.includes("iamat-reply");) {
      const { done, value = "" } = await lines.read();
      assert(!done, out);
      out += value;
    }
    child.kill("SIGINT");
    while (!(await lines.read()).done);
    assertEquals((await child.status).code, INTERRUPTED);
    assertEquals([...Deno.readDirSync(`${root}/temp`)], []);
    assertEquals([...Deno.readDirSync(`${root}/out/grades`)], []);
    await python(root, NOBODY, `${root}/temp`);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

function assertFound(name: string, done: Grade): void {
  const { checks, mark, of } = done;
  const failed = checks.filter(({ findings }) => findings.length > 0);
  const proof = JSON.stringify(failed, null, 2);
  const due = FOUND_BY[name];
  assertEquals(findingsOf(checks), due === undefined ? [] : [due], proof);
  if (due === undefined) {
    assertEquals([mark, of], [100, 100], JSON.stringify(checks, null, 2));
    const { portBase } = STYLES[name]!;
    const named = Object.values(done.ports!).sort();
    assertEquals(named, [0, 1, 2, 3, 4].map((at) => portBase + at));
    return;
  }
  const found = checks.find(({ check }) => check === due)!;
  assert(found.points < found.of);
  const lost = checks.filter((done) => done.lost !== undefined);
  assertEquals(
    new Set(lost.map(({ check }) => check)),
    new Set(found.points === 0 ? lostBy(due) : []),
    proof,
  );
  const beside = lost.filter(({ isBonus }) => !isBonus)
    .reduce((sum, { of }) => sum + of, 0);
  if (!found.isHard) assertEquals(of - mark - beside, found.of - found.points);
  else assertEquals(mark, 0);
  for (const { commands } of found.findings) {
    assert(commands.some((line) => / \| nc |^kill /.test(line)), proof);
  }
}

Deno.test("grade() gives up on servers that take all they can get", async () => {
  const path = await Deno.makeTempDir();
  try {
    await handIn("fills its log", path);
    const found = { name: "it", path };
    await using opened = await openSubmission(found, {});
    const done = await grade(denoPlatform, opened.submission, shippedRubric());
    assertEquals([done.mark, done.of], [0, 100]);
    const came = done.checks.map(({ findings }) => findings[0]?.came ?? "");
    assert(came.filter((it) => it.includes("too much printed")).length > 20);
    assert(came.filter((it) => it.includes("no more was tried")).length > 15);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
});

Deno.test("grade() of what does not start says why at each check", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const done = await grade(denoPlatform, {
      name: "none",
      command: ["python3", "server.py", "{name}"],
      folder,
      topology: loadTopology("line:1"),
    }, { checks: new Map([["spreads", { points: 1, runs: 1 }]]) });
    assertEquals([done.mark, done.of], [0, 1]);
    assertStringIncludes(done.checks[0]!.findings[0]!.came, "server.py");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
