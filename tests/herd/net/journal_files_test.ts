/**
 * What a server keeps on disk, and what a disk does to it.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { delay } from "@std/async";
import { Client } from "../../../herd/net/client.ts";
import type { Disk } from "../../../herd/net/disk.ts";
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import { freshSecret } from "../../../herd/net/handshake.ts";
import { JournalFiles } from "../../../herd/net/journal_files.ts";
import { type ServerLog, SILENT_LOG } from "../../../herd/net/log.ts";
import { Tasks } from "../../../herd/net/tasks.ts";
import { ByteWriter } from "../../../herd/core/bytes/writer.ts";
import { Journal } from "../../../herd/core/journal/journal.ts";
import { DEFAULT_TUNING } from "../../../herd/core/tuning.ts";
import { partsOf } from "../../../herd/core/journal/frame.ts";
import { Store } from "../../../herd/core/store/store.ts";
import { parseAtLine } from "../../../herd/core/wire/message.ts";
import { Server } from "../../../herd/net/server.ts";
import type { ServerOptions } from "../../../herd/net/server_options.ts";
import { faulty } from "./faulty_disk.ts";
import { quick } from "./support.ts";

const denoDisk = denoPlatform.disk!;
const PLACE = "+34.068930-118.445127";

interface Rig extends AsyncDisposable {
  readonly folder: string;
  start(disk?: Disk, options?: Partial<ServerOptions>): Promise<Server>;
}

/** Servers that may use one folder, one after the other. */
async function rig(): Promise<Rig> {
  const folder = await Deno.makeTempDir();
  const servers: Server[] = [];
  return {
    folder,
    async start(disk = denoDisk, options = {}) {
      const server = await Server.start({
        name: "Ash",
        port: 0,
        neighbours: [],
        secret: freshSecret(),
        dataDir: folder,
        platform: { ...denoPlatform, disk },
        ...options,
      });
      servers.push(server);
      return server;
    },
    async [Symbol.asyncDispose]() {
      for (const server of servers) await server.stop();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

function connect({ port }: Server): Promise<Client> {
  return Client.connect({ hostname: "127.0.0.1", port });
}

Deno.test("Server holds what it acknowledged again when it is started again", async () => {
  await using servers = await rig();
  for (let life = 1; life <= 3; life++) {
    const server = await servers.start();
    assertEquals(server.records().length, (life - 1) * 10, `life ${life}`);
    await using client = await connect(server);
    for (let nth = 0; nth < 10; nth++) {
      await client.iamat(`c${life}.${nth}`, PLACE, `${life}.5`);
    }
    const before = server.records();
    await server.stop();
    const again = await servers.start();
    assertEquals(again.records().toSorted(), before.toSorted());
    await again.stop();
  }
});

Deno.test("Server counts what is recovered among what its limits allow", async () => {
  await using servers = await rig();
  const before = await servers.start();
  {
    await using client = await connect(before);
    for (let nth = 0; nth < 5; nth++) await client.iamat(`c${nth}`, PLACE, "1");
  }
  await before.stop();
  const told: unknown[] = [];
  const log: ServerLog = {
    ...SILENT_LOG,
    warn: (event, fields) => told.push([event, fields?.["recovered"]]),
  };
  const limits = { clientsMax: 3 };
  const server = await servers.start(denoDisk, { limits, log });
  assertEquals(told, [["clients-full", 5]]);
  // What was acknowledged stays held; who is new is not taken any more.
  assertEquals(server.records().length, 5);
  await using client = await connect(server);
  assert((await client.send(`IAMAT new ${PLACE} 2`)).startsWith("? "));
  await client.iamat("c4", PLACE, "2");
  assertEquals(server.records().length, 5);
});

Deno.test("Server.start() leaves a folder alone that another server has", async () => {
  await using servers = await rig();
  await servers.start();
  const platform = quick(10);
  await assertRejects(
    () => servers.start(denoDisk, { platform }),
    Error,
    "another server does",
  );
});

Deno.test("Server acknowledges nothing before it is on disk", async () => {
  const open = Promise.withResolvers<void>();
  let synced = 0;
  const disk = faulty((file) => ({
    async sync() {
      await open.promise;
      await file.sync();
      synced++;
    },
  }));
  await using servers = await rig();
  // Nothing is withheld for being late, however slow the machine is.
  const limits = { durableMsMax: 60_000 };
  const server = await servers.start(disk, { limits });
  await using all = await clients(server, 3);
  const [first, again, reader] = all;
  let replies = 0;
  const told = [first, again].map((client) =>
    client!.iamat("kiwi", PLACE, "1").then(() => replies++)
  );
  while (server.records().length === 0) await turn();
  // Who only asks has its answer, though the disk does not come to an end.
  await reader!.whatsat("kiwi", 10, 5);
  assertEquals([replies, synced], [0, 0]);
  open.resolve();
  await Promise.all(told);
  assert(synced > 0);
});

Deno.test("Server takes no fix while its disk is full, and goes on when it is not", async () => {
  let isFull = true;
  const failed = Promise.withResolvers<void>();
  const disk = faulty((file) => ({
    async write(bytes) {
      if (!isFull) return await file.write(bytes);
      // A part is written, as a real disk does.
      await file.write(bytes.subarray(0, 5));
      failed.resolve();
      throw Object.assign(new Error("No space left"), { code: "ENOSPC" });
    },
  }));
  await using servers = await rig();
  const platform = { ...quick(10), disk };
  const server = await servers.start(disk, { platform });
  await using all = await clients(server, 2);
  const [first, other] = all;
  const late = first!.iamat("kiwi", PLACE, "1");
  const refused = async () => {
    const reply = await other!.send(`IAMAT emu ${PLACE} 1`);
    return reply.startsWith("? ");
  };
  await failed.promise;
  await turn();
  assert(await refused());
  assert((await other!.send("WHATSAT kiwi 10 5")).startsWith("AT "));
  isFull = false;
  await late;
  assert(!await refused());
  const before = server.records();
  await server.stop();
  for await (const { name } of Deno.readDir(servers.folder)) {
    const bytes = await Deno.readFile(`${servers.folder}/${name}`);
    const kinds = [...partsOf(bytes)].map(({ kind }) => kind);
    assert(kinds.every((kind) => kind === "lines"), `${name}: ${kinds}`);
  }
  const { length } = before;
  assertEquals((await servers.start()).records().length, length);
});

Deno.test("Server starts while its disk is full: it serves what it holds, and takes fixes once there is room", async () => {
  await using servers = await rig();
  const before = await servers.start();
  await using told = await clients(before, 1);
  await told[0]!.iamat("kiwi", PLACE, "1");
  await before.stop();
  let isFull = true;
  const disk = faulty(() => ({}), () => {
    if (isFull) {
      throw Object.assign(new Error("No space left"), { code: "ENOSPC" });
    }
  });
  const platform = { ...quick(10), disk };
  const server = await servers.start(disk, { platform });
  await using asking = await clients(server, 1);
  const client = asking[0]!;
  assert((await client.send("WHATSAT kiwi 10 5")).startsWith("AT "));
  assert((await client.send(`IAMAT emu ${PLACE} 1`)).startsWith("? "));
  isFull = false;
  while ((await client.send(`IAMAT emu ${PLACE} 1`)).startsWith("? ")) {
    await delay(20);
  }
  await server.stop();
  assertEquals((await servers.start()).records().length, 2);
});

Deno.test("Server reads a file that is longer than what it reads at once", async () => {
  const store = new Store(1);
  const journal = new Journal(store);
  const parts: BlobPart[] = [];
  for (let nth = 0; nth < 3; nth++) {
    const line = `AT Ash +0.500000000 c${nth} +34.07-118.44 1`;
    journal.add(store.merge(parseAtLine(line)!));
    const out = new ByteWriter();
    journal.pull(out, 1_000);
    // Frames lie so far apart that one of them is on the border of two pieces.
    parts.push(out.bytes.slice(), new Uint8Array(4 * 1_048_576 - 100));
  }
  await using servers = await rig();
  const bytes = await new Blob(parts).bytes();
  await Deno.writeFile(`${servers.folder}/journal-000001`, bytes);
  assertEquals((await servers.start()).records().length, 3);
});

Deno.test("Server.stop() ends while its disk is full, and says nothing to clients", async () => {
  const failed = Promise.withResolvers<void>();
  const disk = faulty(() => ({
    write() {
      failed.resolve();
      const error = new Error("No space left");
      return Promise.reject(Object.assign(error, { code: "ENOSPC" }));
    },
  }));
  await using servers = await rig();
  const server = await servers.start(disk);
  await using all = await clients(server, 2);
  const told = all.map((client, nth) => client.iamat(`c${nth}`, PLACE, "1"));
  const ends = Promise.allSettled(told);
  await failed.promise;
  await server.stop();
  const outcomes = (await ends).map(({ status }) => status);
  assertEquals(outcomes, ["rejected", "rejected"]);
});

/** A journal of short files, to which many lines are written at a time. */
async function shortFiles(disk: Disk) {
  const folder = await Deno.makeTempDir();
  const store = new Store(1);
  const journal = new Journal(store);
  const bugs: unknown[] = [];
  const tasks = new Tasks(SILENT_LOG, (bug) => bugs.push(bug));
  const { clock } = denoPlatform;
  const host = {
    clock,
    log: SILENT_LOG,
    limitLog: { met: () => true },
    tasks,
    tuning: { segmentBytes: 2_000 },
  };
  const files = await JournalFiles.open(host, journal, disk, folder);
  let seconds = 0;
  const write = async () => {
    seconds++;
    for (let nth = 0; nth < 30; nth++) {
      const line = `AT Ash +0.500000000 c${nth} +34.07-118.44 ${seconds}`;
      journal.add(store.merge(parseAtLine(line)!));
    }
    await files.commit();
  };
  return { folder, store, journal, host, tasks, bugs, files, write };
}

Deno.test("JournalFiles goes on where a full disk has no room for another file", async () => {
  let [isFull, refused, snapshots] = [false, 0, 0];
  const noRoom = () =>
    Object.assign(new Error("No space left"), { code: "ENOSPC" });
  const disk = faulty((file, name) => ({
    async write(bytes) {
      if (name !== "snapshot") return await file.write(bytes);
      await file.write(bytes.subarray(0, 5));
      snapshots++;
      throw noRoom();
    },
  }), () => {
    if (!isFull) return;
    refused++;
    throw noRoom();
  });
  const { folder, store, host, tasks, bugs, files, write } = await shortFiles(
    disk,
  );
  isFull = true;
  while (refused < 3) await write();
  isFull = false;
  while (snapshots === 0) await write();
  await tasks.done();
  // What a snapshot had is given back, for the journal.
  await assertRejects(() => Deno.stat(`${folder}/snapshot`));
  await files.stop();
  assertEquals(bugs, []);
  // So is what a crash left.
  await Deno.writeTextFile(`${folder}/snapshot`, "half");
  const again = new Store(2);
  const reader = new Journal(again);
  await (await JournalFiles.open(host, reader, denoDisk, folder)).stop();
  assertEquals(again.digest(), store.digest());
  await assertRejects(() => Deno.stat(`${folder}/snapshot`));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("JournalFiles goes on where the system has no room for another open file", async () => {
  const places = ["journal", "snapshot", "folder"] as const;
  let failing: (typeof places)[number] | undefined;
  let failed = 0;
  const open = (what: string) => {
    if (failing === undefined || !what.startsWith(failing)) return;
    failed++;
    const error = new Error("Too many open files");
    throw Object.assign(error, { code: "EMFILE" });
  };
  const disk = faulty(() => ({}), open, () => open("folder"));
  const { folder, store, host, tasks, bugs, files, write } = await shortFiles(
    disk,
  );
  for (const place of places) {
    failing = place;
    failed = 0;
    while (failed < 2) await write();
    failing = undefined;
    await write();
  }
  const isSnapshot = ({ name }: Deno.DirEntry) => name.startsWith("snapshot-");
  while (![...Deno.readDirSync(folder)].some(isSnapshot)) await write();
  await files.stop();
  await tasks.done();
  assertEquals(bugs, []);
  const again = new Store(2);
  const reader = new Journal(again);
  await (await JournalFiles.open(host, reader, denoDisk, folder)).stop();
  assertEquals(again.digest(), store.digest());
  await Deno.remove(folder, { recursive: true });
});

Deno.test("JournalFiles syncs a snapshot in pieces, for what is not synced keeps others waiting", async () => {
  let [written, synced, most] = [0, 0, 0];
  const disk = faulty((file, name) => ({
    async write(bytes) {
      if (name === "snapshot") {
        most = Math.max(most, (written += bytes.length) - synced);
      }
      return await file.write(bytes);
    },
    async sync() {
      await file.sync();
      if (name === "snapshot") synced = written;
    },
  }));
  const { folder, store, journal, tasks, files, write } = await shortFiles(
    disk,
  );
  for (let nth = 0; nth < 5_000; nth++) {
    const id = `${"c".repeat(600)}${nth}`;
    const line = `AT Ash +0.500000000 ${id} +34.07-118.44 1`;
    journal.add(store.merge(parseAtLine(line)!));
  }
  const isWritten = () =>
    [...Deno.readDirSync(folder)].some(({ name }) => /snapshot-/.test(name));
  while (!isWritten()) await write();
  await files.stop();
  await tasks.done();
  assert(written > 3_000_000, `${written} bytes`);
  assert(most < 1_200_000, `${most} of ${written} bytes were not synced`);
  assertEquals(synced, written);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("JournalFiles.stop() leaves the folder to others once no snapshot is under way", async () => {
  const syncing = Promise.withResolvers<void>();
  const open = Promise.withResolvers<void>();
  const disk = faulty((file, name) => ({
    async sync() {
      if (name === "snapshot") {
        syncing.resolve();
        await open.promise;
      }
      await file.sync();
    },
  }));
  const { folder, tasks, files, write } = await shortFiles(disk);
  let isSyncing = false;
  void syncing.promise.then(() => isSyncing = true);
  while (!isSyncing) await write();
  const stopped = files.stop();
  await turn();
  assertEquals(await denoDisk.open(folder), undefined);
  open.resolve();
  await stopped;
  const after = await denoDisk.open(folder);
  assert(after !== undefined);
  const names = await after.list();
  await tasks.done();
  assertEquals(await after.list(), names);
  after.close();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("JournalFiles puts what is held in a snapshot, and removes what is older", async () => {
  const { folder, store, host, tasks, files, write } = await shortFiles(
    denoDisk,
  );
  const names = () =>
    [...Deno.readDirSync(folder)].map(({ name }) => name)
      .filter((name) => /\d/.test(name)).sort();
  const numberOf = (name: string) => Number(/\d+/.exec(name)![0]);
  const snapshots = () =>
    names().filter((name) => name.startsWith("snapshot-")).map(numberOf);
  while (!snapshots().some((number) => number >= 3)) await write();
  await files.stop();
  await tasks.done();
  // The newest of them stands for all that were before it.
  const newest = Math.max(...snapshots());
  assertEquals(snapshots(), [newest]);
  assertEquals(names().filter((name) => numberOf(name) < newest), []);
  const again = new Store(2);
  const reader = new Journal(again);
  await (await JournalFiles.open(host, reader, denoDisk, folder)).stop();
  assertEquals(again.digest(), store.digest());
  await Deno.remove(folder, { recursive: true });
});

function turn(): Promise<void> {
  return delay(1);
}

/** So many clients of one server. */
async function clients(server: Server, count: number) {
  const all = await Promise.all(
    Array.from({ length: count }, () => connect(server)),
  );
  return Object.assign(all, {
    async [Symbol.asyncDispose]() {
      for (const client of all) await client.close();
    },
  });
}

Deno.test("denoDisk reserves room for short writes, which a stop gives back and a crash leaves", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const told: string[] = [];
    const log: ServerLog = {
      ...SILENT_LOG,
      warn: (event) => void told.push(event),
      error: (event) => void told.push(event),
    };
    const tasks = new Tasks(SILENT_LOG);
    const { clock } = denoPlatform;
    const limitLog = { met: () => true };
    const host = { clock, log, limitLog, tasks, tuning: DEFAULT_TUNING };
    const store = new Store(1);
    const journal = new Journal(store);
    const files = await JournalFiles.open(host, journal, denoDisk, folder);
    for (let nth = 0; nth < 50; nth++) {
      const line = `AT Ash +0.500000000 c${nth} ${PLACE} 1`;
      journal.add(store.merge(parseAtLine(line)!));
      await files.commit();
    }
    // What a crash would leave now.
    const crashed = `${folder}/crashed`;
    const name = "journal-000001";
    await Deno.mkdir(crashed);
    await Deno.copyFile(`${folder}/${name}`, `${crashed}/${name}`);
    await files.stop();
    const { size } = await Deno.stat(`${folder}/${name}`);
    assert((await Deno.stat(`${crashed}/${name}`)).size > size + 100_000);

    const again = new Store(2);
    const found = await JournalFiles.open(
      host,
      new Journal(again),
      denoDisk,
      crashed,
    );
    await found.stop();
    assertEquals(again.digest(), store.digest());
    assertEquals((await Deno.stat(`${crashed}/${name}`)).size, size);
    assertEquals(told, []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
