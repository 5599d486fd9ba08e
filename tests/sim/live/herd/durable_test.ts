/**
 * Herds whose servers keep on disk what they acknowledge.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { delay } from "@std/async";
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

Deno.test("Herd.disk() has a disk fail, and takes it back", async () => {
  const dataDir = await Deno.makeTempDir();
  {
    await using herd = await Herd.start("line:2", { dataDir, places: "none" });
    await using client = await herd.client("s0");
    await client.iamat("kiwi", PLACE, "1");
    const full = await herd.disk("s0", { kind: "disk_full" });
    const late = client.iamat("kiwi", PLACE, "2");
    // What came over another connection might be read before it.
    while (!(await herd.records("s0")).some((it) => it.line.endsWith(" 2")));
    await using other = await herd.client("s0");
    const refused = async () =>
      (await other.send(`IAMAT emu ${PLACE} 1`)).startsWith("? ");
    // The first write that fails tells of it; one that came before waits.
    while ((await herd.stats("s0")).refused["disk-full"] === undefined) {
      await using asking = await herd.client("s0");
      await Promise.race([asking.send(`IAMAT owl ${PLACE} 1`), delay(20)]);
    }
    assertEquals(await refused(), true);
    await full.heal();
    await late;
    assertEquals(await refused(), false);
    assertEquals(herd.faults.active, []);
  }
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("Herd.disk() is for servers that keep something on disk", async () => {
  await using herd = await Herd.start("line:1", { places: "none" });
  await assertRejects(
    () => herd.disk("s0", { kind: "torn_write" }),
    Error,
    "s0 keeps nothing on disk",
  );
  assertEquals(herd.faults.active, []);
});
