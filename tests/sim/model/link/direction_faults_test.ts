import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { LinkFault } from "../../../../sim/model/steps/link_faults.ts";
import {
  DirectionFaults,
  dueWithout,
} from "../../../../sim/model/link/direction_faults.ts";
import type { Passing } from "../../../../sim/model/steps/link_fault.ts";
import { LineStream } from "../../../../sim/model/faults/line_stream.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (parts: readonly Uint8Array[]) =>
  parts.map((part) => new TextDecoder().decode(part)).join("");

const ONE = {};
const HANDSHAKE = "PEER 1 a b c\nPROOF d\n";

function withFaults(...faults: LinkFault[]): DirectionFaults {
  const direction = new DirectionFaults(7, "Alford>Parker");
  for (const [i, fault] of faults.entries()) {
    direction.begin(`${fault.kind}-${i + 1}`, fault, 0);
  }
  return direction;
}

/** What comes out. */
function textOf(passing: readonly Passing[]): string {
  return text(
    passing.filter(({ isDropped }) => !isDropped).map(({ bytes }) => bytes),
  );
}

/** What lines become of a text of whole lines. */
function passed(direction: DirectionFaults, lines: string): string {
  return textOf(
    lines.match(/[^\n]*\n/g)!.flatMap((line, i) => {
      const piece = {
        bytes: bytes(line),
        isLine: true,
        number: i + 1,
        ends: 1,
      };
      return direction.pass(piece, ONE);
    }),
  );
}

/** Lines that end in the beginning of a stream, those of the handshake left out. */
function linesAfterHandshake(begun: string): number {
  return begun.slice(HANDSHAKE.length).split("\n").length - 1;
}

Deno.test({
  name: "LineStream tells the first line once, however it is cut",
  permissions: "none",
  fn() {
    for (const size of [1, 3, 100]) {
      const heard: string[] = [];
      const stream = new LineStream((line) => heard.push(line));
      for (let at = 0; at < HANDSHAKE.length; at += size) {
        stream.feed(bytes(HANDSHAKE.slice(at, at + size)), size === 3);
      }
      assertEquals(heard, ["PEER 1 a b c"]);
    }
    const heard: string[] = [];
    const stream = new LineStream((line) => heard.push(line));
    for (let i = 0; i < 3; i++) stream.feed(bytes("x".repeat(50_000)), false);
    stream.feed(bytes("\n"), false);
    assertEquals(heard, [], "What is no handshake is not kept");
  },
});

Deno.test({
  name: "DirectionFaults.pass() lets a line in parts pass behind what was held",
  permissions: "none",
  fn() {
    const direction = withFaults({ kind: "reorder", nth: 1 });
    assertEquals(passed(direction, "AT 1\n"), "");
    const part = { bytes: bytes("AT 2"), isLine: false, number: 2, ends: 0 };
    assertEquals(textOf(direction.pass(part, ONE)), "AT 1\nAT 2");
  },
});

Deno.test({
  name: "LineStream.feed() gives back every byte, however they are cut",
  permissions: "none",
  fn() {
    const wire = `${HANDSHAKE}AT 1\nPING 1\nHAVE 2\na 1 2\nb 3 4\nPONG`;
    const cuts = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 9 }), fc.boolean()),
    );
    fc.assert(fc.property(cuts, (cuts) => {
      const stream = new LineStream();
      const out: Uint8Array[] = [];
      let at = 0;
      for (const [size, isCut] of [...cuts, [wire.length, true] as const]) {
        const chunk = bytes(wire.slice(at, at += size));
        for (const piece of stream.feed(chunk, isCut)) {
          assertEquals(piece.number, 1 + linesAfterHandshake(text(out)));
          out.push(piece.bytes);
          assertEquals(
            piece.ends,
            linesAfterHandshake(text(out)) - piece.number + 1,
          );
          if (!piece.isLine) continue;
          const line = text([piece.bytes]);
          assert(wire.includes(`\n${line}`) && line.endsWith("\n"), line);
          assert(!HANDSHAKE.includes(line), line);
        }
      }
      out.push(...stream.flush().map((piece) => piece.bytes));
      assertEquals(text(out), wire);
    }));
  },
});

Deno.test({
  name: "LineStream.feed() finds every line after the handshake",
  permissions: "none",
  fn() {
    const stream = new LineStream();
    const wire = bytes(`${HANDSHAKE}AT 1\nPING 1\nPO`);
    const lines = [...wire].flatMap((byte) =>
      stream.feed(Uint8Array.of(byte), true)
    ).filter(({ isLine }) => isLine).map(({ bytes }) => text([bytes]));
    assertEquals(lines, ["AT 1\n", "PING 1\n"]);
    // A line of which a part has passed is not cut any more.
    assertEquals(
      text(stream.feed(bytes("NG"), false).map((it) => it.bytes)),
      "PONG",
    );
    assertEquals(
      stream.feed(bytes(" 1\nAT 2\n"), true).map((it) => it.isLine),
      [
        false,
        true,
      ],
    );
  },
});

Deno.test({
  name: "DirectionFaults.pass() does what each fault of lines says",
  permissions: "none",
  fn() {
    const wire = "AT 1\nPING 1\nAT 2\nAT 3\n";
    const table: [LinkFault[], string][] = [
      [[], wire],
      [[{ kind: "loss", nth: 2 }], "AT 1\nAT 2\nAT 3\n"],
      [[{ kind: "loss", nth: 2, lines: "AT" }], "AT 1\nPING 1\nAT 3\n"],
      [[{ kind: "loss", lines: "AT" }], "PING 1\n"],
      [[{ kind: "duplicate", nth: 1 }], `AT 1\n${wire}`],
      [[{ kind: "reorder", nth: 1 }], "PING 1\nAT 1\nAT 2\nAT 3\n"],
      [[{ kind: "reorder" }], "PING 1\nAT 1\nAT 3\nAT 2\n"],
      // The second fault sees what the first has left.
      [
        [{ kind: "duplicate", nth: 1 }, { kind: "loss", nth: 2 }],
        wire,
      ],
      [
        [{ kind: "loss", nth: 1 }, { kind: "duplicate", nth: 1 }],
        "PING 1\nPING 1\nAT 2\nAT 3\n",
      ],
    ];
    for (const [faults, expected] of table) {
      assertEquals(passed(withFaults(...faults), wire), expected);
    }
  },
});

Deno.test({
  name: "DirectionFaults.pass() leaves handshakes alone",
  permissions: "none",
  fn() {
    const direction = withFaults({ kind: "loss" });
    const handshake = { bytes: bytes(HANDSHAKE), isLine: false };
    const piece = { ...handshake, number: 1, ends: 0 };
    assertEquals(textOf(direction.pass(piece, ONE)), HANDSHAKE);
    assertEquals(direction.touched("loss-1"), 0);
  },
});

Deno.test({
  name: "DirectionFaults.end() tells what was touched, and frees what was held",
  permissions: "none",
  fn() {
    const direction = withFaults({ kind: "reorder", nth: 2 });
    assertEquals(passed(direction, "AT 1\nAT 2\n"), "AT 1\n");
    const { touched, held } = direction.end("reorder-1");
    assertEquals([touched, textOf([held.get(ONE)!])], [1, "AT 2\n"]);
    assertEquals(direction.end("reorder-1").touched, 0);
    assertEquals(passed(direction, "AT 3\n"), "AT 3\n");
  },
});

Deno.test({
  name: "DirectionFaults.schedule() delays, slices and narrows, all together",
  permissions: "none",
  fn() {
    const latency = {
      kind: "latency",
      latencyMs: 100,
      jitterMs: 0,
      correlation: 0,
      distribution: "uniform",
    } as const;
    const slicer = {
      kind: "slicer",
      averageBytes: 4,
      variationBytes: 0,
      delayMs: 10,
    } as const;
    const bandwidth = { kind: "bandwidth", bytesPerSecond: 1_000 } as const;
    const due = (...faults: LinkFault[]) =>
      withFaults(...faults).schedule(bytes("0123456789"), 5, ONE)
        .map(({ bytes, dueMs }) => [bytes.length, dueMs]);
    assertEquals(due(), [[10, 5]]);
    assertEquals(due(latency), [[10, 105]]);
    assertEquals(due(latency, latency), [[10, 205]]);
    assertEquals(due(slicer), [[4, 5], [4, 15], [2, 25]]);
    assertEquals(due(bandwidth), [[10, 15]]);
    assertEquals(due(latency, slicer, bandwidth), [[4, 109], [4, 123], [
      2,
      135,
    ]]);
    const narrow = withFaults(bandwidth);
    narrow.schedule(bytes("01234"), 0, ONE);
    assertEquals(narrow.schedule(bytes("01234"), 0, ONE)[0]?.dueMs, 10);
  },
});

Deno.test({
  name: "DirectionFaults.scheduleEnd() is late by slow_close",
  permissions: "none",
  fn() {
    assertEquals(withFaults().scheduleEnd(5).dueMs, 5);
    const slow = withFaults({ kind: "slow_close", delayMs: 50 });
    assertEquals(slow.scheduleEnd(5).dueMs, 55);
    assertEquals(slow.touched("slow_close-1"), 1);
  },
});

Deno.test({
  name: "DirectionFaults.isHeld() is true while a cut or a timeout stands",
  permissions: "none",
  fn() {
    const direction = withFaults({ kind: "cut" }, {
      kind: "timeout",
      timeoutMs: 9,
    });
    direction.touchHolding(0);
    assert(direction.isHeld(0));
    assertEquals(direction.end("cut-1").touched, 1);
    assert(direction.isHeld(0));
    direction.end("timeout-2");
    assert(!direction.isHeld(0));
  },
});

Deno.test({
  name: "DirectionFaults.schedule() owes nothing to a connection that is gone",
  permissions: "none",
  fn() {
    const narrow = withFaults({ kind: "bandwidth", bytesPerSecond: 1 });
    assertEquals(narrow.schedule(bytes("0123"), 0, ONE)[0]?.dueMs, 4_000);
    assertEquals(narrow.schedule(bytes("0"), 0, {})[0]?.dueMs, 1_000);
    assertEquals(narrow.schedule(bytes("0"), 0, ONE)[0]?.dueMs, 5_000);
  },
});

Deno.test({
  name: "dueWithout() takes off what one of several faults has added",
  permissions: "none",
  fn() {
    const latency = (latencyMs: number): LinkFault => ({
      kind: "latency",
      latencyMs,
      jitterMs: 0,
      correlation: 0,
      distribution: "uniform",
    });
    const narrow: LinkFault = { kind: "bandwidth", bytesPerSecond: 1_000 };
    const slow = withFaults(latency(60_000), narrow, latency(10));
    const [parcel] = slow.schedule(bytes("01234"), 0, ONE);
    assertEquals(parcel?.dueMs, 60_015);
    assertEquals(dueWithout(parcel!, "latency-1").dueMs, 15);
    assertEquals(dueWithout(slow.scheduleEnd(0), "latency-1").dueMs, 10);
    // What comes after it does not wait for what is late no longer.
    slow.end("latency-1");
    assertEquals(slow.schedule(bytes("01234"), 5, ONE)[0]?.dueMs, 20);
  },
});

Deno.test({
  name:
    "DirectionFaults.end() of any delay leaves nothing late, another standing",
  permissions: "none",
  fn() {
    const narrow: LinkFault = { kind: "bandwidth", bytesPerSecond: 1_000 };
    const delays: LinkFault[] = [
      {
        kind: "latency",
        latencyMs: 60_000,
        jitterMs: 0,
        correlation: 0,
        distribution: "uniform",
      },
      { kind: "bandwidth", bytesPerSecond: 1 },
      {
        kind: "slicer",
        averageBytes: 1,
        variationBytes: 0,
        delayMs: 60_000,
      },
    ];
    for (const fault of delays) {
      for (const [id, ...both] of [[1, fault, narrow], [2, narrow, fault]]) {
        const faults = withFaults(...both as LinkFault[]);
        const healed = `${fault.kind}-${id}`;
        const last = faults.schedule(bytes("01234"), 0, ONE).at(-1);
        assert(last!.dueMs >= 5_000, healed);
        assertEquals(dueWithout(last!, healed).dueMs, 5, healed);
        faults.end(healed);
        const next = faults.schedule(bytes("01234"), 1, ONE).at(-1);
        assertEquals(next?.dueMs, 10, healed);
      }
    }
  },
});

Deno.test({
  name: "DirectionFaults.pass() of 0% touches nothing",
  permissions: "none",
  fn() {
    for (const kind of ["loss", "duplicate", "reorder", "corrupt"] as const) {
      const none = withFaults({ kind, percent: 0 });
      assertEquals(passed(none, "AT 1\n".repeat(1_000)).length, 5_000, kind);
      assertEquals(none.touched(`${kind}-1`), 0, kind);
    }
  },
});
