/**
 * WebSockets: as pages have them, and as nobody should.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { bytesOf } from "../../../../herd/core/bytes/bytes.ts";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import { dial } from "../../../../herd/net/ways/dial.ts";
import { sha1 } from "../../../../herd/net/ways/sha1.ts";
import { FrameWriter, OPCODE } from "../../../../herd/net/ways/ws_frames.ts";
import { greet } from "../../../../herd/net/ways/ws_greeting.ts";
import { soon, Wire } from "../support.ts";
import { LOCALHOST, startWithWays } from "./support.ts";

const KIWI = "IAMAT kiwi +34.068930-118.445127 1699999999.736126614";
const KIWI_AT =
  "AT Alford +0.263873386 kiwi +34.068930-118.445127 1699999999.736126614";
const MASK = Uint8Array.of(1, 2, 3, 4);
const REQUEST = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n" +
  "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/** A WebSocket of the platform's own, as a page has it. */
class Page implements AsyncDisposable {
  readonly #socket: WebSocket;
  readonly #messages: (string | ArrayBuffer)[] = [];
  readonly #closed = Promise.withResolvers<CloseEvent>();
  #wake = Promise.withResolvers<void>();

  constructor(port: number) {
    this.#socket = new WebSocket(`ws://${LOCALHOST}:${port}`);
    this.#socket.binaryType = "arraybuffer";
    this.#socket.onmessage = ({ data }) => {
      this.#messages.push(data);
      this.#wake.resolve();
    };
    this.#socket.onclose = (event) => this.#closed.resolve(event);
  }

  static async open(port: number): Promise<Page> {
    const page = new Page(port);
    const opened = Promise.withResolvers<void>();
    page.#socket.onopen = () => opened.resolve();
    page.#socket.onerror = (event) =>
      opened.reject((event as ErrorEvent).error);
    await soon("a WebSocket", opened.promise);
    return page;
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    this.#socket.send(data);
  }

  async message(): Promise<string | ArrayBuffer> {
    while (this.#messages.length === 0) {
      await soon("a message", this.#wake.promise);
      this.#wake = Promise.withResolvers();
    }
    return this.#messages.shift()!;
  }

  get closed(): Promise<CloseEvent> {
    return soon("the close", this.#closed.promise);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await this.closed;
  }
}

function frame(
  opcode: number,
  text: string,
  { isLast = true, mask = MASK }: { isLast?: boolean; mask?: Uint8Array } = {},
): string {
  const frames = new FrameWriter();
  frames.add(opcode, isLast, bytesOf(text), mask);
  return String.fromCharCode(...frames.take());
}

Deno.test({
  name: "sha1() gives the hashes of RFC 3174",
  permissions: "none",
  fn() {
    const known = {
      "": "da39a3ee5e6b4b0d3255bfef95601890afd80709",
      abc: "a9993e364706816aba3e25717850c26c9cd0d89d",
      [`abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq`]:
        "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
      ["a".repeat(64)]: "0098ba824b5c16427bd7a1122a5a442a25ec644d",
    };
    for (const [text, hash] of Object.entries(known)) {
      assertEquals(sha1(bytesOf(text)).toHex(), hash);
    }
  },
});

Deno.test({
  name: "greet() answers the request of RFC 6455 as that does",
  permissions: "none",
  fn() {
    const { answer, refused } = greet(REQUEST, []);
    assertEquals(refused, undefined);
    assertMatch(
      answer,
      /^HTTP\/1\.1 101 .*\r\n[^]*Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r\n/,
    );
  },
});

Deno.test({
  name: "greet() takes pages of its own host and of those that are named",
  permissions: "none",
  fn() {
    const from = (origin: string, origins: string[] = []) =>
      greet(`${REQUEST}Origin: ${origin}\r\n`, origins).refused === undefined;
    assert(from("http://127.0.0.1:8000"));
    assert(from("http://localhost"));
    assert(!from("https://example.org"));
    assert(!from("null"));
    assert(from("https://example.org", ["https://example.org"]));
    assert(!from("https://example.org.evil", ["https://example.org"]));
    assert(from("null", ["*"]));
  },
});

Deno.test({
  name: "greet() refuses what is no request for a WebSocket",
  permissions: "none",
  fn() {
    const wrong = {
      "400": [
        "POST / HTTP/1.1\r\n",
        "GET / HTTP/1.0\r\n",
        REQUEST.replace(/Key: .*/, "Key: short"),
        "",
      ],
      "426": [
        "GET / HTTP/1.1\r\nHost: a\r\n",
        REQUEST.replace("Version: 13", "Version: 8"),
      ],
    };
    for (const [status, texts] of Object.entries(wrong)) {
      for (const text of texts) {
        const { answer, refused } = greet(text, []);
        assert(answer.startsWith(`HTTP/1.1 ${status} `), text);
        assert(refused !== undefined);
      }
    }
  },
});

Deno.test("a page gets one message for each reply", async () => {
  await using running = await startWithWays();
  await using page = await Page.open(running.ports.ws);
  page.send(KIWI);
  assertEquals(await page.message(), `${KIWI_AT}\n`);
  page.send(`${KIWI}\nWHATSAT kiwi 10 5\nWHAT`);
  page.send("köln");
  assertEquals(await page.message(), `${KIWI_AT}\n`);
  const whole = await page.message() as string;
  assert(whole.startsWith(`${KIWI_AT}\n{`) && whole.endsWith("}\n\n"), whole);
  assertEquals(await page.message(), "? WHAT\n");
  assertEquals(await page.message(), "? köln\n");
});

Deno.test("a page gets a reply that is no UTF-8 as bytes", async () => {
  await using running = await startWithWays();
  await using page = await Page.open(running.ports.ws);
  page.send(Uint8Array.of(0xff, 0x41));
  const reply = new Uint8Array(await page.message() as ArrayBuffer);
  assertEquals(reply, Uint8Array.of(0x3f, 0x20, 0xff, 0x41, 0x0a));
});

Deno.test("a page gets a long answer whole", async () => {
  const results = Array.from(
    { length: 20 },
    () => ({ name: "é".repeat(9_000) }),
  );
  const text = JSON.stringify({ html_attributions: [], results, status: "OK" });
  const options = { hostname: LOCALHOST, port: 0, onListen() {} };
  await using places = Deno.serve(options, () => new Response(text));
  const base = `http://${LOCALHOST}:${places.addr.port}`;
  await using running = await startWithWays({ places: { base, key: "k" } });
  await using page = await Page.open(running.ports.ws);
  page.send(`${KIWI}\nWHATSAT kiwi 10 20\nWHAT`);
  await page.message();
  const bytes = await page.message() as ArrayBuffer;
  const [, body = ""] = new TextDecoder().decode(bytes).split(/\n(.*)/s);
  assertEquals(JSON.parse(body).results, results);
  assertEquals(await page.message(), "? WHAT\n");
});

Deno.test("a WebSocket's line comes in any pieces", async () => {
  await using running = await startWithWays();
  using wire = await Wire.open(running.ports.ws);
  await wire.send(`${REQUEST}\r\n`);
  await wire.upTo("\r\n\r\n");
  const bytes = frame(OPCODE.text, "WH", { isLast: false }) +
    frame(OPCODE.ping, "still there?") +
    frame(OPCODE.continuation, "", { isLast: false }) +
    frame(OPCODE.continuation, "AT") +
    frame(OPCODE.text, "") + frame(OPCODE.text, "x".repeat(300));
  for (const byte of bytes) await wire.send(byte);
  assertEquals(await wire.upTo("?"), "\x8a\x0cstill there?");
  assertEquals(await wire.upTo("?"), "\x81\x07?");
  assertEquals(await wire.upTo("\n"), " WHAT\n");
});

for (
  const [what, bytes] of Object.entries({
    "is not masked": "\x81\x05HELLO",
    "has a reserved bit": "\xc1\x80\0\0\0\0",
    "is of no kind": "\x83\x80\0\0\0\0",
    "goes on where nothing began": frame(OPCODE.continuation, "HELLO"),
    "begins where one has begun": frame(OPCODE.text, "H", { isLast: false }) +
      frame(OPCODE.text, "ELLO"),
    "is a long ping": frame(OPCODE.ping, "x".repeat(126)),
    "has more bytes than there are":
      "\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0",
  })
) {
  Deno.test(`a WebSocket whose frame ${what} is closed`, async () => {
    await using running = await startWithWays();
    using wire = await Wire.open(running.ports.ws);
    await wire.send(`${REQUEST}\r\n`);
    await wire.upTo("\r\n\r\n");
    await wire.send(bytes);
    const rest = await wire.rest();
    assert(rest.endsWith("\x88\x02\x03\xea"), JSON.stringify(rest));
  });
}

Deno.test("a head without end closes the port's connection", async () => {
  await using running = await startWithWays();
  using wire = await Wire.open(running.ports.ws);
  await wire.send(`GET / HTTP/1.1\r\nX: ${"x".repeat(20_000)}`);
  assertEquals(await wire.rest(), "");
});

Deno.test("a page of elsewhere is refused, and told why", async () => {
  await using running = await startWithWays();
  using wire = await Wire.open(running.ports.ws);
  await wire.send(`${REQUEST}Origin: https://example.org\r\n\r\n`);
  assertMatch(await wire.rest(), /^HTTP\/1\.1 403 [^]*pages of this origin/);
});

Deno.test("who pings without end is served in turn, and holds no more", async () => {
  await using running = await startWithWays();
  using greedy = await Wire.open(running.ports.ws);
  await greedy.send(`${REQUEST}\r\n`);
  await greedy.upTo("\r\n\r\n");
  const pings = frame(OPCODE.ping, "x".repeat(100)).repeat(10_000);
  // Answers are not read: so the last ping alone is still answered.
  const flood = greedy.send(pings);
  await using page = await Page.open(running.ports.ws);
  page.send(KIWI);
  assertEquals(await page.message(), `${KIWI_AT}\n`);
  await flood;
});

Deno.test("dial() finds no WebSocket where there is none", async () => {
  await using running = await startWithWays();
  const address = { hostname: LOCALHOST, port: running.ports.tcp };
  await assertRejects(
    () => dial(address, denoPlatform, { via: "ws" }),
    Deno.errors.ConnectionRefused,
    "No WebSocket",
  );
});
