import { assertEquals } from "@std/assert";
import { messagesIn } from "../../../sim/page/sse.ts";

const TEXT =
  "id: 7\ndata: {}\n\n: still here\n\ndata: ä\r\ndata: b\r\n\r\nid: 9\n\n" +
  "data: cut";

Deno.test({
  name: "messagesIn() gives the same messages however the bytes are cut",
  permissions: "none",
  async fn() {
    const bytes = new TextEncoder().encode(TEXT);
    for (const size of [bytes.length, 7, 1]) {
      const chunks = Array.from(
        { length: Math.ceil(bytes.length / size) },
        (_, at) => bytes.slice(at * size, (at + 1) * size),
      );
      assertEquals(
        await Array.fromAsync(messagesIn(ReadableStream.from(chunks))),
        [{ id: "7", data: "{}" }, { id: null, data: "ä\nb" }],
      );
    }
  },
});

Deno.test({
  name: "messagesIn() cancels a stream that is left",
  permissions: "none",
  async fn() {
    const left = Promise.withResolvers<unknown>();
    const body = new ReadableStream({
      start: (chunks) => chunks.enqueue(new TextEncoder().encode(TEXT)),
      cancel: left.resolve,
    });
    for await (const { id } of messagesIn(body)) {
      assertEquals(id, "7");
      break;
    }
    await left.promise;
  },
});
