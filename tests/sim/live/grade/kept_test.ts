import { assertEquals, assertNotEquals } from "@std/assert";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { loadTopology } from "../../../../sim/live/herd/load.ts";
import { gradeOf } from "../../../../sim/live/grade/grade.ts";
import { fileName, Kept } from "../../../../sim/live/grade/kept.ts";
import type { Rubric } from "../../../../sim/live/grade/rubric.ts";
import { OWN_FILES } from "../../worlds/own_files.ts";
import { folderOf, python, write } from "./folder_of.ts";

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
      { command: ["node", "server.js"] },
      60_000,
    ),
    // A file of this name may have changed.
    ...["2014", "2021"].map((name) => {
      const topology = { ...loadTopology(name), name: "mine.yaml" };
      return new Kept(denoPlatform, report.path, RUBRIC, { topology }, 60_000);
    }),
    // Whoever ran out of time may need no more than some.
    new Kept(denoPlatform, report.path, RUBRIC, {}, 90_000),
  ];
  const keys = await Promise.all(hows.map((how) => how.keyOf(found)));
  assertEquals(new Set([key, ...keys]).size, hows.length + 1);
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
  const before = await kept.keyOf(found);
  await Deno.mkdir(`${given.path}/amy/logs`);
  assertNotEquals(await kept.keyOf(found), before);
  assertEquals(await kept.read("amy", await kept.keyOf(found)), undefined);
});

Deno.test("Kept.keyOf() stays as it is when the workbench, or a server, was run in the folder", async () => {
  await using given = await folderOf({ "amy/server.py": "a" });
  const path = `${given.path}/amy`;
  const link = `${given.path}/link`;
  await Deno.symlink(path, link);
  await using report = await folderOf({});
  const kept = new Kept(denoPlatform, report.path, RUBRIC, {}, 60_000);
  const key = await kept.keyOf({ name: "amy", path });
  for (const name of [...OWN_FILES, ".git/HEAD", "__pycache__/server.pyc"]) {
    await write(`${path}/${name}`);
  }
  // Nor does it say anything that a file has a name that is no UTF-8.
  await python(path, `open(b"l\\xf6s.txt", "w")`);
  assertEquals(await kept.keyOf({ name: "amy", path }), key);
  // By a link it is the same, also when it changes.
  assertEquals(await kept.keyOf({ name: "amy", path: link }), key);
  await write(`${path}/server.py`);
  assertNotEquals(await kept.keyOf({ name: "amy", path: link }), key);
});

Deno.test("Kept.keyOf() is there of what can't be read, too", async () => {
  await using given = await folderOf({ "amy/server.py": "", "amy/secret": "" });
  await using report = await folderOf({});
  const found = { name: "amy", path: `${given.path}/amy` };
  const kept = new Kept(denoPlatform, report.path, RUBRIC, {}, 60_000);
  const key = await kept.keyOf(found);
  const { readFile } = Deno;
  // Whoever runs this may be root, who can read all.
  Deno.readFile = (path) =>
    `${path}`.endsWith("secret")
      ? Promise.reject(new Deno.errors.PermissionDenied("secret"))
      : readFile(path);
  try {
    assertNotEquals(await kept.keyOf(found), key);
  } finally {
    Deno.readFile = readFile;
  }
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
