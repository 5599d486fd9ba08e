import { assertEquals, assertThrows } from "@std/assert";
import {
  type HistoryEvent,
  historyLines,
} from "../../../../sim/model/history.ts";
import { compareTimes } from "../../../../sim/page/at_line.ts";
import { batchesOf } from "../../../../sim/page/history/batches.ts";
import { readEvents } from "../../../../sim/page/history/read.ts";
import { Recording } from "../../../../sim/page/recording.ts";

const LINE = "AT Ash +0.1 kiwi +34.07-118.44 1621464827.95";
const ON = { connection: "c1", number: 2 };

/** Ash and Elm; a fix spreads; Elm is killed, and comes back without it. */
const HISTORY: HistoryEvent[] = [
  { atMs: 0, kind: "state", server: "Ash", state: "up" },
  { atMs: 0, kind: "state", server: "Elm", state: "up" },
  {
    atMs: 0,
    kind: "connection",
    server: "Ash",
    peer: "Elm",
    connection: "c1",
    isOpen: true,
  },
  { atMs: 1, kind: "link", server: "Ash", peer: "Elm", isUp: true },
  { atMs: 2, kind: "link", server: "Elm", peer: "Ash", isUp: true },
  {
    atMs: 110,
    kind: "delivery",
    server: "Ash",
    from: null,
    line: LINE,
    isNew: true,
  },
  { atMs: 111, kind: "sent", server: "Ash", to: "Elm", line: LINE, ...ON },
  {
    atMs: 230,
    kind: "delivery",
    server: "Elm",
    from: "Ash",
    line: LINE,
    isNew: true,
    ...ON,
  },
  {
    atMs: 300,
    kind: "fault-begin",
    id: "kill-1",
    fault: "kill",
    targets: ["Elm"],
  },
  { atMs: 301, kind: "state", server: "Elm", state: "stopped" },
  { atMs: 310, kind: "link", server: "Ash", peer: "Elm", isUp: false },
  { atMs: 500, kind: "state", server: "Elm", state: "starting" },
  { atMs: 510, kind: "state", server: "Elm", state: "up" },
  { atMs: 520, kind: "fault-end", id: "kill-1", touched: 1 },
];

Deno.test({
  name: "batchesOf() tells a run as a watcher would have been told it",
  permissions: "none",
  fn() {
    const recording = new Recording("run", batchesOf(HISTORY));
    const at = (ms: number) => {
      const moment = recording.momentAt(recording.countAt(ms));
      return [
        [...moment.servers.values()].map(({ state, records }) =>
          `${state} ${records}`
        ),
        moment.links.get("Ash-Elm")!.isUp,
        moment.fixes.get("kiwi")?.behind,
        moment.faults.map(({ text }) => text),
      ];
    };
    assertEquals(at(100), [["up 0", "up 0"], true, undefined, []]);
    assertEquals(at(200), [["up 1", "up 0"], true, ["Elm"], []]);
    assertEquals(at(300), [["up 1", "up 1"], true, [], []]);
    assertEquals(at(400), [["up 1", "stopped 1"], false, [], ["kill on Elm"]]);
    assertEquals(at(600), [["up 1", "up 0"], false, ["Elm"], []]);
    assertEquals(
      recording.latest.faultSpans.map(({ fromMs, toMs }) => [
        fromMs,
        toMs,
      ]),
      [[300, 600]],
    );
  },
});

Deno.test({
  name: "batchesOf() tells what a fault does, once that is known",
  permissions: "none",
  fn() {
    const told = (...harms: Parameters<typeof batchesOf>[2][]) =>
      batchesOf(HISTORY, [], ...harms).flatMap(({ faults = [] }) =>
        faults.map(({ fault, harm }) => [fault, harm])
      )[0];
    assertEquals(told(), ["kill", undefined]);
    assertEquals(told({ cut: "cuts" }), ["kill", undefined]);
    assertEquals(told({ kill: "stops" }), ["kill", "stops"]);
  },
});

Deno.test({
  name: "batchesOf() tells the updates of followed clients, link by link",
  permissions: "none",
  fn() {
    const hopsOf = (history: HistoryEvent[]) =>
      batchesOf(history, ["kiwi"]).flatMap(({ hops }) => hops)
        .map(({ from, to, readMs, isLost }) => [from, to, readMs, isLost]);
    assertEquals(hopsOf(HISTORY), [["Ash", "Elm", 230, false]]);
    assertEquals(batchesOf(HISTORY, ["moa"]).flatMap(({ hops }) => hops), []);
    const lost = HISTORY.filter(({ kind }) => kind !== "delivery");
    const fault = {
      kind: "altered",
      from: "Ash",
      to: "Elm",
      by: ["loss"],
      connection: "c1",
      number: 2,
    } as const;
    assertEquals(hopsOf([...lost, { ...fault, atMs: 112, as: null }]), [
      ["Ash", "Elm", null, true],
    ]);
    // A line that passed another has another number for its reader.
    const moved = HISTORY.map((event) =>
      event.kind === "delivery" && event.from === "Ash"
        ? { ...event, number: 7 }
        : event
    );
    assertEquals(hopsOf([...moved, { ...fault, atMs: 112, as: 7 }]), [
      ["Ash", "Elm", 230, false],
    ]);
  },
});

Deno.test({
  name: "batchesOf() counts flows and figures",
  permissions: "none",
  fn() {
    const batches = batchesOf([
      ...HISTORY,
      { atMs: 1_050, kind: "sockets", leaked: [] },
    ]);
    assertEquals(batches.flatMap(({ flows }) => flows), [
      { from: "Ash", to: "Elm", lines: 1, bytes: LINE.length },
    ]);
    assertEquals(batches.flatMap(({ figures }) => figures ?? []), [{
      atMs: 1_000,
      updates: 1,
      messagesPerUpdate: 1,
      propagation: { p50: 120, p99: 120, samples: 1 },
      reply: null,
    }]);
  },
});

Deno.test({
  name: "batchesOf() tells queues, how late servers are, and weak places",
  permissions: "none",
  fn() {
    const waiting = [{ peer: "Ash", queued: 3, waitedS: 2 }];
    const queue = { kind: "queue", longest: 3, lagMs: 40 } as const;
    const recording = new Recording(
      "run",
      batchesOf([
        ...HISTORY.slice(0, -4),
        { ...queue, atMs: 299, server: "Elm", waiting },
        // A history of before tells only how long it ever was.
        { kind: "queue", longest: 3, atMs: 299, server: "Ash" },
        ...HISTORY.slice(-4),
        { atMs: 1_000, kind: "sockets", leaked: [] },
      ].toSorted((a, b) => a.atMs - b.atMs) as HistoryEvent[]),
    );
    const at = (ms: number) => {
      const moment = recording.momentAt(recording.countAt(ms));
      const { queuedAB, queuedBA, lagBA } = moment.links.get("Ash-Elm")!;
      const { queued, lagMs } = moment.servers.get("Elm")!;
      return [queued, lagMs, queuedAB, queuedBA, lagBA];
    };
    assertEquals(at(200), [null, null, null, null, null]);
    assertEquals(at(300), [3, 40, null, 3, 2_000]);
    assertEquals(at(400), [null, null, null, null, null], "It has ended");
    const shapeAt = (ms: number) =>
      recording.momentAt(recording.countAt(ms)).shape;
    assertEquals(shapeAt(100)?.cutLinks, ["Ash-Elm"]);
    assertEquals(shapeAt(1_000)?.parts.length, 2, "It is up, and not linked");
  },
});

Deno.test({
  name: "readEvents() reads a history, and names the line that is none",
  permissions: "none",
  fn() {
    const text = [...historyLines(HISTORY)].join("");
    assertEquals(readEvents(text), HISTORY);
    assertThrows(() => readEvents(`${text}{"a":1}\n`), SyntaxError, "Line 15");
    assertThrows(() => readEvents("\n"), SyntaxError, "no event");
    assertThrows(() => readEvents("<html>"), SyntaxError, "Line 1");
  },
});

Deno.test({
  name: "compareTimes() is exact where doubles are not",
  permissions: "none",
  fn() {
    const cases: [string, string, number][] = [
      ["1621464827.9500000001", "1621464827.95", 1],
      ["5", "5.0", 0],
      ["10", "9.9", 1],
      ["-2", "-1", -1],
      ["-1", "0", -1],
    ];
    for (const [a, b, order] of cases) {
      assertEquals(compareTimes(a, b), order, `${a} ${b}`);
      assertEquals(compareTimes(b, a), order === 0 ? 0 : -order);
    }
  },
});
