import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import {
  type Grade,
  grade,
  type Rubric,
} from "../../../../sim/live/grade/grade.ts";
import { loadTopology } from "../../../../sim/live/herd/load.ts";
import { styleOf, writeSpecimen } from "../../../specimens/specimens.ts";

/** Grades a specimen by a few checks of a point each. */
async function gradeOf(specimen: string, rubric: Rubric): Promise<Grade> {
  const folder = await Deno.makeTempDir();
  try {
    await writeSpecimen(specimen, folder, (port) => port);
    const { command, topology: year, folders = [] } = styleOf(specimen);
    for (const name of folders) {
      await Deno.writeTextFile(`${folder}/${name}/.keep`, "");
    }
    const topology = loadTopology(year);
    const submission = { name: specimen, command, folder, topology };
    return await grade(denoPlatform, submission, rubric);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function findings({ checks }: Grade): string[] {
  return checks.filter(({ finding }) => finding).map(({ check }) => check);
}

for (
  const [specimen, fault, right] of [
    ["storm", "no-loop", "newest-wins"],
    ["ends on an unknown client", "unknown-client", "iamat-reply"],
    ["places asked twice", "places-once", "whatsat-reply"],
    ["more than N results", "whatsat-reply", "spreads"],
  ] as const
) {
  Deno.test(`grade() finds a herd's fault, and that costs no other points: ${specimen}`, async () => {
    const done = await gradeOf(specimen, { [fault]: 3, [right]: 2 });
    assertEquals(findings(done), [fault], JSON.stringify(done, null, 2));
    assertEquals([done.mark, done.of], [2, 5]);
    const { finding } = done.checks.find(({ check }) => check === fault)!;
    assert(finding!.commands.some((line) => line.includes("IAMAT ")));
  });
}

Deno.test("grade() of what does not start says why at each check", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const done = await grade(denoPlatform, {
      name: "none",
      command: ["python3", "server.py", "{name}"],
      folder,
      topology: loadTopology("line:1"),
    }, { "spreads": 1 });
    assertEquals([done.mark, done.of], [0, 1]);
    assertStringIncludes(done.checks[0]!.finding!.came, "server.py");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
