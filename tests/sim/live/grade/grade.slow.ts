/**
 * Each specimen is graded in full, as a class is: its fault is found, and
 * nothing else; a right one gets all points.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { gradeClass } from "../../../../sim/live/grade/class.ts";
import type { GradeCheckName } from "../../../../sim/live/grade/checks.ts";
import { findSubmissions } from "../../../../sim/live/grade/found.ts";
import { type Grade, grade } from "../../../../sim/live/grade/grade.ts";
import { loadRubric } from "../../../../sim/live/grade/rubric.ts";
import { findingsOf } from "../../../../sim/live/grade/texts.ts";
import { loadTopology } from "../../../../sim/live/herd/load.ts";
import {
  FAULTS,
  styleOf,
  STYLES,
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
};

/** Two herds of each fill a processor. */
const JOBS = 2;

/** Writes specimens as students hand them in; those that can be run here. */
async function writeClass(folder: string): Promise<string[]> {
  const names = [...Object.keys(STYLES), ...Object.keys(FAULTS)]
    .filter((name) => styleOf(name).build === undefined);
  for (const name of names) {
    const { command, topology, folders = [] } = styleOf(name);
    await writeSpecimen(name, `${folder}/${name}`, (port) => port);
    for (const each of folders) {
      await Deno.writeTextFile(`${folder}/${name}/${each}/.keep`, "");
    }
    await Deno.writeTextFile(
      `${folder}/${name}/herd.yaml`,
      `command: ${command.join(" ")}\ntopology: ${topology}\n`,
    );
  }
  return names;
}

Deno.test({
  name: "gradeClass() finds each specimen's fault, and nothing else",
  timeout: 600_000,
  async fn(t) {
    const folder = await Deno.makeTempDir();
    const grades = new Map<string, Grade>();
    try {
      const names = await writeClass(folder);
      await gradeClass(denoPlatform, await findSubmissions(folder), {
        rubric: loadRubric(),
        defaults: {},
        jobs: JOBS,
        timeoutMs: 300_000,
        signal: new AbortController().signal,
        onGrade: (done) => grades.set(done.submission, done),
      });
      for (const name of names) {
        await t.step(name, () => assertFound(name, grades.get(name)!));
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

function assertFound(name: string, done: Grade): void {
  const { checks, mark, of } = done;
  const failed = checks.filter(({ findings }) => findings.length > 0);
  const proof = JSON.stringify(failed, null, 2);
  const due = FOUND_BY[name];
  assertEquals(findingsOf(checks), due === undefined ? [] : [due], proof);
  if (due === undefined) return assertEquals([mark, of], [100, 100], proof);
  const found = checks.find(({ check }) => check === due)!;
  assert(found.points < found.of);
  if (!found.isHard) assertEquals(of - mark, found.of - found.points);
  else assertEquals(mark, 0);
  for (const { commands } of found.findings) {
    assert(commands.some((line) => line.includes(" | nc ")), proof);
  }
}

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
