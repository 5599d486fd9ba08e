import { assert, assertEquals, assertRejects } from "@std/assert";
import { copyFolder } from "../../../../sim/worlds/processes/folder_copy.ts";
import { statOf } from "../../../../sim/worlds/if_there.ts";
import { OWN_FILES } from "../own_files.ts";
import { anyPython } from "../../../../sim/worlds/processes/python.ts";
import { openTempFolder } from "../../../../sim/worlds/processes/temp_folder.ts";

/** Files, by their paths, with so many bytes. */
async function write(
  folder: string,
  files: Readonly<Record<string, number>>,
): Promise<void> {
  for (const [path, bytes] of Object.entries(files)) {
    const file = `${folder}/${path}`;
    await Deno.mkdir(file.replace(/[^/]*$/, ""), { recursive: true });
    await Deno.writeFile(file, new Uint8Array());
    await Deno.truncate(file, bytes);
  }
}

/** The paths of all files below a folder, in order. */
async function filesIn(folder: string, path = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder + path)) {
    const its = `${path}/${name}`;
    found.push(...isDirectory ? await filesIn(folder, its) : [its]);
  }
  return found.sort();
}

const HUGE = 300 * 1_048_576;

Deno.test("copyFolder() ends when it is told to", async () => {
  await using temp = await openTempFolder();
  const { path: dir } = temp;
  await write(`${dir}/from`, { "server.py": 10 });
  const signal = AbortSignal.abort(new Error("interrupted"));
  await assertRejects(
    () => copyFolder(`${dir}/from`, `${dir}/to`, signal),
    Error,
    "interrupted",
  );
  assertEquals(statOf(`${dir}/to`), undefined);
});

Deno.test("copyFolder() leaves out what the workbench wrote there, however large", async () => {
  await using temp = await openTempFolder();
  const { path: dir } = temp;
  await write(`${dir}/from`, {
    "server.py": 10,
    "logs/mine.txt": 10,
    ...Object.fromEntries(
      OWN_FILES.map((name) => [name, name.endsWith(".jsonl") ? HUGE : 0]),
    ),
    "mine/results.json": 10,
    // Editors have such a folder.
    ".run/server.xml": 10,
    "mine/.run/test.xml": 10,
  });
  // Nobody can open it by a name.
  const { success } = await new Deno.Command(anyPython(), {
    args: ["-c", 'open(b"l\\xf6s.txt", "w")'],
    cwd: `${dir}/from`,
  }).output();
  assert(success);
  await copyFolder(`${dir}/from`, `${dir}/to`);
  assertEquals(await filesIn(`${dir}/to`), [
    "/.run/server.xml",
    "/logs/mine.txt",
    "/mine/.run/test.xml",
    "/mine/results.json",
    "/server.py",
  ]);
  assert((await Deno.stat(`${dir}/to/runs`)).isDirectory);
});

Deno.test("copyFolder() says what can't be read", async () => {
  await using temp = await openTempFolder();
  const { path: dir } = temp;
  await write(`${dir}/from`, { "secret.txt": 1 });
  const { copyFile } = Deno;
  // Whoever runs this may be root, who can read all.
  Deno.copyFile = (from) =>
    Promise.reject(new Deno.errors.PermissionDenied(`copy '${from}'`));
  try {
    await assertRejects(
      () => copyFolder(`${dir}/from`, `${dir}/to`),
      RangeError,
      `${dir}/from can't be copied: copy '${dir}/from/secret.txt'`,
    );
  } finally {
    Deno.copyFile = copyFile;
  }
});

Deno.test("copyFolder() refuses what is larger than any submission", async () => {
  await using temp = await openTempFolder();
  const { path: dir } = temp;
  await write(`${dir}/from`, { "data/all.bin": HUGE });
  await assertRejects(
    () => copyFolder(`${dir}/from`, `${dir}/to`),
    RangeError,
    "from/data holds more than 256 MiB: is it the folder of the servers?",
  );
});
