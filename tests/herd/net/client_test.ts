/**
 * The client, against a server and against a stranger.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { Client, ReplyError, timeText } from "../../../herd/net/client.ts";
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import type { Connection } from "../../../herd/net/platform.ts";
import { soon, start, STILL, Wire } from "./support.ts";

const PLACES = JSON.stringify({
  html_attributions: [],
  results: [{ name: "Café Zoë" }, { name: "Second" }],
  status: "OK",
});

/** A server that says what a test makes it say. */
async function stranger(): Promise<
  { client: Client; wire: Wire; [Symbol.asyncDispose](): Promise<void> }
> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const [client, conn] = await Promise.all([
    Client.connect(listener.addr),
    listener.accept(),
  ]);
  const wire = new Wire(conn);
  const dispose = async () => {
    wire.close();
    await client.close();
  };
  return { client, wire, [Symbol.asyncDispose]: dispose };
}

Deno.test("Client.iamat() brings the AT line and its fields", async () => {
  await using running = await start({ platform: STILL });
  const { port } = running.server;
  await using client = await Client.connect({ hostname: "127.0.0.1", port });
  assertEquals(await client.iamat("kiwi", "+34-118", "1700000000"), {
    line: "AT Alford +0.000000000 kiwi +34-118 1700000000",
    server: "Alford",
    difference: "+0.000000000",
    client: "kiwi",
    position: "+34-118",
    time: "1700000000",
  });
  const at = await client.iamat("köln🥝", "+34-118");
  assertEquals(at.client, "köln🥝");
  assert(Math.abs(Number(at.time) - Date.now() / 1_000) < 60);
});

Deno.test("Client.whatsat() brings the fix and the places", async () => {
  const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
  await using places = Deno.serve(options, () => new Response(PLACES));
  const base = `http://127.0.0.1:${places.addr.port}`;
  await using running = await start({ places: { base, key: "k" } });
  const { port } = running.server;
  await using client = await Client.connect({ hostname: "127.0.0.1", port });
  const at = await client.iamat("kiwi", "+34-118", "5");
  const reply = await client.whatsat("kiwi", 10, 20);
  assertEquals(reply.at, at);
  assertEquals(reply.body, PLACES);
  assertEquals(reply.places.results[0]!.name, "Café Zoë");
  const one = await client.whatsat("kiwi", "10.5", "1");
  assertEquals(one.places.results.map(({ name }) => name), ["Café Zoë"]);
  assert(!one.body.endsWith("\n"));
});

Deno.test("Client throws what the server answers by '?'", async () => {
  await using running = await start();
  const { port } = running.server;
  await using client = await Client.connect({ hostname: "127.0.0.1", port });
  const error = await assertRejects(
    () => client.iamat("kiwi", "nowhere", "5"),
    ReplyError,
    'Cannot carry out "IAMAT kiwi nowhere 5"',
  );
  assertEquals(error.line, "? IAMAT kiwi nowhere 5");
  await assertRejects(() => client.whatsat("nobody", 10, 5), ReplyError);
  await assertRejects(() => client.whatsat("nobody", 51, 5), ReplyError);
  assertEquals(await client.send("köln"), "? köln");
});

Deno.test("Client.send() takes many commands at a time, and gives each its reply", async () => {
  await using running = await start({ platform: STILL });
  const { port } = running.server;
  await using client = await Client.connect({ hostname: "127.0.0.1", port });
  const replies = await Promise.all([
    client.send("IAMAT kiwi +34-118 5"),
    client.send(" WHATSAT\tkiwi 10 5"),
    client.send("   "),
    client.send("WHATSAT nobody 10 5\r"),
    client.send(""),
    client.send("x"),
  ]);
  const at = "AT Alford +1699999995.000000000 kiwi +34-118 5";
  assertEquals(replies[0], at);
  assert(replies[1]!.startsWith(`${at}\n{`), replies[1]);
  assertEquals(replies.slice(2), ["", "? WHATSAT nobody 10 5", "", "? x"]);
  await assertRejects(() => client.send("a\nb"), TypeError, "more than one");
});

Deno.test("Client gets the last reply to a line that is too long", async () => {
  await using running = await start();
  const { port } = running.server;
  await using client = await Client.connect({ hostname: "127.0.0.1", port });
  const reply = await client.send("x".repeat(10_000_000));
  assertEquals(reply, `? ${"x".repeat(256)}`);
  await assertRejects(() => client.send("x"), Error, "connection lost");
});

Deno.test("Client rejects what waits when the connection is lost", async () => {
  await using running = await start();
  const { port } = running.server;
  await using client = await Client.connect({ hostname: "127.0.0.1", port });
  assertEquals(await client.send("x"), "? x");
  await running.server.stop();
  const error = await assertRejects(
    () => soon("the end", client.send("IAMAT kiwi +34-118 5")),
    Error,
    "connection lost",
  );
  assert(error.message.includes("IAMAT kiwi +34-118 5"));
});

Deno.test("Client rejects a line that is lost while it is written", async () => {
  await using it = await stranger();
  // More than the sockets hold, and nobody reads it.
  const lost = assertRejects(
    () => it.client.send("x".repeat(30_000_000)),
    Error,
    "connection lost",
  );
  await it.wire.closeWrite();
  await soon("the end", lost);
});

Deno.test("Client takes half a reply for none", async () => {
  for (
    const half of [
      "AT Alford +1.000000000 kiwi +34-118 1",
      "AT Alford +1.000000000 kiwi +34-118 16\n{",
      "AT Alford +1.000000000 kiwi +34-118 16\n{}\n",
    ]
  ) {
    await using it = await stranger();
    const reply = it.client.send(
      half.includes("\n") ? "WHATSAT kiwi 10 5" : "IAMAT kiwi +34-118 16",
    );
    const lost = assertRejects(() => reply, Error, "connection lost");
    await it.wire.line();
    await it.wire.send(half);
    it.wire.close();
    await soon("the end", lost);
  }
});

Deno.test("Client.close() gives up what waits", async () => {
  await using it = await stranger();
  const lost = assertRejects(
    () => it.client.send("IAMAT kiwi +34-118 5"),
    Error,
    "connection lost",
  );
  await it.wire.line();
  await it.client.close();
  await soon("the end", lost);
  await it.client.close();
  await assertRejects(() => it.client.send("x"), Error, "connection lost");
});

Deno.test("Client hangs up on a server that speaks unasked", async () => {
  await using it = await stranger();
  await it.wire.send("220 welcome\n");
  assertEquals(await it.wire.rest(), "");
  await assertRejects(() => it.client.send("x"), Error, "connection lost");
});

Deno.test("timeText() prints nanoseconds", () => {
  assertEquals(timeText(1_700_000_000_000.5), "1700000000.000500000");
  assertEquals(timeText(1_700_000_000_999), "1700000000.999000000");
  assertEquals(timeText(0), "0.000000000");
});

Deno.test("Client.send() sends each line whole, though a socket takes it in part", async () => {
  const lines = ["IAMAT kiwi +1+1 1", "WHATSAT kiwi 1 1", "IAMAT moa +2+2 2"];
  const sent = lines.map((line) => `${line}\n`).join("");
  const all = Promise.withResolvers<void>();
  let written = "";
  const conn: Connection = {
    remoteAddr: { hostname: "127.0.0.1", port: 1 },
    read: () => new Promise(() => {}),
    write: async (bytes) => {
      const part = bytes.subarray(0, 3);
      await Promise.resolve();
      written += new TextDecoder().decode(part);
      if (written.length === sent.length) all.resolve();
      return part.length;
    },
    closeWrite: () => Promise.resolve(),
    setNoDelay() {},
    close() {},
  };
  const client = await Client.connect(conn.remoteAddr, {
    ...denoPlatform,
    network: {
      listen: () => {
        throw new TypeError();
      },
      connect: () => Promise.resolve(conn),
    },
  });
  for (const line of lines) client.send(line).catch(() => {});
  await soon("all lines", all.promise);
  assertEquals(written, sent);
});
