import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  distinct,
  findSubmissions,
  openFound,
} from "../../../../sim/live/grade/found.ts";
import { OWN_FILES } from "../../worlds/own_files.ts";
import { folderOf, python, write } from "./folder_of.ts";

/** What is in a folder and below it, by path. */
function filesIn(folder: string, below = ""): string[] {
  return [...Deno.readDirSync(`${folder}/${below}`)].flatMap((entry) =>
    entry.isDirectory
      ? filesIn(folder, `${below}${entry.name}/`)
      : [below + entry.name]
  ).sort();
}

/** The names of what is found. */
async function namesIn(path: string, words?: string[]): Promise<string[]> {
  return (await findSubmissions(path, words)).map(({ name }) => name);
}

const ZIP = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as archive:
    for name in sys.argv[2:]:
        archive.writestr(name, "text of " + name)
`;
const TGZ = `
import io, sys, tarfile
with tarfile.open(sys.argv[1], "w:gz") as archive:
    for name in sys.argv[2:]:
        info = tarfile.TarInfo(name.split("->")[0])
        if "->" in name:
            info.type, info.linkname = tarfile.SYMTYPE, name.split("->")[1]
            archive.addfile(info)
            continue
        info.size, info.mode = 4, 0o755
        archive.addfile(info, io.BytesIO(b"text"))
`;

Deno.test("findSubmissions() finds one, or a class of folders and archives, by name", async () => {
  await using given = await folderOf({
    "list.csv": "amy,12000\n",
    "zoe/server.py": "",
    "amy/server.py": "",
    "bob.zip": "",
    "cat.tar.gz": "",
    ".hidden/server.py": "",
    "__MACOSX/x": "",
  });
  assertEquals(await namesIn(given.path), ["amy", "bob", "cat", "zoe"]);
  assertEquals(await namesIn(`${given.path}/zoe`), ["zoe"]);
  assertEquals(await namesIn(`${given.path}/zoe/`), ["zoe"]);
  assertEquals(await namesIn(`${given.path}/cat.tar.gz`), ["cat"]);
});

Deno.test("findSubmissions() takes no logs and reports of the workbench for submissions", async () => {
  await using given = await folderOf({
    "amy/server.py": "",
    "bob.zip": "",
    ...Object.fromEntries(OWN_FILES.map((name) => [name, ""])),
  });
  assertEquals(await namesIn(given.path), ["amy", "bob"]);
  // Nor is what else is there, or is called so, one of them.
  await write(`${given.path}/logs/server.py`);
  await write(`${given.path}/grades/server.py`);
  assertEquals(await namesIn(given.path), ["amy", "bob", "grades", "logs"]);
});

Deno.test("findSubmissions() knows a submission, and a class, by the file that the command names", async () => {
  await using given = await folderOf({
    "one/src/server.py": "",
    "one/old/src/server.py": "",
    "one/README.md": "",
    "class/amy/src/server.py": "",
    "class/bob.zip": "",
    "class/marks.json": "",
  });
  const words = ["python3", "src/server.py", "{name}"];
  assertEquals(await namesIn(`${given.path}/one`, words), ["one"]);
  assertEquals(await namesIn(`${given.path}/class`, words), ["amy", "bob"]);
  assertEquals(await namesIn(`${given.path}/class`), ["class"]);
});

Deno.test("findSubmissions() says that nothing is there", async () => {
  await using given = await folderOf({ "list.csv": "" });
  await assertRejects(
    () => findSubmissions(given.path),
    RangeError,
    "nothing is in it",
  );
});

Deno.test("findSubmissions() names what has a name that is no UTF-8", async () => {
  await using given = await folderOf({ "amy/server.py": "" });
  await python(given.path, `import os; os.mkdir(b"M\\xfcller")`);
  await assertRejects(
    () => findSubmissions(given.path),
    RangeError,
    "M\uFFFDller has a name that is no UTF-8: give it another one",
  );
});

Deno.test("distinct() calls those of one name by their paths", () => {
  const found = [
    { name: "amy", path: "a/amy" },
    { name: "amy", path: "a/amy.zip" },
    { name: "bob", path: "a/bob" },
  ];
  assertEquals(distinct(found).map(({ name }) => name), [
    "a/amy",
    "a/amy.zip",
    "bob",
  ]);
});

Deno.test("openFound() unpacks archives, also one in another, and finds the folder with the files", async () => {
  await using given = await folderOf({});
  await python(
    given.path,
    ZIP,
    "in.zip",
    "herd/src/server.py",
    "herd/README.md",
  );
  await python(
    given.path,
    `import sys, zipfile
with zipfile.ZipFile("out.zip", "w") as archive:
    archive.write("in.zip", "upload/in.zip")
    archive.writestr("__MACOSX/upload/._in.zip", "")`,
  );
  await python(given.path, TGZ, "plain.tgz", "./server.py", "logs/x");
  // As in an archive that was packed by an old system.
  await python(
    given.path,
    `import tarfile
with tarfile.open("latin.tgz", "w:gz") as archive:
    for name in ("server.py", "l\\udcf6s.txt"):
        archive.addfile(tarfile.TarInfo(name))`,
  );
  for (
    const [file, words, files] of [
      ["out.zip", [], ["server.py"]],
      // The folder is the one from which the command finds its file.
      ["in.zip", ["src/server.py"], ["README.md", "src/server.py"]],
      ["plain.tgz", [], ["logs/x", "server.py"]],
      ["latin.tgz", [], ["l?s.txt", "server.py"]],
    ] as const
  ) {
    const found = { name: "x", path: `${given.path}/${file}` };
    const into = `${given.path}/into-${file}`;
    const { folder, notes } = await openFound(found, into, words);
    assertEquals(filesIn(folder), [...files], file);
    assertEquals(notes, []);
  }
});

Deno.test("openFound() finds the folder with the files beside logs and reports", async () => {
  await using given = await folderOf({
    "herd/main.go": "",
    ...Object.fromEntries(OWN_FILES.map((name) => [name, ""])),
  });
  const found = { name: "x", path: given.path };
  const { folder } = await openFound(found, `${given.path}/into`, []);
  assertEquals(folder, `${given.path}/herd`);
});

Deno.test("openFound() lets nothing out of its folder, and says what it left out", async () => {
  await using given = await folderOf({});
  const evil = ["../evil.py", "/tmp/evil.py", "a/../../evil.py", "server.py"];
  await python(given.path, ZIP, "x.zip", ...evil, "..\\evil.py", "C:\\evil.py");
  await python(
    given.path,
    TGZ,
    "x.tgz",
    ...evil,
    "link->/etc/passwd",
    "out->..",
    "out/evil.py",
  );
  for (const file of ["x.zip", "x.tgz"]) {
    const found = { name: "x", path: `${given.path}/${file}` };
    const into = `${given.path}/deep/in/${file}`;
    const { folder, notes } = await openFound(found, into, []);
    const isIn = filesIn(folder).filter((name) => !name.startsWith("out/"));
    assertEquals(isIn, ["server.py"]);
    assert(notes.some((note) => note.includes("'../evil.py'")), notes.join());
    assertEquals(
      filesIn(given.path).filter((name) => name.endsWith("evil.py")),
      file === "x.zip" ? [] : [`deep/in/${file}/0/out/evil.py`],
    );
  }
});

Deno.test("openFound() refuses what is too much, or is no archive", async () => {
  await using given = await folderOf({ "text.zip": "nothing of the kind" });
  await python(
    given.path,
    `import gzip, tarfile, zipfile
zeros = tarfile.TarInfo("zeros")
zeros.size = 300 << 20
with open("bomb.tgz", "wb") as archive:
    archive.write(gzip.compress(zeros.tobuf()))
    archive.write(gzip.compress(bytes(1 << 20)) * 301)
with zipfile.ZipFile("turned.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr("server.py", "print('one of five')" * 9)
with open("turned.zip", "r+b") as file:
    file.seek(39)
    file.write(bytes([255] * 9))`,
  );
  for (
    const [file, why] of [
      ["bomb.tgz", "there is more in it than 256 MiB, or 10000 files"],
      ["text.zip", "text.zip: it can't be unpacked: it is neither a zip nor"],
      ["turned.zip", "turned.zip: it can't be unpacked: Error -3"],
    ] as const
  ) {
    const found = { name: "x", path: `${given.path}/${file}` };
    const into = `${given.path}/into`;
    await assertRejects(() => openFound(found, into, []), RangeError, why);
    assertEquals(filesIn(given.path).filter((it) => it.startsWith("into")), []);
  }
});
