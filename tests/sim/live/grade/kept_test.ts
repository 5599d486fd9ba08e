import { assertEquals, assertNotEquals } from "@std/assert";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { gradeOf } from "../../../../sim/live/grade/grade.ts";
import { fileName, Kept } from "../../../../sim/live/grade/kept.ts";
import type { Rubric } from "../../../../sim/live/grade/rubric.ts";
import { folderOf } from "./folder_of.ts";

const RUBRIC: Rubric = { checks: new Map([["spreads", { points: 3 }]]) };

Deno.test("Kept.read() gives a grade of the same files, graded in the same way, and no other", async () => {
  await using given = await folderOf({ "amy/server.py": "a", "amy/b/c": "" });
  await using report = await folderOf({});
  const found = { name: "amy", path: `${given.path}/amy` };
  const kept = new Kept(denoPlatform, report.path, RUBRIC, {}, 60_000);
  const key = await kept.keyOf(found);
  assertEquals(await kept.read("amy", key), undefined);
  const grade = gradeOf("amy", []);
  kept.write("amy", key, grade);
  assertEquals(
    await new Kept(denoPlatform, report.path, RUBRIC, {}, 60_000).read(
      "amy",
      key,
    ),
    grade,
  );

  const other: Rubric = { checks: new Map([["spreads", { points: 4 }]]) };
  const hows = [
    new Kept(denoPlatform, report.path, other, {}, 60_000),
    new Kept(
      denoPlatform,
      report.path,
      RUBRIC,
      { command: "node server.js" },
      60_000,
    ),
    // Whoever ran out of time may need no more than some.
    new Kept(denoPlatform, report.path, RUBRIC, {}, 90_000),
  ];
  for (const how of hows) assertNotEquals(await how.keyOf(found), key);
  for (
    const [path, text] of [
      ["amy/server.py", "b"],
      ["amy/new.py", ""],
      ["amy/b/c", "c"],
    ] as const
  ) {
    const before = await kept.keyOf(found);
    await Deno.writeTextFile(`${given.path}/${path}`, text);
    assertNotEquals(await kept.keyOf(found), before, path);
  }
  assertEquals(await kept.read("amy", await kept.keyOf(found)), undefined);
});

Deno.test("Kept.read() takes a file that was cut off for none", async () => {
  await using report = await folderOf({ "grades/amy.json": '{"form":1,' });
  const kept = new Kept(denoPlatform, report.path, RUBRIC, {}, 60_000);
  assertEquals(await kept.read("amy", "key"), undefined);
});

Deno.test({
  name: "fileName() leads to no other folder, and to no other name's file",
  permissions: "none",
  fn() {
    const names = [
      "amy",
      "a/my",
      "../amy",
      ".amy",
      "%2famy",
      "Ämy",
      "😀",
      "a b",
    ];
    const files = names.map(fileName);
    for (const file of files) assertEquals(/^[\w%-][\w.%-]*$/.test(file), true);
    assertEquals(new Set(files).size, names.length);
    assertEquals(files.slice(0, 3), ["amy", "a%2fmy", "%2e.%2famy"]);
  },
});
