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

Deno.test({
  name: "LineStream.feed() gives all lines of a stream that has no handshake",
  permissions: "none",
  fn() {
    const lines = (...chunks: string[]) => {
      const stream = new LineStream();
      return chunks.flatMap((text) =>
        stream.feed(new TextEncoder().encode(text), true)
      ).map(({ isLine }) => isLine);
    };
    assertEquals(lines("AT a b\n"), [true]);
    assertEquals(lines("A", "T a b\n{}\n"), [true, true]);
    assertEquals(lines("PEER 1 a b c\nPROOF 2\nAT a\n"), [false, false, true]);
    assertEquals(lines("P", "EER 1\nPROOF 2\nAT a\n"), [
      ...[false, false, false, true],
    ]);
    assertEquals(lines("CHAL 1 a\nPEEROK b\nAT a\n"), [false, false, true]);
  },
});
