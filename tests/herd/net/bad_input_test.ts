/**
 * Bad input, over a real socket: each with its exact reply.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { type ByteString, utf8 } from "../../../herd/core/bytes/bytes.ts";
import { BAD } from "./bad_lines.ts";
import { quick, start, STILL, until, Wire } from "./support.ts";

const KIWI = "IAMAT kiwi +34.068930-118.445127 1699999999.736126614";
const KIWI_AT =
  "AT Alford +0.263873386 kiwi +34.068930-118.445127 1699999999.736126614";

for (const [what, lines] of Object.entries(BAD)) {
  Deno.test(`Server answers "?" to ${what}`, async () => {
    await using running = await start({ platform: STILL });
    const { server } = running;
    using wire = await Wire.open(server.port);
    for (const line of lines) {
      assertEquals(await wire.ask(line + "\r"), `? ${line}`);
    }
    assertEquals(server.records(), []);
    assertEquals(await wire.ask(KIWI), KIWI_AT, "The connection is usable");
    await wire.send(lines.join("\n") + "\n");
    for (const line of lines) {
      assertEquals(await wire.line(), `? ${line.replace(/\r$/, "")}`);
    }
    assertEquals(server.records(), [KIWI_AT]);
    assertEquals(server.stats().bad, 2 * lines.length);
  });
}

Deno.test("Server answers '?' to a line of neighbours that comes first", async () => {
  await using running = await start();
  for (const line of BAD["a line of neighbours"]!) {
    using wire = await Wire.open(running.server.port);
    assertEquals(await wire.ask(line), `? ${line}`);
    assertEquals(await wire.ask("still here"), "? still here");
  }
});

Deno.test("Server takes what is strange but right, byte for byte", async () => {
  await using running = await start({ platform: STILL });
  using wire = await Wire.open(running.server.port);
  const cases: [fields: ByteString, difference: string][] = [
    ["kiwi +0-0 1700000000", "+0.000000000"],
    ["kiwi -90.0+180.0 1700000000.000000001", "-0.000000001"],
    ["kiwi +27.5916+086.5640 1700000000.0000000000000001", "+0.000000000"],
    ["kiwi +00090-00180.000 -0", "+1700000000.000000000"],
    ["kiwi +34-118 -1.5", "+1700000001.500000000"],
    ["kiwi +34-118 4282078710.081036003", "-2582078710.081036003"],
    ["__proto__ +34-118 5", "+1699999995.000000000"],
    ["constructor +34-118 5", "+1699999995.000000000"],
    ["IAMAT +34-118 5", "+1699999995.000000000"],
    ["a\0b +34-118 5", "+1699999995.000000000"],
    ["\xff\xfe\xa0 +34-118 5", "+1699999995.000000000"],
    [`${utf8("köln🥝")} +34-118 5`, "+1699999995.000000000"],
    [
      `kiwi +34-118 ${"9".repeat(30)}`,
      `-${"9".repeat(20)}8299999999.000000000`,
    ],
  ];
  for (const [fields, difference] of cases) {
    assertEquals(
      await wire.ask(`IAMAT ${fields}`),
      `AT Alford ${difference} ${fields}`,
    );
  }
  assertEquals(
    await wire.ask(" \v IAMAT\t\tkiwi\f+34-118 \r 5 \r"),
    "AT Alford +1699999995.000000000 kiwi +34-118 5",
  );
  const held = running.server.records().map((at) => at.split(" ")[3]);
  assertEquals(
    held.sort(),
    [
      "IAMAT",
      "__proto__",
      "a\0b",
      "constructor",
      "kiwi",
      utf8("köln🥝"),
      "\xff\xfe\xa0",
    ].sort(),
  );
});

Deno.test("Server ignores lines of white space only", async () => {
  await using running = await start({ platform: STILL });
  using wire = await Wire.open(running.server.port);
  await wire.send("\n\r\n \t\v\f\r\n\r\r\n");
  await wire.send(`${KIWI}\n\n\n`);
  await wire.closeWrite();
  assertEquals(await wire.rest(), `${KIWI_AT}\n`);
});

Deno.test("Server keeps the half lines of two clients apart", async () => {
  await using running = await start({ platform: STILL });
  using kiwi = await Wire.open(running.server.port);
  using lime = await Wire.open(running.server.port);
  await kiwi.send("IAMAT kiwi +34.068930-118");
  await lime.send("IAMAT lime +1");
  await kiwi.send(".445127 16999999");
  await lime.send("+2 1700000000\nBAD");
  await kiwi.send("99.736126614\nx\n");
  await lime.send(" LINE\n");
  assertEquals(await kiwi.line(), KIWI_AT);
  assertEquals(
    await lime.line(),
    "AT Alford +0.000000000 lime +1+2 1700000000",
  );
  assertEquals(await lime.line(), "? BAD LINE");
  assertEquals(await kiwi.line(), "? x");
});

Deno.test("Server takes a line in five packets", async () => {
  await using running = await start({ platform: STILL });
  using wire = await Wire.open(running.server.port);
  using other = await Wire.open(running.server.port);
  const line = `${KIWI}\r\n`;
  for (const [from, to] of [[0, 3], [3, 9], [9, 20], [20, 54], [54, 99]]) {
    await wire.send(line.slice(from, to));
    // Once this is answered, the server has read the packet before.
    assertEquals(await other.ask("x"), "? x");
  }
  assertEquals(await wire.line(), KIWI_AT);
});

Deno.test("Server takes three commands in a packet, LF or CRLF", async () => {
  await using running = await start({ platform: STILL });
  using wire = await Wire.open(running.server.port);
  await wire.send(`${KIWI}\r\nBAD\nWHATSAT nobody 1 1\r\n`);
  assertEquals(
    [await wire.line(), await wire.line(), await wire.line()],
    [KIWI_AT, "? BAD", "? WHATSAT nobody 1 1"],
  );
});

Deno.test("Server answers a last line without LF after a half-close", async () => {
  await using running = await start({ platform: STILL });
  for (const end of ["", "\r", "\n", "\r\n"]) {
    for (const text of [KIWI, `x\n${KIWI}`]) {
      using wire = await Wire.open(running.server.port);
      await wire.send(text + end);
      await wire.closeWrite();
      const expected = text === KIWI ? `${KIWI_AT}\n` : `? x\n${KIWI_AT}\n`;
      assertEquals(await wire.rest(), expected);
    }
  }
});

Deno.test("Server takes no half line of a connection that broke", async () => {
  await using running = await start({ limits: { firstLineMsMax: 30 } });
  using wire = await Wire.open(running.server.port);
  await wire.send("IAMAT kiwi +34-118 1");
  assertEquals(await wire.rest(), "");
  assertEquals(running.server.stats().iamat, 0);
});

Deno.test("Server takes a line of 65,536 bytes, and not one byte more", async () => {
  await using running = await start({ platform: STILL });
  const longest = "x".repeat(65_536);
  for (const end of ["\n", "\r\n"]) {
    using wire = await Wire.open(running.server.port);
    await wire.send(longest + end);
    assertEquals(await wire.line(), `? ${longest}`);
    await wire.send(longest + "x" + end + "y\n");
    assertEquals(await wire.rest(), `? ${"x".repeat(256)}\n`);
  }
});

for (const size of [100_000, 10_000_000]) {
  Deno.test(`Server names a line of ${size} bytes, and closes`, async () => {
    await using running = await start();
    const { server } = running;
    for (const before of ["", "x\n"]) {
      using wire = await Wire.open(server.port);
      const line = "0123456789abcdef".repeat(size / 16);
      const sending = wire.send(`${before}${line}\nIAMAT kiwi +34-118 5\n`);
      const reply = `? ${"0123456789abcdef".repeat(16)}\n`;
      assertEquals(await wire.rest(), before && "? x\n" + reply || reply);
      await sending;
    }
    assertEquals(server.records(), []);
    await until("no clients", () => server.stats().clients === 0);
  });
}

Deno.test("Server lets its last words arrive though the client goes on sending", async () => {
  await using running = await start();
  using wire = await Wire.open(running.server.port);
  let isDone = false;
  const sendOn = async () => {
    while (!isDone) await wire.send("x".repeat(65_536));
  };
  const sending = sendOn().catch((error) => error);
  assertEquals(await wire.rest(), `? ${"x".repeat(256)}\n`);
  isDone = true;
  wire.close();
  await sending;
});

Deno.test("Server closes a client that never reads, and serves the others", async () => {
  await using running = await start({
    limits: { unsentBytesMax: 65_536, unsentStallMsMax: 300 },
  });
  const { server } = running;
  using greedy = await Wire.open(server.port);
  using other = await Wire.open(server.port);
  const chunk = `${"x".repeat(1_000)}\n`.repeat(65);
  let sentBytes = 0;
  let isOver = false;
  const flood = async () => {
    for (;;) {
      await greedy.send(chunk);
      sentBytes += chunk.length;
    }
  };
  const flooding = flood().catch((error) => error).finally(() => isOver = true);
  while (!isOver) assertEquals(await other.ask("x"), "? x");
  const error = await flooding;
  assert(
    error instanceof Deno.errors.ConnectionReset ||
      error instanceof Deno.errors.BrokenPipe,
    `The server is to close the connection: ${error}`,
  );
  // What the two sockets hold between them, and no more.
  assert(sentBytes < 64_000_000, `${sentBytes} bytes were read`);
  await until("one client", () => server.stats().clients === 1);
});

Deno.test("Server copes with 5,000 connections opened and dropped", async () => {
  await using running = await start();
  const { server } = running;
  const drop = async (number: number) => {
    using wire = await Wire.open(server.port);
    if (number % 4 === 1) await wire.send("IAMAT kiwi +34");
    if (number % 4 === 2) await wire.send(`${KIWI}\n`.repeat(3));
    if (number % 4 === 3) assertEquals(await wire.ask("x"), "? x");
  };
  for (let number = 0; number < 5_000; number += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, i) => drop(number + i)));
  }
  using wire = await Wire.open(server.port);
  assertEquals(await wire.ask("x"), "? x");
  await until("no other clients", () => server.stats().clients === 1);
});

Deno.test("Server obeys nothing that follows the first line of an HTTP request", async () => {
  for (const version of ["1.0", "1.1"]) {
    await using running = await start();
    using wire = await Wire.open(running.server.port);
    const request = `POST /x HTTP/${version}`;
    await wire.send(
      `IAMAT first +1-1 1\r\n${request}\r\nHost: x\r\n\r\nIAMAT web +1-1 1\r\n`,
    );
    const replies = await wire.rest();
    assertMatch(replies, /^AT Alford \S+ first \+1-1 1\n\? POST \/x \S+\n$/);
    assertEquals(running.server.stats().records, 1);
  }
});

Deno.test("Server obeys no HTTP request without a line feed, and takes other words for none", async () => {
  await using running = await start();
  using whole = await Wire.open(running.server.port);
  assertEquals(await whole.ask("xHTTP/1.1"), "? xHTTP/1.1");
  assertEquals(await whole.ask("x HTTP/1.1 y"), "? x HTTP/1.1 y");
  assertEquals(await whole.ask("x HTTP/2"), "? x HTTP/2");
  await whole.send("GET / HTTP/1.1");
  await whole.closeWrite();
  assertEquals(await whole.rest(), "? GET / HTTP/1.1\n");
});

Deno.test("Server tells of a client that waits though its first line has not ended", async () => {
  await using running = await start({ platform: quick(10) });
  const { server, events } = running;
  using done = await Wire.open(server.port);
  assertEquals(await done.ask("x"), "? x");
  await done.send("IAMAT kiwi");
  using wire = await Wire.open(server.port);
  await wire.send("WHATSAT kiwi 10 5");
  const told = await events.when("line-unfinished");
  assert(told.kind === "line-unfinished");
  assertEquals(told.head, "WHATSAT kiwi 10 5");
  await wire.send("\n");
  assertEquals(await wire.line(), "? WHATSAT kiwi 10 5");
});
