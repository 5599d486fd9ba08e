import { assert, assertRejects, assertStringIncludes } from "@std/assert";
import {
  NoSuchScenario,
  readScenario,
} from "../../../../sim/live/drill/files.ts";
import { openTempFolder } from "../../../../sim/worlds/processes/temp_folder.ts";

Deno.test("readScenario() offers drills, those with a mistake too, and no topologies", async () => {
  await using folder = await openTempFolder();
  const { path } = folder;
  await Deno.writeTextFile(`${path}/mine.yaml`, "steps: [{wait: 1s}]\n");
  await Deno.writeTextFile(`${path}/half.yaml`, "steps: [\n");
  await Deno.writeTextFile(`${path}/mine.topology.yaml`, "links: []\n");
  const offered = async (name: string) => {
    const { message } = await assertRejects(
      () => readScenario(`${path}/${name}`),
      NoSuchScenario,
    );
    return message;
  };
  assertStringIncludes(await offered("haf"), `did you mean ${path}/half?`);
  const topology = await offered("mine.topologi");
  assert(!topology.includes(`${path}/mine.topology?`), topology);
});
