import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { assertEquals } from "@std/assert";
import { publish, runningHerds } from "../../../../sim/live/ctl/address.ts";
import { openLogFolder } from "../../../../sim/live/herd/log_folder.ts";

Deno.test("runningHerds() finds those that run, and passes over what one that was killed has left", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const runs = [
      await openLogFolder(denoPlatform.clock, directory),
      await openLogFolder(denoPlatform.clock, directory),
      await openLogFolder(denoPlatform.clock, directory),
    ] as const;
    const published = await Promise.all(
      runs.map(({ path }, port) =>
        publish(path, { port, token: `t${port}`, topology: "line:2" })
      ),
    );
    const ports = async (folder = directory) =>
      (await runningHerds(folder)).map(({ port }) => port);
    assertEquals(await ports(), [0, 1, 2]);
    assertEquals(await ports(runs[1].path), [1]);
    // As the system does for a process that is killed: its lock is gone.
    runs[1].close();
    assertEquals(await ports(), [0, 2]);
    assertEquals(await ports(runs[1].path), []);
    published[0]![Symbol.dispose]();
    published[0]![Symbol.dispose]();
    assertEquals(await ports(), [2]);
    await Deno.writeTextFile(`${runs[2].path}/.ctl`, '{"port":');
    assertEquals(await ports(), []);
    assertEquals(await ports(`${directory}/nowhere`), []);
    for (const run of [runs[0], runs[2]]) run.close();
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("openLogFolder() removes old runs with what their killed herds have left", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const names: string[] = [];
    for (let i = 0; i < 11; i++) {
      const run = await openLogFolder(denoPlatform.clock, directory);
      await publish(run.path, { port: i, token: "", topology: "" });
      run.close();
      names.push(run.path);
    }
    const left = [...Deno.readDirSync(directory)].map(({ name }) =>
      `${directory}/${name}`
    );
    assertEquals(left.sort(), names.slice(1).sort());
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("publish() is taken back without a word where its folder can't be written any more", async () => {
  const parent = await Deno.makeTempDir();
  const folder = `${parent}/run`;
  try {
    await Deno.mkdir(folder);
    const published = await publish(folder, {
      port: 1,
      token: "t",
      topology: "2014",
    });
    await Deno.rename(folder, `${parent}/moved`);
    await Deno.writeTextFile(folder, "no folder");
    published[Symbol.dispose]();
    assertEquals(await Deno.readTextFile(folder), "no folder");
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
});
