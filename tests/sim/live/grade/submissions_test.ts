import { assert, assertEquals, assertRejects } from "@std/assert";
import { submissionsIn } from "../../../../sim/live/grade/submissions.ts";

/** A folder of files, by their paths. */
async function folderOf(files: Readonly<Record<string, string>>) {
  const path = await Deno.makeTempDir();
  for (const [name, text] of Object.entries(files)) {
    const folder = `${path}/${name}`.replace(/\/[^/]*$/, "");
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(`${path}/${name}`, text);
  }
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

Deno.test("submissionsIn() finds a submission, or a class of them by name", async () => {
  await using given = await folderOf({
    "zoe/server.py": "",
    "zoe/herd.yaml": "command: python3 other.py {name}\ntopology: 2021\n",
    "amy/server.py": "",
  });
  const defaults = { command: "python3 server.py {name}" };
  const found = await submissionsIn(given.path, defaults);
  assertEquals(
    found.map((it) => {
      assert(!("why" in it));
      return [it.name, it.command.join(" "), it.topology.name];
    }),
    [
      ["amy", "python3 server.py {name}", "2014"],
      ["zoe", "python3 other.py {name}", "2021"],
    ],
  );
  const [one, ...more] = await submissionsIn(`${given.path}/zoe`, {});
  assertEquals([one!.name, more], ["zoe", []]);
});

Deno.test("submissionsIn() says what a submission does not say, or says wrongly", async () => {
  for (
    const [manifest, why] of [
      ["", "what starts a server?"],
      ["topology: 2021\n", "what starts a server?"],
      ["commands: python3\n", "there is command, topology, no commands"],
      ["command: 'python3 {nam}'\n", "no {nam}"],
      ["- command\n", "it is no map"],
      ["command: [\n", "herd.yaml"],
    ] as const
  ) {
    await using given = await folderOf({
      "server.py": "",
      ...manifest !== "" && { "herd.yaml": manifest },
    });
    await assertRejects(() => submissionsIn(given.path, {}), RangeError, why);
  }
});

Deno.test("submissionsIn() lets one of a class that says nonsense keep no other from its mark", async () => {
  await using given = await folderOf({
    "list.csv": "amy,12000\n",
    "amy/herd.yaml": "command: python3 server.py {name}\n",
    "bob/herd.yaml": "command: [\n",
    "cat/herd.yaml": "command: python3 server.py\ntopology: 1999\n",
    "dan/server.py": "",
  });
  const found = await submissionsIn(given.path, {});
  assertEquals(
    found.map((it) => [it.name, "why" in it]),
    [["amy", false], ["bob", true], ["cat", true], ["dan", true]],
  );
});
