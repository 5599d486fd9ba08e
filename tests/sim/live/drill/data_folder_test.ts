import { assert, assertEquals, assertRejects } from "@std/assert";
import { dataFolder } from "../../../../sim/live/drill/data_folder.ts";
import { isRunning } from "../../../../sim/live/herd/log_folder.ts";
import type { Scenario } from "../../../../sim/model/scenario/scenario.ts";

const DISK = { durable: "disk" } as Scenario;

Deno.test("dataFolder() is in use as long as it is there, so that others remove what is left of it", async () => {
  let path: string;
  {
    await using data = await dataFolder(DISK);
    assert(data !== undefined);
    path = data.dataDir;
    assert(await isRunning(path));
  }
  await assertRejects(() => Deno.stat(path), Deno.errors.NotFound);
});

Deno.test({
  name: "dataFolder() makes none in virtual time, nor where nothing is kept",
  permissions: "none",
  async fn() {
    await using virtual = await dataFolder({ ...DISK, world: "virtual" });
    assertEquals(virtual?.dataDir, "data");
    assertEquals(await dataFolder({} as Scenario), undefined);
  },
});
