import { assertEquals } from "@std/assert";
import { SseReader } from "../../../sim/page/sse.ts";

const TEXT =
  "id: 7\ndata: {}\n\n: still here\n\ndata: a\r\ndata: b\r\n\r\nid: 9\n\n";

Deno.test({
  name: "SseReader gives the same messages however the text is cut",
  permissions: "none",
  fn() {
    const whole = new SseReader().feed(TEXT);
    assertEquals(whole, [
      { id: "7", data: "{}" },
      { id: null, data: "a\nb" },
    ]);
    const drip = new SseReader();
    assertEquals([...TEXT].flatMap((char) => drip.feed(char)), whole);
  },
});
