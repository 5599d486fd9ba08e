import { assertEquals } from "@std/assert";
import {
  folderName,
  ownFolder,
  ReportFolder,
} from "../../../../sim/live/report/report_folder.ts";

const RESULTS = JSON.stringify({ format: "herd results" });
const OWN = "2026-03-01T12-00-00Z-seed7";

async function inFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("ReportFolder.finish() gives the folder its name, and never another's", async () => {
  await inFolder(async (folder) => {
    for (const expected of [OWN, `${OWN}-2`, `${OWN}-3`]) {
      using report = await ReportFolder.open(`${folder}/new/runs/a-b/${OWN}`);
      assertEquals(names(`${folder}/new/runs/a-b`).includes(expected), false);
      await report.add("whole.txt", "whole");
      await report.add("pieces.txt", ["a", "b".repeat(70_000), "c"]);
      await report.add("empty.txt", []);
      const path = await report.finish();
      assertEquals(path, `${folder}/new/runs/a-b/${expected}`);
      assertEquals(names(path), ["empty.txt", "pieces.txt", "whole.txt"]);
      const pieces = await Deno.readTextFile(`${path}/pieces.txt`);
      assertEquals(pieces, `a${"b".repeat(70_000)}c`);
    }
    assertEquals(names(`${folder}/new/runs/a-b`).length, 3);
  });
});

Deno.test("ownFolder() names the drill, then the time and the seed", () => {
  const run = { name: "a b", seed: 7, startedAtMs: 1_772_366_400_250 };
  assertEquals(ownFolder(run), { drill: "a-b", run: OWN });
});

Deno.test("ReportFolder.finish() takes the place of an earlier one if it is to", async () => {
  await inFolder(async (folder) => {
    for (const name of ["minimal.yaml", "servers.jsonl"]) {
      using report = await ReportFolder.open(`${folder}/here`, true);
      await report.add("results.json", RESULTS);
      await report.add(name, name);
      assertEquals(await report.finish(), `${folder}/here`);
      assertEquals(names(`${folder}/here`), [name, "results.json"].sort());
    }
    assertEquals(names(folder), ["here"]);
  });
});

Deno.test("ReportFolder.finish() leaves a folder that it replaces, and what came into it meanwhile", async () => {
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/real`);
    await Deno.symlink("real", `${folder}/link`);
    const { ino } = await Deno.stat(`${folder}/real`);
    for (const name of ["plan.yaml", "report.html"]) {
      using report = await ReportFolder.open(`${folder}/link`, true);
      await report.add("results.json", RESULTS);
      await report.add(name, name);
      await Deno.writeTextFile(`${folder}/real/thesis.txt`, "mine");
      assertEquals(await report.finish(), `${folder}/link`);
    }
    assertEquals(names(folder), ["link", "real"]);
    assertEquals((await Deno.lstat(`${folder}/link`)).isSymlink, true);
    assertEquals((await Deno.stat(`${folder}/real`)).ino, ino);
    const left = ["report.html", "results.json", "thesis.txt"];
    assertEquals(names(`${folder}/real`), left);
    {
      using _ = await ReportFolder.open(`${folder}/link`, true);
    }
    assertEquals(names(`${folder}/real`), left, "unfinished");
  });
});

Deno.test("ReportFolder that is not finished leaves nothing behind", async () => {
  await inFolder(async (folder) => {
    const unfinished = async () => {
      using report = await ReportFolder.open(`${folder}/new/runs/a-b/${OWN}`);
      await report.add("a.txt", "a");
    };
    await unfinished();
    assertEquals(names(folder), []);
    {
      using report = await ReportFolder.open(`${folder}/new/runs/a-b/${OWN}`);
      await unfinished();
      await report.finish();
    }
    await unfinished();
    assertEquals(names(`${folder}/new/runs/a-b`), [OWN], "Another's stays");
  });
});

Deno.test("ReportFolder that is not finished leaves a folder that was there", async () => {
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/runs`);
    {
      using _ = await ReportFolder.open(`${folder}/runs/a-b/${OWN}`);
    }
    assertEquals(names(folder), ["runs"]);
    assertEquals(names(`${folder}/runs`), []);
  });
});

Deno.test("ReportFolder.open() removes what a killed run left, and nothing that is in use", async () => {
  await inFolder(async (folder) => {
    const left = `${folder}/.a-5b.partial`;
    await Deno.mkdir(`${left}/logs`, { recursive: true });
    await Deno.writeTextFile(`${left}/.run`, "");
    await Deno.mkdir(`${folder}/.mine.partial`);
    using used = await ReportFolder.open(`${folder}/used`);
    using report = await ReportFolder.open(`${folder}/report`);
    assertEquals(
      names(folder).map((name) => name.replace(/-[^.]*/, "")),
      [".mine.partial", ".report.partial", ".used.partial"],
    );
    for (const each of [used, report]) await each.finish();
    assertEquals(names(folder), [".mine.partial", "report", "used"]);
    assertEquals(names(`${folder}/used`), []);
  });
});

Deno.test({
  name: "folderName() makes a folder's name of any drill's name",
  permissions: "none",
  fn() {
    const cases = {
      "partition": "partition",
      "one server down": "one-server-down",
      "../../etc": "etc",
      "..": "drill",
      "": "drill",
      "a/b\\c:\0d": "a-b-c-d",
      "Übung 1": "Übung-1",
      "🥝": "drill",
    };
    for (const [name, folder] of Object.entries(cases)) {
      assertEquals(folderName(name), folder, name);
    }
    assertEquals(folderName("x".repeat(300)), "x".repeat(60));
  },
});
