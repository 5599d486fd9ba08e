import { assertEquals } from "@std/assert";
import { LineStream } from "../../../../sim/model/faults/line_stream.ts";

/** A stream behind its handshake, and what comes out of it as text. */
function open() {
  const stream = new LineStream();
  const texts = (pieces: ReturnType<LineStream["flush"]>) =>
    pieces.map(({ bytes, isLine }) =>
      `${isLine ? "line" : "part"} ${new TextDecoder().decode(bytes).trim()}`
    );
  const feed = (text: string) =>
    texts(stream.feed(new TextEncoder().encode(text), true));
  feed("PEER 1\nPROOF 2\n");
  return { feed, flush: () => texts(stream.flush()) };
}

Deno.test({
  name:
    "LineStream.flush() gives what has begun, and nothing after a whole line",
  permissions: "none",
  fn() {
    const { feed, flush } = open();
    for (let time = 1; time <= 3; time++) {
      assertEquals(feed("AT a"), []);
      assertEquals(feed("b\nAT c\n"), ["line AT ab", "line AT c"]);
      assertEquals(flush(), [], "all of it has passed");
    }
    assertEquals(feed("AT d"), []);
    assertEquals(flush(), ["part AT d"]);
    assertEquals(flush(), []);
    assertEquals(feed("e\nAT f\n"), ["part e", "line AT f"]);
  },
});
