/**
 * TCP as the virtual world has it, by the interface that servers use.
 *
 * @module
 */
import {
  assert,
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import type { Connection, TcpListener } from "../../../../herd/net/platform.ts";
import { isClosed, isOver } from "../../../../herd/net/platform.ts";
import { delay } from "../../../../herd/net/timing.ts";
import { Random } from "../../../../sim/model/random.ts";
import type { VirtualConnection } from "../../../../sim/worlds/virtual/virtual_connection.ts";
import { VirtualDatagrams } from "../../../../sim/worlds/virtual/virtual_datagrams.ts";
import { VirtualMachine } from "../../../../sim/worlds/virtual/virtual_machine.ts";
import { VirtualNetwork } from "../../../../sim/worlds/virtual/virtual_network.ts";
import { VirtualTime } from "../../../../sim/worlds/virtual/virtual_time.ts";

const HERE = { hostname: "127.0.0.1", port: 12_000 };
const LONG_MS = 100;

/** Two machines on a network. */
class Rig {
  readonly time = new VirtualTime();
  readonly network: VirtualNetwork;
  readonly ash: VirtualMachine;
  readonly elm: VirtualMachine;

  constructor(seed = 1) {
    this.network = new VirtualNetwork(
      this.time,
      new Random(seed, "network"),
      new VirtualDatagrams(this.time, new Random(seed, "datagrams")),
    );
    this.ash = this.machine("ash");
    this.elm = this.machine("elm");
  }

  machine(name: string): VirtualMachine {
    return new VirtualMachine(this.time, this.network, new Random(1, name));
  }

  /** Until all that is under way has come. */
  async settle(): Promise<void> {
    await new Promise<void>((resolve) =>
      void this.time.after(LONG_MS, resolve)
    );
  }

  listen(): TcpListener {
    return this.elm.platform.network.listen(HERE);
  }

  dial(signal?: AbortSignal): Promise<Connection> {
    return this.ash.platform.network.connect(HERE, signal);
  }

  /** Both ends of a connection. */
  async connect(): Promise<[ash: Connection, elm: Connection]> {
    const listener = this.listen();
    const both = await Promise.all([this.dial(), listener.accept()]);
    listener.close();
    return both;
  }
}

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: `VirtualNetwork: ${name}`, permissions: "none", fn });
}

/** Writes all, in as many parts as the socket takes it in. */
async function writeAll(conn: Connection, bytes: Uint8Array): Promise<number> {
  let writes = 0;
  for (let at = 0; at < bytes.length; writes++) {
    at += await conn.write(bytes.subarray(at));
  }
  return writes;
}

/** All that comes, to the end of input, by the sizes of its pieces. */
async function readAll(conn: Connection, size = 65_536) {
  const bytes: number[] = [];
  const sizes: number[] = [];
  const into = new Uint8Array(size);
  for (;;) {
    const count = await conn.read(into);
    if (count === null) return { bytes, sizes };
    sizes.push(count);
    bytes.push(...into.subarray(0, count));
  }
}

test("bytes come in their order, in pieces of any size, then the end", async () => {
  const rig = new Rig();
  const [ash, elm] = await rig.connect();
  const sent = Uint8Array.from({ length: 5_000 }, (_, i) => i % 251);
  const reading = readAll(elm);
  let parts = 0;
  for (let at = 0; at < sent.length; at += 100) {
    parts += await writeAll(ash, sent.subarray(at, at + 100));
  }
  await ash.closeWrite();
  const { bytes, sizes } = await reading;
  assertEquals(bytes, [...sent]);
  assert(parts > 50, "Some writes are taken in part");
  assert(sizes.some((size) => size > 100), "Some come together");
  assert(sizes.some((size) => size % 100 > 0), "Some come cut");
  // Half closed: the other way goes on.
  await writeAll(elm, sent.subarray(0, 10));
  elm.close();
  assertEquals((await readAll(ash, 3)).bytes, [...sent.subarray(0, 10)]);
  ash.close();
  assertThrows(() => ash.close(), Deno.errors.BadResource);
});

test("who is not read from waits to write, and goes on when it is", async () => {
  const rig = new Rig();
  const [ash, elm] = await rig.connect();
  const sent = new Uint8Array(1_000_000);
  let isDone = false;
  const writing = writeAll(ash, sent).then(() => isDone = true);
  await rig.settle();
  assert(!isDone);
  const reading = readAll(elm);
  await writing;
  ash.close();
  const { bytes } = await reading;
  assertEquals(bytes.length, sent.length);
});

test("to close with unread input, and a reset, lose what is on its way", async () => {
  for (const how of ["close", "reset"] as const) {
    const rig = new Rig();
    const [ash, elm] = await rig.connect();
    await writeAll(ash, new Uint8Array(10));
    await rig.settle();
    await writeAll(elm, new Uint8Array(10));
    (elm as VirtualConnection)[how]();
    await rig.settle();
    const error = await assertRejects(() => ash.read(new Uint8Array(1)));
    assert(error instanceof Deno.errors.ConnectionReset && isOver(error));
    await assertRejects(
      () => ash.write(new Uint8Array(1)),
      Deno.errors.BrokenPipe,
    );
  }
});

test("what is sent to a closed end is answered by a reset", async () => {
  const rig = new Rig();
  const [ash, elm] = await rig.connect();
  elm.close();
  await rig.settle();
  assertEquals(await ash.write(new Uint8Array(1)), 1);
  await rig.settle();
  await assertRejects(
    () => ash.write(new Uint8Array(1)),
    Deno.errors.BrokenPipe,
  );
});

test("to close ends what is waited for on this side", async () => {
  const rig = new Rig();
  const [ash] = await rig.connect();
  const reading = ash.read(new Uint8Array(1));
  ash.close();
  assert(isClosed(await assertRejects(() => reading)));
  assert(isClosed(await assertRejects(() => ash.read(new Uint8Array(1)))));
  const listener = rig.listen();
  const accepting = listener.accept();
  listener.close();
  assert(isClosed(await assertRejects(() => accepting)));
});

test("a port is one's own; nobody's refuses", async () => {
  const rig = new Rig();
  const refused = await assertRejects(() => rig.dial());
  assert(refused instanceof Deno.errors.ConnectionRefused && isOver(refused));
  const listener = rig.listen();
  assertThrows(() => rig.listen(), Deno.errors.AddrInUse);
  listener.close();
  rig.listen();
  const free = [0, 0].map(() =>
    rig.elm.platform.network.listen({ ...HERE, port: 0 }).addr.port
  );
  assert(free[0] !== free[1]);
});

test("who is not accepted waits in the backlog, and outside of it", async () => {
  const rig = new Rig();
  const listener = rig.listen();
  let connected = 0;
  const dials = Array.from(
    { length: 130 },
    () => rig.dial().then(() => connected++),
  );
  await rig.settle();
  assertEquals(connected, 128);
  const accepting = listener.accept();
  await accepting;
  await delay(rig.ash.platform.clock, 1_200);
  assertEquals(connected, 129);
  listener.close();
  await Promise.allSettled(dials);
  assertEquals(connected, 129);
});

test("a dial that is given up is reset, and accept() says so", async () => {
  const rig = new Rig();
  const listener = rig.listen();
  const given = new AbortController();
  const dialling = rig.dial(given.signal);
  const conn = await dialling;
  conn.close();
  const other = new AbortController();
  const late = rig.dial(other.signal);
  other.abort(new Error("late"));
  await assertRejects(() => late, Error, "late");
  (await rig.dial() as VirtualConnection).reset();
  await rig.settle();
  assertEquals(
    await (await listener.accept()).read(new Uint8Array(1)),
    null,
  );
  const gone = await assertRejects(() => listener.accept());
  assert(gone instanceof Deno.errors.NotConnected && isOver(gone));
});

test("a machine that stands still is connected to, and goes on where it was", async () => {
  const rig = new Rig();
  const [ash, elm] = await rig.connect();
  let isRead = false;
  let isLate = false;
  const reading = elm.read(new Uint8Array(1)).then(() => isRead = true);
  rig.elm.platform.clock.after(1, () => isLate = true);
  rig.elm.pause();
  await writeAll(ash, new Uint8Array(1));
  await rig.settle();
  assertEquals([isRead, isLate], [false, false]);
  rig.elm.resume();
  await reading;
  await rig.settle();
  assert(isLate);
});

test("a machine that ends does nothing more, and its connections close", async () => {
  const rig = new Rig();
  const listener = rig.listen();
  const [ash, elm] = await Promise.all([rig.dial(), listener.accept()]);
  let hasRun = false;
  rig.elm.platform.clock.after(1, () => hasRun = true);
  elm.read(new Uint8Array(1)).then(() => hasRun = true);
  rig.elm.end();
  elm.close();
  await writeAll(ash, new Uint8Array(1));
  await rig.settle();
  assert(!hasRun);
  await assertRejects(
    () => ash.read(new Uint8Array(1)),
    Deno.errors.ConnectionReset,
  );
  await assertRejects(() => rig.dial(), Deno.errors.ConnectionRefused);
  rig.machine("another").platform.network.listen(HERE);
});

test("the same seed gives the same times and pieces", async () => {
  const run = async (seed: number) => {
    const rig = new Rig(seed);
    const [ash, elm] = await rig.connect();
    const reading = readAll(elm);
    for (let i = 0; i < 50; i++) await writeAll(ash, new Uint8Array(100));
    ash.close();
    const { sizes } = await reading;
    return [rig.time.nowMs, ...sizes];
  };
  assertEquals(await run(3), await run(3));
  assert(String(await run(3)) !== String(await run(4)));
});

Deno.test("VirtualNetwork carries datagrams: few are lost, few come twice, some overtake others", async () => {
  const rig = new Rig();
  const { ash, elm } = rig;
  const came: number[] = [];
  const port = await elm.platform.network.bindDatagrams!(
    HERE,
    ([number]) => came.push(number!),
  );
  await assertRejects(
    () => elm.platform.network.bindDatagrams!(HERE, () => {}),
    Deno.errors.AddrInUse,
  );
  const free = { hostname: HERE.hostname, port: 0 };
  const sender = await ash.platform.network.bindDatagrams!(free, () => {});
  const buffer = new Uint8Array(1);
  for (let number = 0; number < 200; number++) {
    // Whoever sends may use the bytes again at once.
    buffer[0] = number;
    sender.send(buffer, port.addr);
  }
  await rig.settle();
  const different = new Set(came);
  assert(different.size < 200 && different.size > 180, `${different.size}`);
  assert(came.length > different.size && came.length < 220, `${came.length}`);
  assertNotEquals(came, came.toSorted((a, b) => a - b));
  // Nothing comes to a port that is closed, nor to a machine that has ended.
  port.close();
  port.close();
  sender.send(buffer, port.addr);
  await rig.settle();
  const { length } = came;
  const again = await elm.platform.network.bindDatagrams!(
    HERE,
    ([number]) => came.push(number!),
  );
  elm.end();
  for (let times = 0; times < 9; times++) sender.send(buffer, again.addr);
  await rig.settle();
  assertEquals(came.length, length);
  // The port of a machine that has ended is free again.
  (await ash.platform.network.bindDatagrams!(HERE, () => {})).close();
  sender.close();
});

Deno.test("VirtualMachine hears of what a timer throws, and others go on", async () => {
  const { ash, elm, time } = new Rig();
  const bugs: unknown[] = [];
  ash.onBug = (error) => bugs.push(error);
  let rung = 0;
  ash.platform.clock.after(1, () => {
    throw new RangeError("a bug in a tick");
  });
  elm.platform.clock.after(3, () => rung++);
  await new Promise<void>((resolve) => void time.after(LONG_MS, resolve));
  assertEquals([bugs.map(String), rung], [["RangeError: a bug in a tick"], 1]);
});
