import { assertEquals, assertStringIncludes } from "@std/assert";
import { main } from "../../../../sim/live/cli/grade_main.ts";
import { folderOf } from "../grade/folder_of.ts";
import { printed } from "./printed.ts";

const MAIN = new URL("../../../../sim/live/cli/grade_main.ts", import.meta.url);

/** Runs `deno task grade` with arguments. */
async function gradeMain(...args: string[]) {
  return await gradeMainIn(".", ...args);
}

/** Runs it as from a folder. */
async function gradeMainIn(folder: string, ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-P=herd", MAIN.pathname, ...args],
    env: { NO_COLOR: "1", INIT_CWD: folder },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

/** A class of those that can't be run, which is known quickly. */
const CLASS = {
  "class/amy/server.py": "",
  "class/bob.zip": "no archive",
  "zoe/herd.yaml": "topology: 2021\n",
  "rubric.yaml": "checks: { spreads: 5, split: 2.5 }\n",
  "wrong.yaml": "checks:\n  spread: 5\n",
};

Deno.test("deno task grade writes a table, pages and junit.xml, and goes on where it was", async () => {
  await using given = await folderOf(CLASS);
  const path = (name: string) => `${given.path}/${name}`;
  const args = [
    path("class"),
    "--rubric",
    path("rubric.yaml"),
    "--csv",
    path("marks.csv"),
    "--report",
    path("out"),
    "--json",
  ];
  const first = await gradeMain(...args);
  assertEquals([first.code, first.err], [0, ""]);
  const grades = first.out.trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(
    grades.map(({ submission, mark, of }) => [submission, mark, of])
      .toSorted((a, b) => a[0] < b[0] ? -1 : 1),
    [["amy", 0, 7.5], ["bob", 0, 7.5]],
  );
  const csv = await Deno.readTextFile(path("marks.csv"));
  assertEquals(csv.split("\n").length, 4);
  assertStringIncludes(csv, "\namy,0,7.5,");
  assertStringIncludes(csv, ",spreads split\n");
  const index = await Deno.readTextFile(path("out/index.html"));
  assertStringIncludes(index, 'href="submissions/amy.html"');
  const page = await Deno.readTextFile(path("out/submissions/bob.html"));
  assertStringIncludes(page, "it can&apos;t be unpacked");
  const junit = await Deno.readTextFile(path("out/junit.xml"));
  assertStringIncludes(
    junit,
    '<testsuites name="grades" tests="4" failures="4"',
  );

  // Only what has changed is graded again: the other grade is that of before.
  const kept = path("out/grades/amy.json");
  const text = await Deno.readTextFile(kept);
  await Deno.writeTextFile(kept, text.replace('"mark":0', '"mark":7'));
  const second = await gradeMain(...args);
  assertStringIncludes(second.out, '"submission":"amy","mark":7');
  await Deno.writeTextFile(path("class/amy/server.py"), "import sys\n");
  const third = await gradeMain(...args);
  assertStringIncludes(third.out, '"submission":"amy","mark":0');
});

Deno.test("deno task grade --topology FILE: from the folder that one is in", async () => {
  await using given = await folderOf({
    ...CLASS,
    "mine.yaml": "servers: { Ash: 0, Elm: 0 }\nlinks: [[Ash, Elm]]\n",
  });
  const { code, out, err } = await gradeMainIn(
    given.path,
    ...["class", "--topology", "mine.yaml", "--rubric", "rubric.yaml"],
    ...["--json", "--bring", "none-such {name}", "--isolate", "shim"],
  );
  assertEquals([code, err], [0, ""]);
  assertStringIncludes(out, "Cannot start Ash");
});

Deno.test("deno task grade says what is wrong before it begins", async () => {
  await using given = await folderOf(CLASS);
  const folder = `${given.path}/class`;
  for (
    const [args, why] of [
      [[], "no submission is named"],
      [[folder, "--csv", "none/marks.csv"], "--csv: "],
      ...[folder, `${folder}/amy/`].map((report) =>
        [
          [folder, "--report", report],
          `--report: ${report} is what is graded; name a folder of its own`,
        ] as const
      ),
      [[folder, "--jobs", "0"], "is no whole number from 1 to 64"],
      [[folder, "--timeout", "soon"], "--timeout is a duration"],
      [[folder, "--cvs", "x"], "no option --cvs"],
      [
        [folder, "--ports", `${given.path}/wrong.yaml`],
        "wrong.yaml:1: a line is a name and ports",
      ],
      [[folder, "--rubric", ""], "--rubric needs a value"],
      // It is no fault of the submissions.
      [[folder, "--bring", "python3 {nam}"], "--bring: no {nam}, there is"],
      [[folder, "--topology", "1999"], 'no topology "1999"'],
      [[folder, "--topology", "line:1"], "nothing can be graded in the herd"],
      ...["--ports", "--rubric"].flatMap((option) =>
        [
          [[folder, option, folder], `${option}: cannot read ${folder}: Is a`],
          [
            [folder, option, "none.x"],
            `${option}: cannot read none.x: No such`,
          ],
        ] as const
      ),
      [[`${given.path}/none`], `there is no ${given.path}/none`],
      [[`${given.path}/wrong.yaml`], "wrong.yaml is neither a folder nor an"],
      [
        [`${folder}/amy`],
        "what starts a server of amy? it has no herd.yaml, and there is no " +
        '--bring; say --bring "python3 server.py {name}"',
      ],
      [[`${folder}/bob.zip`], "bob.zip: it can't be unpacked"],
      [
        [`${given.path}/zoe`, "--json"],
        "what starts a server of zoe? its herd.yaml has no command",
      ],
      [
        [folder, "--rubric", `${given.path}/wrong.yaml`],
        "wrong.yaml:2:3: error: there is no check spread, did you mean spreads?",
      ],
    ] as const
  ) {
    const { code, out, err } = await printed(() => main([...args]));
    assertEquals([code, out], [2, ""], err);
    if (why.includes("cannot read")) {
      assertEquals(err.trim().split("\n").length, 1);
    }
    assertStringIncludes(err, why);
  }
  const { code, out, err } = await gradeMain();
  assertEquals([code, out], [2, ""]);
  assertStringIncludes(err, "no submission is named");
});
