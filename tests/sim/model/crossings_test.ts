import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { crossingsOf, type Fate } from "../../../sim/model/crossings.ts";
import { Renumbering } from "../../../sim/model/link/altered.ts";
import type { LinkFault } from "../../../sim/model/steps/link_faults.ts";
import { DirectionFaults } from "../../../sim/model/link/direction_faults.ts";
import type { Passing } from "../../../sim/model/steps/link_fault.ts";
import { LineStream } from "../../../sim/model/faults/line_stream.ts";
import type { HistoryEvent } from "../../../sim/model/history.ts";
import { at, delivery, read, sent, state } from "./checks/histories.ts";

const WAY = { from: "Ash", to: "Elm", connection: "Ash-Elm" } as const;

/** One end of the connection between Ash and Elm. */
function end(atMs: number, server: "Ash" | "Elm", isOpen: boolean) {
  const peer = server === "Ash" ? "Elm" : "Ash";
  const { connection } = WAY;
  return {
    atMs,
    kind: "connection",
    server,
    peer,
    connection,
    isOpen,
  } as const;
}

const ELSEWHERE = { connection: "other", number: 1 };
const OPENED = [end(0, "Ash", true), end(0, "Elm", true)];
const TOLD = sent(10, "Ash", "Elm", at(1));

/** What became of the line that was told at 10. */
function fateOf(...events: HistoryEvent[]): Fate {
  const history = [...OPENED, TOLD, ...events].toSorted((a, b) =>
    a.atMs - b.atMs
  );
  return crossingsOf(history).crossings[0]!.fate;
}

Deno.test({
  name: "crossingsOf() says of each line what is known of it, and no more",
  permissions: "none",
  fn() {
    const came = read(20, 10, "Elm", "Ash", at(1));
    const later = read(20, 15, "Elm", "Ash", at(2));
    const dropped = {
      kind: "altered",
      ...WAY,
      number: TOLD.number,
      as: null,
      by: ["loss"],
      atMs: 11,
    } as const;
    const table: [Fate, string, ...HistoryEvent[]][] = [
      ["arrived", "read", came],
      [
        "arrived",
        "read just before its connection ended",
        came,
        end(21, "Elm", false),
      ],
      ["unknown", "nothing is known"],
      [
        "unknown",
        "the writer has closed: the reader may still read",
        end(11, "Ash", false),
      ],
      [
        "unknown",
        "its writer died, what it wrote goes on",
        state(11, "Ash", "stopped"),
      ],
      ["lost", "its reader has closed", end(11, "Elm", false)],
      ["lost", "its reader died", state(11, "Elm", "stopped")],
      ["lost", "its reader crashed", state(11, "Elm", "crashed")],
      ["lost", "its reader was started anew", state(11, "Elm", "starting")],
      ["lost", "a proxy dropped it", dropped],
      ["ignored", "its reader has read on", later],
      [
        "unknown",
        "another line came under its number, and no fault did it",
        read(20, 10, "Elm", "Ash", at(2)),
      ],
      [
        "lost",
        "it never came, and the same line came by another connection",
        end(11, "Elm", false),
        { ...came, ...ELSEWHERE },
      ],
    ];
    for (const [fate, why, ...events] of table) {
      assertEquals(fateOf(...events), fate, why);
    }
  },
});

Deno.test({
  name: "crossingsOf() knows an end that never opened by the other one",
  permissions: "none",
  fn() {
    const opened = [end(0, "Ash", true), TOLD];
    const fate = (...events: HistoryEvent[]) =>
      crossingsOf([...opened, ...events]).crossings.map(({ fate }) => fate);
    assertEquals(fate(), ["unknown"]);
    assertEquals(fate(end(20, "Ash", false)), ["lost"]);
    assertEquals(fate(state(20, "Elm", "starting")), ["lost"]);
    assertEquals(fate(end(20, "Elm", true)), ["unknown"]);
  },
});

Deno.test({
  name: "crossingsOf() gives no arrow across a server that was dead",
  permissions: "none",
  fn() {
    const again = { ...sent(1_200, "Ash", "Elm", at(1)), connection: "new" };
    const came = {
      ...read(1_201, 1_200, "Elm", "Ash", at(1)),
      connection: "new",
    };
    const { crossings, strays } = crossingsOf([
      ...OPENED,
      TOLD,
      state(20, "Elm", "stopped"),
      state(1_000, "Elm", "starting"),
      again,
      came,
      delivery(1_300, "Elm", "Ash", at(1), false),
    ]);
    assertEquals(
      crossings.map(({ sent, fate, copies }) => [
        sent.atMs,
        fate,
        copies.map(({ atMs }) => atMs),
      ]),
      [[10, "lost", []], [1_200, "arrived", [1_201]]],
    );
    assertEquals(strays.map(({ atMs }) => atMs), [1_300]);
  },
});

const FAULTS: fc.Arbitrary<LinkFault> = fc.record({
  kind: fc.constantFrom("loss", "duplicate", "reorder", "corrupt"),
  percent: fc.constantFrom(20, 50, 100),
}) as fc.Arbitrary<LinkFault>;

/** Bytes come, or a fault begins or ends. */
const ACTIONS = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 90 }) },
    FAULTS,
    fc.constant("end" as const),
  ),
  { minLength: 10, maxLength: 60 },
);

const HANDSHAKE = "PEER 1 Ash Elm 0\nPROOF 0\n";

/** Has lines pass a proxy while faults come and go; what their reader reads. */
function passProxy(
  lines: readonly string[],
  actions: readonly (number | LinkFault | "end")[],
): { altered: HistoryEvent[]; out: string[] } {
  const faults = new DirectionFaults(7, "Ash>Elm");
  const stream = new LineStream();
  const numbers = new Renumbering();
  const flow = {};
  const altered: HistoryEvent[] = [];
  let text = "";
  const take = (all: readonly Passing[]) => {
    for (const one of all) {
      const outcome = numbers.take(one);
      if (outcome) {
        altered.push({ kind: "altered", atMs: 1, ...WAY, ...outcome });
      }
      if (!one.isDropped) text += new TextDecoder().decode(one.bytes);
    }
  };
  const flush = () =>
    take(stream.flush().map((it) => ({ ...it, by: [], isDropped: false })));
  const wire = new TextEncoder().encode(HANDSHAKE + lines.join(""));
  const standing: string[] = [];
  let at = 0;
  const feed = (size: number) => {
    const chunk = wire.subarray(at, at += size);
    for (const piece of stream.feed(chunk, faults.anyOfLines)) {
      take(faults.pass(piece, flow));
    }
  };
  for (const [i, action] of actions.entries()) {
    if (typeof action === "number") feed(action);
    else if (action !== "end") {
      standing.push(`${i}`);
      faults.begin(`${i}`, action, 0);
    } else if (standing.length > 0) {
      const { held } = faults.end(standing.shift()!);
      if (held.has(flow)) take([held.get(flow)!]);
      if (!faults.anyOfLines) flush();
    }
  }
  feed(wire.length);
  take(faults.releaseHeld(flow));
  flush();
  return {
    altered,
    out: text.slice(HANDSHAKE.length).match(/[^\n]*\n/g) ?? [],
  };
}

Deno.test({
  name: "crossingsOf() finds each line again, whatever faults a proxy had",
  permissions: "none",
  fn() {
    fc.assert(
      fc.property(ACTIONS, (actions) => {
        const lines = Array.from(
          { length: 40 },
          (_, i) =>
            // No bit that is flipped makes one of them another.
            i % 4 === 3 ? `PING ${i}\n` : `${at(i, "Ash", `${i}-${i}`)}\n`,
        );
        const { altered, out } = passProxy(lines, actions);
        const { from, to, connection } = WAY;
        const isFix = (line: string) => line.startsWith("AT");
        const written = lines.flatMap((line, i): HistoryEvent[] => {
          const place = { connection, number: i + 1 };
          const sent = {
            kind: "sent",
            server: from,
            to,
            line,
            ...place,
          } as const;
          return isFix(line) ? [{ atMs: 1, ...sent }] : [];
        });
        const came = out.flatMap((line, i): HistoryEvent[] => {
          const place = { connection, number: i + 1 };
          const delivery = {
            kind: "delivery",
            server: to,
            from,
            line,
          } as const;
          return isFix(line)
            ? [{ atMs: 2, ...delivery, isNew: true, ...place }]
            : [];
        });
        const ends = [end(0, "Elm", true), end(3, "Elm", false)] as const;
        const { crossings, strays } = crossingsOf([
          ends[0],
          ...written,
          ...altered,
          ...came,
          ends[1],
        ]);
        for (const { sent: { line }, fate, copies } of crossings) {
          const times = out.filter((it) => it === line).length;
          assertEquals(copies.length, times, line);
          assertEquals(fate, times > 0 ? "arrived" : "lost", line);
        }
        // All else that came is what a fault made of some line.
        const corrupted = crossings.flatMap(({ corrupted }) => corrupted);
        const strange = came.filter((it) =>
          it.kind === "delivery" && !lines.includes(it.line)
        );
        assertEquals(corrupted.length + strays.length, strange.length);
        for (const stray of strays) assert(!lines.includes(stray.line));
      }),
      { numRuns: 300 },
    );
  },
});
