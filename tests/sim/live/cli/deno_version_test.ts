/**
 * Too old a Deno is told so, by every task.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  DENO_MIN,
  versionComplaint,
} from "../../../../sim/live/cli/deno_version.ts";

const ROOT = new URL("../../../../", import.meta.url);

Deno.test("versionComplaint() names the Deno that is needed to who has an older one", () => {
  for (const version of ["1.46.3", "2.0.0", "2.8.9", "2.8.99-rc.1+abc"]) {
    const complaint = versionComplaint(version);
    assertStringIncludes(complaint ?? "", `Deno ${version},`);
    assertStringIncludes(complaint ?? "", DENO_MIN);
    assert(!complaint?.includes("\n"), "It is one line");
  }
});

Deno.test("versionComplaint() has nothing against the least one, and newer ones", () => {
  const versions = [DENO_MIN, "2.9.6", "2.10.0", "3.0.0-rc.1+abc", "10.0.0"];
  assertEquals(versions.filter((it) => versionComplaint(it)), []);
  assertEquals(versionComplaint(Deno.version.deno), undefined);
});

Deno.test("Each task begins by asking whether this Deno is new enough", async () => {
  const config = await Deno.readTextFile(new URL("deno.json", ROOT));
  const { tasks } = JSON.parse(config) as {
    tasks: Record<string, { command: string }>;
  };
  const first = "deno run --quiet --no-config --no-lock " +
    "sim/live/cli/deno_version.ts && ";
  const others = Object.entries(tasks)
    .filter(([, { command }]) => !command.startsWith(first));
  assertEquals(others, []);
});

Deno.test("README names the Deno that the tasks need", async () => {
  const readme = await Deno.readTextFile(new URL("README.md", ROOT));
  const [major, minor] = DENO_MIN.split(".");
  assertStringIncludes(
    readme,
    `[Deno](https://deno.com) ${major}.${minor} installed`,
  );
});
