import { assert, assertEquals, assertThrows } from "@std/assert";
import { utf8 } from "../../../herd/core/bytes/bytes.ts";
import { parseAtLine } from "../../../herd/core/wire/message.ts";
import {
  LocalTrace,
  readTrace,
  traceMemory,
  TraceReader,
  TraceWriter,
} from "../../../sim/model/trace.ts";

const NEIGHBOURS = ["Elm", "Fig"];

function writer(): { writer: TraceWriter; memory: SharedArrayBuffer } {
  const memory = traceMemory();
  return { writer: new TraceWriter(NEIGHBOURS, memory), memory };
}

Deno.test({
  name: "LocalTrace holds what shared memory does, however much it is",
  permissions: "none",
  fn() {
    const told = [traceMemory(), new LocalTrace()].map((memory) => {
      const trace = new TraceWriter(NEIGHBOURS, memory);
      const reader = new TraceReader("Ash", NEIGHBOURS, memory);
      trace.connection("Fig", "c0ffee", true, 0);
      const events = [...reader.read()];
      for (let i = 0; i < 5_000; i++) {
        const line = `AT Ash +0.500000000 kiwi-${i} +34.07-118.44 ${i}.5`;
        trace.sent(fix(line), "Fig", i + 7, i + 0.25);
      }
      return [...events, ...reader.read(), reader.leftOut, reader.bytes];
    });
    assertEquals(told[1], told[0]);
    assertEquals(told[1]!.length, 5_003);
  },
});

function fix(line: string) {
  return parseAtLine(utf8(line))!;
}

Deno.test({
  name: "readTrace() gives back what TraceWriter took, however much it is",
  permissions: "none",
  fn() {
    const { writer: trace, memory } = writer();
    trace.connection("Fig", "c0ffee", true, 0);
    trace.connection("Elm", "decade", true, 0);
    const lines = Array.from(
      { length: 9_000 },
      (_, i) => `AT Ash +0.500000000 kiwi-ü-${i} +34.07-118.44 ${i}.5`,
    );
    for (const [i, line] of lines.entries()) {
      if (i % 3 === 0) trace.sent(fix(line), "Fig", i + 7, i + 0.25);
      else if (i % 3 === 1) trace.delivered(fix(line), "Elm", true, i, i);
      else trace.delivered(fix(line), undefined, true, 0, i);
    }
    const read = [...readTrace("Ash", NEIGHBOURS, memory)].slice(2);
    assertEquals(read.map((it) => "line" in it && it.line), lines);
    assertEquals(read.slice(0, 3), [
      {
        kind: "sent",
        atMs: 0.25,
        server: "Ash",
        to: "Fig",
        line: lines[0]!,
        connection: "c0ffee",
        number: 7,
      },
      {
        kind: "delivery",
        atMs: 1,
        server: "Ash",
        from: "Elm",
        line: lines[1]!,
        connection: "decade",
        number: 1,
        isNew: true,
      },
      {
        kind: "delivery",
        atMs: 2,
        server: "Ash",
        from: null,
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
    trace.connection("Fig", "c0ffee", true, 1);
    trace.control("IHAVE", 13, "Fig", 5, 1.5);
    assertEquals([...readTrace("Ash", NEIGHBOURS, memory)].slice(1), [{
      kind: "control",
      atMs: 1.5,
      server: "Ash",
      to: "Fig",
      command: "IHAVE",
      lines: 13,
      connection: "c0ffee",
      number: 5,
    }]);
  },
});

Deno.test({
  name: "readTrace() tells the connections of a link apart",
  permissions: "none",
  fn() {
    const { writer: trace, memory } = writer();
    const line = fix("AT Ash +0.500000000 kiwi +34.07-118.44 5");
    trace.connection("Fig", "a", true, 1);
    trace.sent(line, "Fig", 1, 2);
    trace.connection("Fig", "b", true, 3);
    trace.connection("Fig", "a", false, 4);
    trace.sent(line, "Fig", 1, 5);
    const read = [...readTrace("Ash", NEIGHBOURS, memory)];
    assertEquals(
      read.map((it) => it.kind === "sent" ? it.connection : it),
      [
        connection(1, "a", true),
        "a",
        connection(3, "b", true),
        connection(4, "a", false),
        "b",
      ],
    );
  },
});

/** What is recorded of one to Fig. */
function connection(atMs: number, connection: string, isOpen: boolean) {
  const [kind, server, peer] = ["connection", "Ash", "Fig"] as const;
  return { kind, atMs, server, peer, connection, isOpen };
}

Deno.test({
  name: "readTrace() gives back what a proxy did to a line",
  permissions: "none",
  fn() {
    const { writer: trace, memory } = writer();
    const way = { from: "Ash", to: "Zoë", connection: "a" };
    const dropped = { ...way, number: 7, as: null, by: ["loss"] };
    const passed = { ...way, number: 8, as: 7, by: ["reorder", "corrupt"] };
    trace.altered(dropped, 1);
    trace.altered(passed, 2);
    assertEquals([...readTrace("", [], memory)], [
      { kind: "altered", atMs: 1, ...dropped },
      { kind: "altered", atMs: 2, ...passed },
    ]);
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
    for (const line of lines) trace.delivered(fix(line), "Elm", false, 1, 1);
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
      trace.delivered(line, "Elm", true, i, i);
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
        for (;; taken++) trace.delivered(line, "Elm", true, taken, taken);
      },
      RangeError,
      "Cannot record more than 524288 bytes",
    );
    assertEquals([...readTrace("Ash", NEIGHBOURS, memory)].length, taken);
    assert(taken > 8_000, String(taken));
  },
});

Deno.test({
  name:
    "TraceWriter leaves out what has no room, and all after it, where that is told",
  permissions: "none",
  fn() {
    const memory = traceMemory(262_144);
    const trace = new TraceWriter(NEIGHBOURS, memory, true);
    const lines = ["k".repeat(200_000), "l".repeat(200_000), "moa"]
      .map((client) => `AT Ash +0.500000000 ${client} +34.07-118.44 5`);
    for (const line of lines) trace.delivered(fix(line), "Elm", true, 1, 1);
    const read = [...readTrace("Ash", NEIGHBOURS, memory)];
    assertEquals(read.map((it) => "line" in it && it.line), [lines[0]!]);
  },
});

Deno.test({
  name:
    "TraceReader.read() gives what came since, of connections that it knows",
  permissions: "none",
  fn() {
    const { writer: trace, memory } = writer();
    const reader = new TraceReader("Ash", NEIGHBOURS, memory);
    const line = fix("AT Ash +0.500000000 kiwi +34.07-118.44 5");
    assertEquals([...reader.read()], []);
    trace.connection("Fig", "c0ffee", true, 1);
    assertEquals([...reader.read()].length, 1);
    trace.sent(line, "Fig", 1, 2);
    trace.sent(line, "Fig", 2, 3);
    const read = [...reader.read()];
    assertEquals(
      read.map((it) => it.kind === "sent" && [it.to, it.connection, it.number]),
      [["Fig", "c0ffee", 1], ["Fig", "c0ffee", 2]],
    );
    assertEquals([...reader.read()], []);
  },
});

Deno.test({
  name: "readTrace() tells for which client some did not answer, in its bytes",
  permissions: "none",
  fn() {
    const memory = traceMemory();
    const trace = new TraceWriter(["Elm"], memory);
    trace.unanswered(utf8("kiwi\u00e9"), 2, 1.5);
    assertEquals([...readTrace("Ash", ["Elm"], memory)], [{
      kind: "unanswered",
      atMs: 1.5,
      server: "Ash",
      client: "kiwi\u00e9",
      links: 2,
    }]);
  },
});
