/**
 * What faults do to disks.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import type { Disk, DiskFile, DiskFolder } from "../../../herd/net/disk.ts";
import {
  type DiskTrouble,
  NO_TROUBLE,
} from "../../../sim/model/faults/disk_trouble.ts";
import { TroubledDisk } from "../../../sim/worlds/troubled_disk.ts";

const BYTES = Uint8Array.from({ length: 100 }, (_, at) => at);

/** A disk in memory; what is on it, whoever goes on using it. */
function memory() {
  const files = new Map<string, number[]>();
  let synced = 0;
  const fileOf = (held: number[]): DiskFile => ({
    write: (bytes) => Promise.resolve(held.push(...bytes) && bytes.length),
    sync: () => Promise.resolve(void synced++),
    truncate: (bytes) => Promise.resolve(void held.splice(bytes)),
    close() {},
  });
  const folder: DiskFolder = {
    list: () => Promise.resolve([...files.keys()]),
    size: (name) => Promise.resolve(files.get(name)!.length),
    read: (name, from, count) => {
      const bytes = files.get(name)!.slice(from, from + count);
      return Promise.resolve(Uint8Array.from(bytes));
    },
    create(name) {
      const held: number[] = [];
      files.set(name, held);
      return Promise.resolve(fileOf(held));
    },
    truncate: () => Promise.resolve(),
    rename: () => Promise.resolve(),
    remove: () => Promise.resolve(),
    sync: () => Promise.resolve(),
    close() {},
  };
  const disk: Disk = { open: () => Promise.resolve(folder) };
  return { disk, files, synced: () => synced };
}

/** A file on a disk that is in trouble from when it was made on. */
async function opened(trouble: Partial<DiskTrouble>) {
  const { disk, files, synced } = memory();
  const troubled = new TroubledDisk(disk, denoPlatform.clock);
  const folder = (await troubled.open("x"))!;
  const file = await folder.create("f");
  troubled.trouble = { ...NO_TROUBLE, ...trouble };
  return { troubled, folder, file, held: files.get("f")!, synced };
}

Deno.test("TroubledDisk does what it is asked for where nothing is wrong", async () => {
  const { file, folder, held } = await opened({});
  await file.write(BYTES);
  assertEquals(held, [...BYTES]);
  assertEquals(await folder.read("f", 0, 100), BYTES);
});

Deno.test("TroubledDisk that is full makes a part of a write, and says so", async () => {
  const { file, folder, held, troubled } = await opened({ isFull: true });
  await assertRejects(() => file.write(BYTES), Error, "ENOSPC");
  assert(held.length < BYTES.length);
  await assertRejects(() => folder.create("g"), Error, "ENOSPC");
  troubled.trouble = NO_TROUBLE;
  await file.truncate(0);
  await file.write(BYTES);
  assertEquals(held, [...BYTES]);
});

Deno.test("TroubledDisk that tears keeps a part of writes back until they are synced", async () => {
  let torn = 0;
  for (let seed = 0; seed < 20; seed++) {
    const { file, held, troubled } = await opened({ tears: true, seed });
    await file.write(BYTES);
    await file.write(BYTES);
    const whole = [...BYTES, ...BYTES];
    assertEquals(held, whole.slice(0, held.length));
    if (held.length < whole.length) torn++;
    // What is kept back stays so when the fault is over, and is never lost then.
    troubled.trouble = NO_TROUBLE;
    await file.write(BYTES);
    await file.sync();
    assertEquals(held, [...whole, ...BYTES]);
  }
  assert(torn > 10, `${torn}`);
});

Deno.test("TroubledDisk turns one bit of the older half of what is read", async () => {
  const { file, folder, held } = await opened({ flips: true, seed: 5 });
  await file.write(BYTES);
  const read = await folder.read("f", 0, 100);
  const turned = [...read].flatMap((byte, at) =>
    byte === BYTES[at] ? [] : [[at, byte ^ BYTES[at]!]]
  );
  assertEquals(turned.length, 1);
  const [[at, bits] = [100, 0]] = turned;
  assert(at! < BYTES.length / 2);
  assertEquals(Math.log2(bits!) % 1, 0);
  assertEquals(held, [...BYTES], "What is written stays");
});

Deno.test("TroubledDisk fails a sync, and takes longer", async () => {
  const { file, synced } = await opened({ failsSync: true });
  await assertRejects(() => file.sync(), Error, "EIO");
  assertEquals(synced(), 0);
  const slow = await opened({ delayMs: 30 });
  const startMs = performance.now();
  await slow.file.write(BYTES);
  await slow.file.sync();
  assert(performance.now() - startMs >= 58);
});
