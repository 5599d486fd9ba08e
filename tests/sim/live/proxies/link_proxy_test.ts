import { abortable, delay } from "@std/async";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { Deadline } from "../../../../herd/net/timing.ts";
import {
  assert,
  assertEquals,
  AssertionError,
  assertRejects,
} from "@std/assert";
import { proxyThread } from "../../../../sim/live/proxies/proxy_thread.ts";
import type { LinkFault } from "../../../../sim/model/steps/link_faults.ts";

const HANDSHAKE = "PEER 1\nPROOF 2\n";
/** However busy the machine is. */
const DEADLINE_MS = 60_000;

/** A proxy from Ash to Elm, with this test at both its ends. */
class Rig implements Disposable {
  readonly links = proxyThread(denoPlatform.clock, 7, false);
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #open: Deno.Conn[] = [];
  port = 0;

  async [Symbol.asyncDispose](): Promise<void> {
    this[Symbol.dispose]();
    await Promise.resolve();
  }

  [Symbol.dispose](): void {
    for (const conn of this.#open) conn.close();
    this.#listener.close();
    this.links.stop();
  }

  static async build(): Promise<Rig> {
    const rig = new Rig();
    const { hostname, port } = rig.#listener.addr;
    const [opened] = await rig.links.ask<"open">({
      ask: "open",
      proxies: [{ from: "Ash", to: "Elm", target: { hostname, port } }],
    });
    rig.port = opened!;
    return rig;
  }

  /** A connection that only the dialler's end has been told of. */
  async dial(): Promise<End> {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port: this.port });
    this.#open.push(conn);
    return new End(conn);
  }

  async accept(): Promise<End> {
    const conn = await this.#listener.accept();
    this.#open.push(conn);
    return new End(conn);
  }

  /** Both ends of a connection whose handshake is done. */
  async connect(): Promise<[ash: End, elm: End]> {
    const [ash, elm] = await Promise.all([this.dial(), this.accept()]);
    await ash.write(HANDSHAKE);
    await elm.write(HANDSHAKE);
    await elm.readUntil(HANDSHAKE);
    await ash.readUntil(HANDSHAKE);
    return [ash, elm];
  }

  async begin(id: string, fault: LinkFault, ...directions: string[]) {
    await this.links.ask<"begin">({ ask: "begin", id, fault, directions });
  }

  async end(id: string): Promise<number> {
    return await this.links.ask<"end">({
      ask: "end",
      id,
      directions: ["Ash>Elm", "Elm>Ash"],
    });
  }
}

/** One end of a connection: all that came so far, and how it ended. */
class End {
  readonly conn: Deno.Conn;
  text = "";
  how: "open" | "end" | "reset" = "open";
  #wake = Promise.withResolvers<void>();

  constructor(conn: Deno.Conn) {
    this.conn = conn;
    void this.#readAll();
  }

  async #readAll(): Promise<void> {
    const chunk = new Uint8Array(65_536);
    try {
      for (let n; (n = await this.conn.read(chunk)) !== null;) {
        this.text += new TextDecoder().decode(chunk.subarray(0, n));
        this.#tell();
      }
      this.how = "end";
    } catch (error) {
      const isReset = error instanceof Deno.errors.ConnectionReset;
      if (isReset) this.how = "reset";
    }
    this.#tell();
  }

  #tell(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }

  async write(text: string): Promise<void> {
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length;) {
      at += await this.conn.write(bytes.subarray(at));
    }
  }

  async readUntil(text: string): Promise<void> {
    await this.#until(() => this.text === text, () => this.text);
  }

  async untilEnd(): Promise<string> {
    await this.#until(() => this.how !== "open", () => this.how);
    return this.how;
  }

  async #until(isTrue: () => boolean, what: () => string): Promise<void> {
    using late = new Deadline(
      denoPlatform.clock,
      DEADLINE_MS,
      () => new AssertionError(`Not in time: ${what()}`),
    );
    while (!isTrue()) await abortable(this.#wake.promise, late.signal);
  }
}

/** Waits until the proxy has read so many bytes: then they could have passed. */
async function untilRead(rig: Rig, direction: string, bytes: number) {
  for (;;) {
    const traffic = await rig.links.ask<"traffic">({ ask: "traffic" });
    if (traffic[direction]!.bytesIn >= bytes) return traffic[direction]!;
    await delay(5);
  }
}

Deno.test("LinkProxy passes everything on, ends too, when no fault is on", async () => {
  await using rig = await Rig.build();
  const [ash, elm] = await rig.connect();
  const much = "0123456789\n".repeat(200_000);
  await ash.write(much);
  await elm.readUntil(HANDSHAKE + much);
  await (ash.conn as Deno.TcpConn).closeWrite();
  assertEquals(await elm.untilEnd(), "end");
  await elm.write("late\n");
  await ash.readUntil(`${HANDSHAKE}late\n`);
  await (elm.conn as Deno.TcpConn).closeWrite();
  assertEquals(await ash.untilEnd(), "end");
});

Deno.test("LinkProxy lets not one byte pass in the direction that is cut", async () => {
  await using rig = await Rig.build();
  const [ash, elm] = await rig.connect();
  await rig.begin("cut-1", { kind: "cut" }, "Ash>Elm");
  await ash.write("held\n");
  const { bytesIn, bytesOut } = await untilRead(
    rig,
    "Ash>Elm",
    HANDSHAKE.length + 5,
  );
  // The other way is open, and what it carries comes later than what is held.
  await elm.write("free\n");
  await ash.readUntil(`${HANDSHAKE}free\n`);
  await (ash.conn as Deno.TcpConn).closeWrite();
  await delay(50);
  assertEquals([elm.text, elm.how], [HANDSHAKE, "open"]);
  assertEquals(bytesIn - bytesOut, 5);

  assert(await rig.end("cut-1") > 0);
  await elm.readUntil(`${HANDSHAKE}held\n`);
  assertEquals(await elm.untilEnd(), "end");
});

Deno.test("LinkProxy holds what is more than it keeps, and loses none of it", async () => {
  await using rig = await Rig.build();
  const [ash, elm] = await rig.connect();
  await rig.begin("cut-1", { kind: "cut" }, "Ash>Elm", "Elm>Ash");
  const much = "0123456789\n".repeat(1_000_000);
  const writing = ash.write(much);
  await untilRead(rig, "Ash>Elm", 1_048_576);
  assertEquals(elm.text, HANDSHAKE);
  await rig.end("cut-1");
  await writing;
  await elm.readUntil(HANDSHAKE + much);
});

Deno.test("LinkProxy takes new connections while cut, and makes them after it", async () => {
  await using rig = await Rig.build();
  await rig.begin("cut-1", { kind: "cut" }, "Elm>Ash");
  // Who has gone without a word is not heard of.
  const gone = await rig.dial();
  await (gone.conn as Deno.TcpConn).closeWrite();
  assertEquals(await gone.untilEnd(), "end");
  const ash = await rig.dial();
  await ash.write(HANDSHAKE);
  let isMade = false;
  const making = rig.accept().then((elm) => {
    isMade = true;
    return elm;
  });
  await delay(50);
  assertEquals([isMade, ash.how], [false, "open"]);
  assert(await rig.end("cut-1") > 0);
  await (await making).readUntil(HANDSHAKE);
});

Deno.test("LinkProxy makes a connection after a cut for what was said on it, though its sender has closed", async () => {
  await using rig = await Rig.build();
  await rig.begin("cut-1", { kind: "cut" }, "Ash>Elm");
  const ash = await rig.dial();
  await ash.write(HANDSHAKE);
  await (ash.conn as Deno.TcpConn).closeWrite();
  await untilRead(rig, "Ash>Elm", HANDSHAKE.length);
  assert(await rig.end("cut-1") > 0);
  const elm = await rig.accept();
  await elm.readUntil(HANDSHAKE);
});

Deno.test("LinkProxy resets connections so that both ends are told", async () => {
  await using rig = await Rig.build();
  const [ash, elm] = await rig.connect();
  const count = await rig.links.ask<"reset">({
    ask: "reset",
    directions: ["Ash>Elm", "Elm>Ash"],
  });
  assertEquals(count, 1);
  assertEquals(await ash.untilEnd(), "reset");
  assertEquals(await elm.untilEnd(), "reset");
});

Deno.test("LinkProxy delays chunks by the latency, in order, within 10 %", async () => {
  await using rig = await Rig.build();
  const [ash, elm] = await rig.connect();
  let sent = 0;
  for (const latencyMs of [20, 100]) {
    await rig.begin("latency-1", {
      kind: "latency",
      latencyMs,
      jitterMs: 0,
      correlation: 0,
      distribution: "uniform",
    }, "Ash>Elm");
    // A busy machine makes some chunks late, or most: never one early, nor all.
    let fastestMs = Infinity;
    for (sent = 0; sent < 100; sent++) {
      if (sent >= 15 && fastestMs <= latencyMs * 1.1) break;
      const beganMs = performance.now();
      const before = elm.text;
      await ash.write(`${sent}\n`);
      await elm.readUntil(`${before}${sent}\n`);
      fastestMs = Math.min(fastestMs, performance.now() - beganMs);
    }
    assert(
      fastestMs >= latencyMs * 0.9 && fastestMs <= latencyMs * 1.1,
      `${latencyMs} ms asked, ${fastestMs} ms found`,
    );
  }
  assertEquals(await rig.end("latency-1"), sent);
});

Deno.test("LinkProxy keeps the order of chunks under jitter", async () => {
  await using rig = await Rig.build();
  const [ash, elm] = await rig.connect();
  await rig.begin("latency-1", {
    kind: "latency",
    latencyMs: 10,
    jitterMs: 10,
    correlation: 0,
    distribution: "normal",
  }, "Ash>Elm");
  let all = HANDSHAKE;
  for (let i = 0; i < 50; i++) {
    await ash.write(`${i}\n`);
    all += `${i}\n`;
    await delay(1);
  }
  await elm.readUntil(all);
});

Deno.test("LinkProxy hits lines after the handshake, and tells how many", async () => {
  await using rig = await Rig.build();
  await rig.begin("loss-1", { kind: "loss", nth: 2, lines: "AT" }, "Ash>Elm");
  await rig.begin("dup-1", { kind: "duplicate", lines: "PING" }, "Ash>Elm");
  const [ash, elm] = await rig.connect();
  await ash.write("AT 1\nPING 1\nAT 2\nAT 3\n");
  await elm.readUntil(`${HANDSHAKE}AT 1\nPING 1\nPING 1\nAT 3\n`);
  assertEquals([await rig.end("loss-1"), await rig.end("dup-1")], [1, 1]);
  await ash.write("AT 4\n");
  await elm.readUntil(`${HANDSHAKE}AT 1\nPING 1\nPING 1\nAT 3\nAT 4\n`);
});

Deno.test("LinkProxy frees the line that a reorder holds, at its end or the connection's", async () => {
  await using rig = await Rig.build();
  const [ash, elm] = await rig.connect();
  await rig.begin("reorder-1", { kind: "reorder", nth: 1 }, "Ash>Elm");
  await ash.write("AT 1\n");
  await untilRead(rig, "Ash>Elm", HANDSHAKE.length + 5);
  assertEquals(elm.text, HANDSHAKE);
  await rig.end("reorder-1");
  await elm.readUntil(`${HANDSHAKE}AT 1\n`);
  await rig.begin("reorder-2", { kind: "reorder", nth: 1 }, "Ash>Elm");
  await ash.write("AT 2\n");
  await (ash.conn as Deno.TcpConn).closeWrite();
  await elm.readUntil(`${HANDSHAKE}AT 1\nAT 2\n`);
});

Deno.test("LinkProxy lets no more bytes pass than bandwidth says", async () => {
  await using rig = await Rig.build();
  const [ash, elm] = await rig.connect();
  const fault = { kind: "bandwidth", bytesPerSecond: 10_000 } as const;
  await rig.begin("bandwidth-1", fault, "Ash>Elm");
  const beganMs = performance.now();
  const some = "123456789\n".repeat(100);
  await ash.write(some);
  await ash.write(some);
  await elm.readUntil(HANDSHAKE + some + some);
  const tookMs = performance.now() - beganMs;
  assert(tookMs > 180, `2,000 bytes took ${tookMs} ms`);
});

Deno.test("LinkProxy lets what was late pass as the last fault that delays it ends", async () => {
  await using rig = await Rig.build();
  const [ash, elm] = await rig.connect();
  const narrow = { kind: "bandwidth", bytesPerSecond: 1 } as const;
  await rig.begin("bandwidth-1", narrow, "Ash>Elm");
  await rig.begin("bandwidth-2", narrow, "Ash>Elm");
  await ash.write("0123456789\n");
  await untilRead(rig, "Ash>Elm", HANDSHAKE.length + 11);
  await rig.end("bandwidth-1");
  await delay(20);
  assertEquals(elm.text, HANDSHAKE);
  await rig.end("bandwidth-2");
  await elm.readUntil(`${HANDSHAKE}0123456789\n`);
});

Deno.test("LinkProxy slices, limits data and closes slowly", async () => {
  await using rig = await Rig.build();
  const [ash, elm] = await rig.connect();
  await rig.begin("slicer-1", {
    kind: "slicer",
    averageBytes: 3,
    variationBytes: 1,
    delayMs: 1,
  }, "Ash>Elm");
  await ash.write("0123456789\n");
  await elm.readUntil(`${HANDSHAKE}0123456789\n`);
  assertEquals(await rig.end("slicer-1"), 1);
  await rig.begin("limit-1", { kind: "limit_data", bytes: 7 }, "Ash>Elm");
  await ash.write("01234");
  await ash.write("56789\n");
  await elm.readUntil(`${HANDSHAKE}0123456789\n0123456`);
  assertEquals(await elm.untilEnd(), "end");
  assertEquals(await rig.end("limit-1"), 1);

  const [oak, fir] = await rig.connect();
  await rig.begin("slow-1", { kind: "slow_close", delayMs: 60 }, "Ash>Elm");
  const beganMs = performance.now();
  await (oak.conn as Deno.TcpConn).closeWrite();
  assertEquals(await fir.untilEnd(), "end");
  assert(performance.now() - beganMs > 50);
});

Deno.test("LinkProxy closes a connection that a timeout has held for so long", async () => {
  await using rig = await Rig.build();
  const [ash, elm] = await rig.connect();
  await rig.begin("timeout-1", { kind: "timeout", timeoutMs: 500 }, "Ash>Elm");
  await ash.write("held\n");
  assert(await ash.untilEnd() !== "open");
  assert(await elm.untilEnd() !== "open");
  assertEquals(elm.text, HANDSHAKE);
  assert(await rig.end("timeout-1") > 0);
});

Deno.test("LinkProxy counts a timeout from its beginning on a connection that is older", async () => {
  await using rig = await Rig.build();
  const [ash] = await rig.connect();
  await delay(300);
  const beganMs = performance.now();
  await rig.begin("timeout-1", { kind: "timeout", timeoutMs: 250 }, "Ash>Elm");
  assert(await ash.untilEnd() !== "open");
  const tookMs = performance.now() - beganMs;
  assert(tookMs > 240, `closed after ${tookMs} ms`);
});

Deno.test("LinkProxy counts a timeout from the beginning of a connection that is younger", async () => {
  await using rig = await Rig.build();
  await rig.begin("timeout-1", { kind: "timeout", timeoutMs: 250 }, "Ash>Elm");
  await delay(200);
  const beganMs = performance.now();
  const ash = await rig.dial();
  assert(await ash.untilEnd() !== "open");
  const tookMs = performance.now() - beganMs;
  assert(tookMs > 240, `closed after ${tookMs} ms`);
});

Deno.test("LinkProxy closes by the shorter of two timeouts, and by none that was healed", async () => {
  await using rig = await Rig.build();
  const [ash] = await rig.connect();
  const timeout = (id: string, timeoutMs: number) =>
    rig.begin(id, { kind: "timeout", timeoutMs }, "Ash>Elm");
  await timeout("timeout-1", 1_000);
  await rig.end("timeout-1");
  const beganMs = performance.now();
  await timeout("timeout-2", 60_000);
  await timeout("timeout-3", 1_500);
  assert(await ash.untilEnd() !== "open");
  const tookMs = performance.now() - beganMs;
  assert(tookMs > 1_490, `closed after ${tookMs} ms`);
});

Deno.test("LinkProxy counts what a limit lets pass over all that is written", async () => {
  await using rig = await Rig.build();
  const [ash, elm] = await rig.connect();
  const bytes = 8;
  await rig.begin("limit_data-1", { kind: "limit_data", bytes }, "Ash>Elm");
  for (const line of ["one\n", "tw"]) {
    await ash.write(line);
    await elm.readUntil(elm.text + line);
  }
  await ash.write("o\nthree\n");
  assertEquals(await elm.untilEnd(), "end");
  assertEquals(elm.text, HANDSHAKE + "one\ntwo\n");
});

Deno.test("LinkProxy lets go at once of what a fault held that is lifted: an end, half a line", async () => {
  await using rig = await Rig.build();
  const [ash, elm] = await rig.connect();
  const late = { kind: "slow_close", delayMs: 60_000 } as const;
  await rig.begin("slow_close-1", late, "Ash>Elm");
  await rig.begin("loss-1", { kind: "loss", lines: "WANT" }, "Ash>Elm");
  await ash.write("AT half");
  await untilRead(rig, "Ash>Elm", HANDSHAKE.length + "AT half".length);
  await rig.end("loss-1");
  await elm.readUntil(HANDSHAKE + "AT half");
  await ash.conn.closeWrite();
  await rig.end("slow_close-1");
  assertEquals(await elm.untilEnd(), "end");
});

Deno.test("LinkProxy reads no further from whom it holds too much of", async () => {
  await using rig = await Rig.build();
  const [ash, elm] = await rig.connect();
  await rig.begin("cut-1", { kind: "cut" }, "Ash>Elm");
  const text = "x".repeat(16 * 1_048_576);
  const writing = ash.write(text);
  writing.catch(() => {});
  let read = 0;
  for (let same = 0; same < 10;) {
    await delay(5);
    const traffic = await rig.links.ask<"traffic">({ ask: "traffic" });
    const { bytesIn } = traffic["Ash>Elm"]!;
    assert(bytesIn < 3 * 1_048_576, `${bytesIn} bytes are held`);
    same = bytesIn === read && read > 1_048_576 ? same + 1 : 0;
    read = bytesIn;
  }
  await rig.end("cut-1");
  await writing;
  await elm.readUntil(HANDSHAKE + text);
});

Deno.test("LinkProxy holds a connection under a timeout of 0 until it is healed", async () => {
  await using rig = await Rig.build();
  const [ash, elm] = await rig.connect();
  await rig.begin("timeout-1", { kind: "timeout", timeoutMs: 0 }, "Ash>Elm");
  await ash.write("held\n");
  await untilRead(rig, "Ash>Elm", HANDSHAKE.length + "held\n".length);
  await rig.end("timeout-1");
  await elm.readUntil(HANDSHAKE + "held\n");
  assertEquals([ash.how, elm.how], ["open", "open"]);
});

Deno.test("LinkProxy refuses whom the neighbour refuses", async () => {
  const links = proxyThread(denoPlatform.clock, 7, false);
  try {
    const gone = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { hostname, port } = gone.addr;
    gone.close();
    const [opened] = await links.ask<"open">({
      ask: "open",
      proxies: [{ from: "Ash", to: "Elm", target: { hostname, port } }],
    });
    const conn = await Deno.connect({ hostname, port: opened! });
    const ash = new End(conn);
    assertEquals(await ash.untilEnd(), "reset");
    conn.close();
  } finally {
    links.stop();
  }
});

Deno.test("proxyThread() says that the proxies have ended", async () => {
  const links = proxyThread(denoPlatform.clock, 7, false);
  const asked = links.ask<"traffic">({ ask: "traffic" });
  links.stop();
  await assertRejects(() => asked, Error, "they were stopped");
  await assertRejects(() => links.ask<"traffic">({ ask: "traffic" }), Error);
});

Deno.test("LinkProxy refuses dials while a cut has it so, and takes them again at the same port", async () => {
  await using rig = await Rig.build();
  const refuses = () =>
    assertRejects(() => rig.dial(), Deno.errors.ConnectionRefused);
  const [ash, elm] = await rig.connect();
  await rig.begin("cut-1", { kind: "cut", dials: "refuse" }, "Elm>Ash");
  assertEquals(await ash.untilEnd(), "reset");
  assertEquals(await elm.untilEnd(), "reset");
  await refuses();
  await rig.begin("cut-2", { kind: "cut", dials: "refuse" }, "Ash>Elm");
  // The port and the connection.
  assertEquals(await rig.end("cut-1"), 2);
  await refuses();
  await rig.end("cut-2");
  await rig.connect();
  await rig.begin("cut-3", { kind: "cut", dials: "hold" }, "Ash>Elm");
  // To be held, one must be taken.
  await rig.dial();
});
