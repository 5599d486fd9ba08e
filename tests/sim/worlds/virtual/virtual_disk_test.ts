/**
 * What a disk of the virtual world keeps when its machine loses power.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { DiskFolder } from "../../../../herd/net/disk.ts";
import { Random } from "../../../../sim/model/random.ts";
import { VirtualDatagrams } from "../../../../sim/worlds/virtual/virtual_datagrams.ts";
import { VirtualDisks } from "../../../../sim/worlds/virtual/virtual_disk.ts";
import { VirtualMachine } from "../../../../sim/worlds/virtual/virtual_machine.ts";
import { VirtualNetwork } from "../../../../sim/worlds/virtual/virtual_network.ts";
import { VirtualTime } from "../../../../sim/worlds/virtual/virtual_time.ts";

const SEEDS = 24;
const BYTES = Uint8Array.of(1, 2, 3);

/** The names and sizes that are left of a folder when all power is lost. */
async function left(
  seed: number,
  use: (folder: DiskFolder) => Promise<void>,
): Promise<string[]> {
  const time = new VirtualTime();
  const random = new Random(seed);
  const datagrams = new VirtualDatagrams(time, random);
  const network = new VirtualNetwork(time, random, datagrams);
  const disks = new VirtualDisks(random, new Random(seed, "names"));
  const open = async () => {
    const machine = new VirtualMachine(time, network, random, disks);
    const folder = await machine.platform.disk!.open("data");
    return { machine, folder: folder! };
  };
  const { machine, folder } = await open();
  await use(folder);
  machine.end();
  await new Promise<void>((resolve) => void time.after(100, resolve));
  const again = await open();
  const names = await again.folder.list();
  return await Promise.all(
    names.map(async (name) => `${name} ${await again.folder.size(name)}`),
  );
}

/** All that may be left, by many seeds. */
async function outcomes(
  use: (folder: DiskFolder) => Promise<void>,
): Promise<string[]> {
  const all = new Set<string>();
  for (let seed = 0; seed < SEEDS; seed++) {
    all.add((await left(seed, use)).join(", "));
  }
  return [...all].sort();
}

async function write(folder: DiskFolder, name: string): Promise<void> {
  const file = await folder.create(name);
  await file.write(BYTES);
  await file.sync();
}

Deno.test("VirtualDisks keeps the names that were synced", async () => {
  const made = await outcomes(async (folder) => {
    await write(folder, "a");
    await folder.rename("a", "b");
    await folder.sync();
  });
  assertEquals(made, ["b 3"]);
});

Deno.test("VirtualDisks loses names that were not synced, the last ones first", async () => {
  const made = await outcomes(async (folder) => {
    await write(folder, "a");
    await folder.sync();
    await write(folder, "b");
    await folder.rename("b", "c");
    await folder.remove("a");
  });
  assertEquals(made, ["a 3", "a 3, b 3", "a 3, c 3", "c 3"]);
});
