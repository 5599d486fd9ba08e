import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { EventStream } from "../../../../sim/live/web/event_stream.ts";

const UNSENT_BYTES_MAX = 1_000_000;

/** A stream to a watcher that has asked and reads nothing. */
async function unread(): Promise<
  AsyncDisposable & { stream: EventStream; conn: Deno.Conn }
> {
  const { promise, resolve } = Promise.withResolvers<EventStream>();
  const server = createServer((_, response) =>
    resolve(new EventStream(response, {}, "7", UNSENT_BYTES_MAX))
  );
  const listening = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", listening.resolve);
  await listening.promise;
  const { port } = server.address() as AddressInfo;
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const request = "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
  await conn.write(new TextEncoder().encode(request));
  const stream = await promise;
  return {
    stream,
    conn,
    async [Symbol.asyncDispose]() {
      try {
        conn.close();
      } catch {
        // All of it was read, up to its end.
      }
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
}

Deno.test("EventStream drops who does not read, rather than keep what it sends", async () => {
  await using it = await unread();
  const { stream } = it;
  const ended = Promise.withResolvers<void>();
  stream.onEnd(ended.resolve);
  let events = 0;
  for (; !stream.isOver && events < 10_000; events++) {
    stream.send("x".repeat(100_000), events);
    // Sockets take what they hold.
    await delay(0);
  }
  assert(events < 10_000, "It is kept for ever");
  await ended.promise;
  stream.send("more");
});

Deno.test("EventStream sends events with their names, and knows the last one seen", async () => {
  await using it = await unread();
  const { stream, conn } = it;
  assertEquals(stream.lastId, "7");
  stream.send({ text: "two\nlines" }, 8);
  stream.end();
  const text = await new Response(conn.readable).text();
  const [head = "", ...events] = text.split("\r\n\r\n");
  assert(head.toLowerCase().includes("content-type: text/event-stream"), head);
  assert(
    events.join("").includes('id: 8\ndata: {"text":"two\\nlines"}\n\n'),
    text,
  );
});
