/**
 * A channel whose other side takes little at a time, or dies.
 *
 * @module
 */
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { bytesOf } from "../../../herd/core/bytes/bytes.ts";
import { Channel } from "../../../herd/net/channel.ts";
import { HeldInput } from "../../../herd/net/held_input.ts";
import { FakeConn } from "./fake_conn.ts";

const LINES = 2_000;

Deno.test("Channel reads what came before the other side went, though a write has failed", async () => {
  const hostname = "127.0.0.1";
  using listener = Deno.listen({ hostname, port: 0 });
  const [conn, other] = await Promise.all([
    Deno.connect({ hostname, port: listener.addr.port }),
    listener.accept(),
  ]);
  const channel = new Channel(denoPlatform.clock, conn, 100);
  // With input that nobody reads, its end is a reset, as that of a busy server is.
  await channel.writeText("unread\n");
  const text = "AT Ash\n".repeat(LINES);
  await other.write(new TextEncoder().encode(text));
  other.close();
  while (await channel.writeText("more\n"));
  let lines = 0;
  await channel.readAll(() => {
    while (channel.lines.next()) lines++;
    return undefined;
  });
  assertEquals(lines, LINES);
  channel.close();
});

Deno.test("Channel takes the loss of its connection for its end, and no bug for that", async () => {
  const failing = (error: Error) => {
    const fake = new FakeConn();
    const conn = Object.assign(fake, { read: () => Promise.reject(error) });
    return new Channel(denoPlatform.clock, conn.conn, 100);
  };
  const bug = new TypeError("not a function");
  await assertRejects(() => failing(bug).read(), TypeError);
  await assertRejects(() => failing(bug).nextLine(), TypeError);
  await assertRejects(
    () => failing(bug).readAll(() => undefined),
    TypeError,
  );
  const reset = Object.assign(new Deno.errors.ConnectionReset(), {
    code: "ECONNRESET",
  });
  for (const gone of [reset, new Deno.errors.BadResource()]) {
    const channel = failing(gone);
    assertEquals(await channel.nextLine(), false);
    assert(channel.isClosed);
    await failing(gone).readAll(() => undefined);
  }
});

Deno.test("Channel.send() gives the socket what it did not take, and tells of each part", async () => {
  const fake = new FakeConn([3, 2]);
  const channel = new Channel(denoPlatform.clock, fake.conn, 100);
  const taken: number[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  channel.send(bytesOf("abcdefgh"), (bytes) => {
    taken.push(bytes);
    if (taken.length < 3) return;
    // By now it can take the next lot.
    channel.send(bytesOf("ijk"), (bytes) => {
      taken.push(bytes);
      resolve();
    });
  });
  await promise;
  assertEquals(fake.writes, ["abc", "de", "fgh", "ijk"]);
  assertEquals(taken, [3, 2, 3, 3]);
});

Deno.test("Channel.send() tells that the other side has gone, and writes no more", async () => {
  const fake = new FakeConn([3], 1);
  const channel = new Channel(denoPlatform.clock, fake.conn, 100);
  const { promise, resolve } = Promise.withResolvers<void>();
  const taken: number[] = [];
  channel.send(bytesOf("abcdefgh"), (bytes) => {
    taken.push(bytes);
    if (bytes === 0) resolve();
  });
  await promise;
  assertEquals(taken, [3, 0]);
  assertEquals(await channel.writeText("more"), false);
  channel.close();
  channel.send(bytesOf("more"), (bytes) => taken.push(bytes));
  assertEquals(taken, [3, 0, 0], "At once");
  assertEquals(fake.writes, ["abc"]);
});

Deno.test("Channel.send() gives the socket little at a time, for others wait meanwhile", async () => {
  const fake = new FakeConn();
  const channel = new Channel(denoPlatform.clock, fake.conn, 100);
  const bytes = new Uint8Array(1_000_000);
  const { promise, resolve } = Promise.withResolvers<void>();
  let left = bytes.length;
  channel.send(bytes, (taken) => {
    left -= taken;
    if (left === 0) resolve();
  });
  await promise;
  const most = Math.max(...fake.writes.map(({ length }) => length));
  assert(most <= 65_536, `${most} bytes in one write`);
});

Deno.test("Channel reads into a large block only while much comes, and gives it back", async () => {
  const input = new HeldInput(1_000_000, () => assert(false));
  const sizes: number[] = [];
  const counts = [2_048, 32_768, 9_000, 5, 5, null];
  const fake = Object.assign(new FakeConn(), {
    read(bytes: Uint8Array) {
      sizes.push(bytes.length);
      return Promise.resolve(counts[sizes.length - 1]);
    },
  });
  const channel = new Channel(denoPlatform.clock, fake.conn, 100_000, input);
  const used: number[] = [];
  while (await channel.read()) {
    used.push(input.used);
    channel.lines.end();
  }
  const large = 32_768;
  assertEquals(sizes, [2_048, large, large, large, 2_048, 2_048]);
  assertEquals(used, [0, large, large, large, 0]);
  const { byteOffset } = input.arena.take(large).bytes;
  assertEquals(byteOffset, 0, "Nobody has it");
});

Deno.test("Channel holds no unfinished line once what came in two pieces is whole", async () => {
  const input = new HeldInput(1_000_000, () => assert(false));
  const pieces = ["x".repeat(300), "\ny".repeat(2), ""].map(bytesOf);
  const fake = Object.assign(new FakeConn(), {
    read(bytes: Uint8Array) {
      const piece = pieces.shift()!;
      bytes.set(piece);
      return Promise.resolve(piece.length);
    },
  });
  const channel = new Channel(denoPlatform.clock, fake.conn, 1_000, input);
  const held: (readonly [lines: number, unfinished: boolean])[] = [];
  for (let chunk = 0; chunk < 2; chunk++) {
    await channel.read();
    let lines = 0;
    while (channel.lines.next()) lines++;
    held.push([lines, channel.unfinishedBytes > 0]);
  }
  assertEquals(held, [[0, true], [2, true]], "The second y has no end");
  pieces.unshift(bytesOf("\n"));
  await channel.read();
  while (channel.lines.next());
  assert(channel.lines.capacity > 0);
  assertEquals(channel.unfinishedBytes, 0, "Nobody is closed for a whole line");
});

Deno.test("Channel.leaveShared() has what comes later count for nobody", async () => {
  const input = new HeldInput(1_000_000, () => assert(false));
  const unended = bytesOf("x".repeat(2_048));
  const fake = Object.assign(new FakeConn(), {
    read(bytes: Uint8Array) {
      bytes.set(unended);
      return Promise.resolve(unended.length);
    },
  });
  const channel = new Channel(denoPlatform.clock, fake.conn, 100_000, input);
  const read = async () => {
    await channel.read();
    assert(!channel.lines.next(), "it has no end");
  };
  for (let i = 0; i < 3; i++) await read();
  assert(input.used > 0);
  channel.leaveShared();
  assertEquals(input.used, 0);
  for (let i = 0; i < 10; i++) {
    await read();
    assertEquals(input.used, 0);
  }
  channel.close();
  assertEquals(input.used, 0);
});
