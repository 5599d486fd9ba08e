import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { openSubmission } from "../../../../sim/live/grade/submissions.ts";
import { folderOf, python } from "./folder_of.ts";

Deno.test("openSubmission() reads how servers are run: of its own, or of all", async () => {
  await using given = await folderOf({
    "zoe/server.py": "",
    "zoe/herd.yaml": "command: python3 other.py {name}\ntopology: 2021\n",
    "amy/server.py": "",
  });
  const defaults = { command: ["python3", "server.py", "{name}"] };
  for (
    const [name, command, topology] of [
      ["amy", "python3 server.py {name}", "2014"],
      ["zoe", "python3 other.py {name}", "2021"],
    ] as const
  ) {
    const found = { name, path: `${given.path}/${name}` };
    await using opened = await openSubmission(found, defaults);
    const { submission } = opened;
    assert(!("why" in submission));
    assertEquals(submission.name, name);
    assertEquals(submission.command.join(" "), command);
    assertEquals(submission.topology.name, topology);
  }
});

Deno.test("openSubmission() says what a submission does not say, or says wrongly", async () => {
  for (
    const [manifest, why] of [
      ["", "what starts a server of amy?"],
      ["topology: 2021\n", "what starts a server of amy?"],
      ["commands: python3\n", "herd.yaml:1:1: error: unknown field commands"],
      ["command: 'python3 {nam}'\n", "herd.yaml:1:10: error: no {nam}"],
      ["topology: 1999\n", 'herd.yaml:1:11: error: no topology "1999"'],
      [
        "topology: 2021\nports: {Rily: 5}\n",
        "herd.yaml:2:15: error: no server Rily, did you mean Riley?",
      ],
      [
        "command: python3 server.py\ntopology: line:1\n",
        "nothing can be graded in the herd line:1: it has no links",
      ],
      ["- command\n", "it must be a map of fields"],
      ["command: [\n", "herd.yaml"],
    ] as const
  ) {
    await using given = await folderOf({
      "server.py": "",
      ...manifest !== "" && { "herd.yaml": manifest },
    });
    const found = { name: "amy", path: given.path };
    await using opened = await openSubmission(found, {});
    const { submission } = opened;
    assert("why" in submission, manifest);
    assertStringIncludes(submission.why, why);
  }
});

Deno.test("openSubmission() leaves nothing of what it has unpacked", async () => {
  await using given = await folderOf({ "server.py": "" });
  await python(
    given.path,
    `import zipfile
with zipfile.ZipFile("amy.zip", "w") as archive: archive.write("server.py")`,
  );
  const found = { name: "amy", path: `${given.path}/amy.zip` };
  let folder: string;
  {
    const defaults = { command: ["python3", "server.py", "{name}"] };
    await using opened = await openSubmission(found, defaults);
    assert("folder" in opened.submission);
    folder = opened.submission.folder;
    assert(Deno.statSync(`${folder}/server.py`).isFile);
  }
  assertEquals(await Deno.stat(folder).catch(() => "gone"), "gone");
});
