import { assertEquals, assertThrows } from "@std/assert";
import { dirname } from "node:path";
import {
  foreignIn,
  removeReports,
} from "../../../../sim/live/report/replaceable.ts";

const OURS = JSON.stringify({ format: "herd results" });

/** A folder with these files, and what is left of it. */
class Folder implements Disposable {
  readonly path = Deno.makeTempDirSync();

  constructor(files: Record<string, string>) {
    for (const [name, text] of Object.entries(files)) {
      const path = `${this.path}/${name}`;
      Deno.mkdirSync(dirname(path), { recursive: true });
      Deno.writeTextFileSync(path, text);
    }
  }

  get files(): string[] {
    const found: string[] = [];
    const look = (path: string) => {
      for (const { name, isDirectory } of Deno.readDirSync(this.path + path)) {
        if (isDirectory) look(`${path}/${name}`);
        else found.push(`${path}/${name}`.slice(1));
      }
    };
    look("");
    return found.sort();
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

const ONE = {
  "results.json": OURS,
  "junit.xml": "",
  "report.html": "",
  "minimal-2.topology.yaml": "",
};
const SEVERAL = {
  "a-seed1/results.json": OURS,
  "a-seed1/plan.yaml": "",
  "b-seed1/results.json": OURS,
  "junit.xml": "",
  "index.html": "",
};

Deno.test("foreignIn() finds what is of no report, and removeReports() leaves it", () => {
  const cases: [Record<string, string>, string | undefined][] = [
    [{}, undefined],
    [ONE, undefined],
    [SEVERAL, undefined],
    [{ ...ONE, ".report-x.partial/a": "", ".junit-x.partial": "" }, undefined],
    // The junit.xml of another program, alone or beside other files.
    [{ "junit.xml": "" }, "junit.xml"],
    [{ "junit.xml": "", "index.html": "" }, "index.html"],
    [{ "junit.xml": "", "thesis.txt": "" }, "junit.xml"],
    [{ "results.json": "{}", "junit.xml": "" }, "junit.xml"],
    [{ "results.json": "no JSON" }, "results.json"],
    [{ "results.json": "null" }, "results.json"],
    [{ ...ONE, "thesis.txt": "" }, "thesis.txt"],
    [{ ...ONE, "plan.yaml/mine.txt": "" }, "plan.yaml"],
    [{ ...SEVERAL, "thesis.txt": "" }, "thesis.txt"],
    [{ ...SEVERAL, "thesis/one.txt": "" }, "thesis"],
    [{ ...SEVERAL, "b-seed1/notes.txt": "" }, "b-seed1/notes.txt"],
    [{ ...SEVERAL, "b-seed1/sub/notes.txt": "" }, "b-seed1/sub"],
  ];
  for (const [files, expected] of cases) {
    using folder = new Folder(files);
    const told = folder.files.join(" ");
    assertEquals(foreignIn(folder.path), expected, told);
    removeReports(folder.path);
    const isKept = (name: string) =>
      name.includes("partial") || name.includes("mine") ||
      name.includes("thesis") || name.includes("notes");
    const isReport = Object.values(files).includes(OURS);
    const left = Object.keys(files).filter((it) => !isReport || isKept(it));
    assertEquals(folder.files, left.sort(), told);
  }
});

Deno.test("foreignIn() follows no link into another folder", () => {
  using theirs = new Folder(ONE);
  using folder = new Folder(SEVERAL);
  Deno.symlinkSync(theirs.path, `${folder.path}/link`);
  assertEquals(foreignIn(folder.path), "link");
  removeReports(folder.path);
  assertEquals(theirs.files, Object.keys(ONE).sort());
});

Deno.test("foreignIn() throws where there is no folder but something else", () => {
  using folder = new Folder({ "a.txt": "" });
  assertEquals(foreignIn(`${folder.path}/none`), undefined);
  assertThrows(() => foreignIn(`${folder.path}/a.txt`));
  assertThrows(() => foreignIn(`${folder.path}/a.txt/b`));
});
