import { assert, assertEquals } from "@std/assert";
import { utf8 } from "../../../herd/core/bytes.ts";
import { parseAtLine } from "../../../herd/core/message.ts";
import { readTrace, TraceWriter } from "../../../sim/model/trace.ts";

const NEIGHBOURS = ["Elm", "Fig"];

function writer(): { writer: TraceWriter; segments: SharedArrayBuffer[] } {
  const segments: SharedArrayBuffer[] = [];
  const writer = new TraceWriter(NEIGHBOURS, (it) => void segments.push(it));
  return { writer, segments };
}

function fix(line: string) {
  return parseAtLine(utf8(line))!;
}

Deno.test({
  name: "readTrace() gives back what TraceWriter took, however much it is",
  permissions: "none",
  fn() {
    const { writer: trace, segments } = writer();
    const lines = Array.from(
      { length: 9_000 },
      (_, i) => `AT Ash +0.500000000 kiwi-ü-${i} +34.07-118.44 ${i}.5`,
    );
    for (const [i, line] of lines.entries()) {
      if (i % 3 === 0) trace.sent(fix(line), "Fig", i + 0.25);
      else trace.delivered(fix(line), i % 3 === 1 ? "Elm" : undefined, true, i);
    }
    const read = [...readTrace("Ash", NEIGHBOURS, segments)];
    assertEquals(read.map((it) => "line" in it && it.line), lines);
    assertEquals(read.slice(0, 3), [
      {
        kind: "sent",
        atMs: 0.25,
        server: "Ash",
        peer: "Fig",
        line: lines[0]!,
        isNew: false,
      },
      {
        kind: "delivery",
        atMs: 1,
        server: "Ash",
        peer: "Elm",
        line: lines[1]!,
        isNew: true,
      },
      {
        kind: "delivery",
        atMs: 2,
        server: "Ash",
        peer: null,
        line: lines[2]!,
        isNew: true,
      },
    ]);
  },
});

Deno.test({
  name: "readTrace() tells control messages from fixes",
  permissions: "none",
  fn() {
    const { writer: trace, segments } = writer();
    trace.control("IHAVE", 13, "Fig", 1.5);
    assertEquals([...readTrace("Ash", NEIGHBOURS, segments)], [{
      kind: "control",
      atMs: 1.5,
      server: "Ash",
      peer: "Fig",
      command: "IHAVE",
      lines: 13,
    }]);
  },
});

Deno.test({
  name: "TraceWriter takes a line that is longer than a segment",
  permissions: "none",
  fn() {
    const { writer: trace, segments } = writer();
    const long = `AT Ash +0.500000000 ${"k".repeat(600_000)} +1-1 5`;
    const lines = [
      "AT Ash +0.500000000 kiwi +1-1 5",
      long,
      "AT Ash +0.500000000 moa +1-1 6",
    ];
    for (const line of lines) trace.delivered(fix(line), "Elm", false, 1);
    const read = [...readTrace("Ash", NEIGHBOURS, segments)];
    assertEquals(read.map((it) => "line" in it && it.line), lines);
  },
});

Deno.test({
  name: "TraceWriter hands a segment over before it is written to",
  permissions: "none",
  fn() {
    const counts: number[] = [];
    const segments: SharedArrayBuffer[] = [];
    const trace = new TraceWriter(NEIGHBOURS, (segment) => {
      counts.push([...readTrace("Ash", NEIGHBOURS, segments)].length);
      segments.push(segment);
    });
    const line = fix("AT Ash +0.500000000 kiwi +34.07-118.44 5");
    for (let i = 0; i < 8_000; i++) trace.delivered(line, "Elm", true, i);
    const [first, second, third] = counts;
    assertEquals(first, 0);
    // Half a segment of records stands between a hand-over and its use.
    assert(second! > 1_000 && third! > 2 * second!, String(counts));
  },
});
