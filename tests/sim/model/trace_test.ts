import { assert, assertEquals, assertThrows } from "@std/assert";
import { utf8 } from "../../../herd/core/bytes.ts";
import { parseAtLine } from "../../../herd/core/message.ts";
import {
  readTrace,
  traceMemory,
  TraceWriter,
} from "../../../sim/model/trace.ts";

const NEIGHBOURS = ["Elm", "Fig"];

function writer(): { writer: TraceWriter; memory: SharedArrayBuffer } {
  const memory = traceMemory();
  return { writer: new TraceWriter(NEIGHBOURS, memory), memory };
}

function fix(line: string) {
  return parseAtLine(utf8(line))!;
}

Deno.test({
  name: "readTrace() gives back what TraceWriter took, however much it is",
  permissions: "none",
  fn() {
    const { writer: trace, memory } = writer();
    const lines = Array.from(
      { length: 9_000 },
      (_, i) => `AT Ash +0.500000000 kiwi-ü-${i} +34.07-118.44 ${i}.5`,
    );
    for (const [i, line] of lines.entries()) {
      if (i % 3 === 0) trace.sent(fix(line), "Fig", i + 0.25);
      else trace.delivered(fix(line), i % 3 === 1 ? "Elm" : undefined, true, i);
    }
    const read = [...readTrace("Ash", NEIGHBOURS, memory)];
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
    const { writer: trace, memory } = writer();
    trace.control("IHAVE", 13, "Fig", 1.5);
    assertEquals([...readTrace("Ash", NEIGHBOURS, memory)], [{
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
  name: "TraceWriter takes a line that is longer than what its memory grows by",
  permissions: "none",
  fn() {
    const { writer: trace, memory } = writer();
    const long = `AT Ash +0.500000000 ${"k".repeat(600_000)} +1-1 5`;
    const lines = [
      "AT Ash +0.500000000 kiwi +1-1 5",
      long,
      "AT Ash +0.500000000 moa +1-1 6",
    ];
    for (const line of lines) trace.delivered(fix(line), "Elm", false, 1);
    const read = [...readTrace("Ash", NEIGHBOURS, memory)];
    assertEquals(read.map((it) => "line" in it && it.line), lines);
  },
});

Deno.test({
  name: "readTrace() sees all that was recorded, while it goes on",
  permissions: "none",
  fn() {
    const { writer: trace, memory } = writer();
    const line = fix("AT Ash +0.500000000 kiwi +34.07-118.44 5");
    const read = () => [...readTrace("Ash", NEIGHBOURS, memory)].length;
    assertEquals(read(), 0);
    for (let i = 1; i <= 12_000; i++) {
      trace.delivered(line, "Elm", true, i);
      if (i % 1_000 === 0) assertEquals(read(), i);
    }
    assert(memory.byteLength < 1_048_576, "It is no larger than it must be");
  },
});

Deno.test({
  name: "TraceWriter throws when its memory is full, and keeps what it has",
  permissions: "none",
  fn() {
    const memory = new SharedArrayBuffer(64, { maxByteLength: 524_288 });
    const trace = new TraceWriter(NEIGHBOURS, memory);
    const line = fix("AT Ash +0.500000000 kiwi +34.07-118.44 5");
    let taken = 0;
    assertThrows(
      () => {
        for (;; taken++) trace.delivered(line, "Elm", true, taken);
      },
      RangeError,
      "Cannot record more than 524288 bytes",
    );
    assertEquals([...readTrace("Ash", NEIGHBOURS, memory)].length, taken);
    assert(taken > 8_000, String(taken));
  },
});
