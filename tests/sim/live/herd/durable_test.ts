/**
 * Herds whose servers keep on disk what they acknowledge.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { Herd } from "../../../../sim/live/herd/herd.ts";

const PLACE = "+34.068930-118.445127";

Deno.test("Herd.start() with a data folder holds what the herd before held", async () => {
  const dataDir = await Deno.makeTempDir();
  let before: string[];
  {
    await using herd = await Herd.start("line:2", { dataDir, places: "none" });
    await using client = await herd.client("s0");
    await client.iamat("kiwi", PLACE, "1.5");
    await herd.converged();
    before = (await herd.records("s1")).map(({ line }) => line);
  }
  await using herd = await Herd.start("line:2", { dataDir, places: "none" });
  for (const server of ["s0", "s1"]) {
    const records = await herd.records(server);
    assertEquals(records.map(({ line }) => line), before, server);
  }
  await herd.stop();
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("Herd.kill() leaves a server its disk, and wipe() takes it away", async () => {
  const dataDir = await Deno.makeTempDir();
  await using herd = await Herd.start("line:1", { dataDir, places: "none" });
  const told = async () => (await herd.records("s0")).length;
  {
    await using client = await herd.client("s0");
    await client.iamat("kiwi", PLACE, "1.5");
  }
  await herd.kill("s0");
  await herd.revive("s0");
  assertEquals(await told(), 1);
  await herd.wipe("s0");
  await herd.revive("s0");
  assertEquals(await told(), 0);
  await herd.stop();
  await Deno.remove(dataDir, { recursive: true });
});
