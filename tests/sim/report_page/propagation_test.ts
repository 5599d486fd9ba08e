import { assertEquals } from "@std/assert";
import type { HistoryEvent } from "../../../sim/model/history.ts";
import { pageData } from "../../../sim/model/report/page_data.ts";
import {
  readMessages,
  readRequests,
  UpdateIndex,
} from "../../../sim/report_page/columns.ts";
import {
  distanceToLine,
  isSampled,
  MessageFinder,
} from "../../../sim/report_page/diagram_hits.ts";
import {
  propagationOf,
  spreadOf,
} from "../../../sim/report_page/propagation.ts";
import { binsOf, roundUp, ticksOf } from "../../../sim/report_page/series.ts";
import { sampleRecord } from "../model/report/sample_record.ts";
import { delivery, placeAt, read, sent } from "../model/checks/histories.ts";
import { sampleRun } from "./sample_run.ts";

const NAMES = ["a", "b", "c", "d"];
const LINE = "AT a +0.1 kiwi +1+1 5";

/** A message of one update, each moment in milliseconds. */
function passed(
  from: string | null,
  to: string,
  sentMs: number,
  cameMs: number | undefined,
  isNew = true,
): HistoryEvent[] {
  if (from === null) return [delivery(sentMs, to, from, LINE, isNew)];
  const told = sent(sentMs, from, to, LINE);
  if (cameMs !== undefined) {
    return [told, read(cameMs, sentMs, to, from, LINE, isNew)];
  }
  const place = placeAt(sentMs, from, to);
  const dropped = { as: null, by: ["loss"], from, to, ...place };
  return [told, { atMs: sentMs, kind: "altered", ...dropped }];
}

function tablesOf(events: HistoryEvent[]) {
  const topology = { name: "four", servers: NAMES, links: [] };
  const sorted = events.toSorted((a, b) => a.atMs - b.atMs);
  const data = pageData(sampleRecord({ topology }), sorted);
  const table = readMessages(data.messages);
  const index = new UpdateIndex(table, data.updates.length);
  return { data, table, index };
}

function treeOf(events: HistoryEvent[]) {
  const { table, index } = tablesOf(events);
  return propagationOf(table, index, 0, NAMES.length);
}

Deno.test({
  name: "propagationOf() does not call lost what may still be on its way",
  permissions: "none",
  fn() {
    const told = [
      ...passed(null, "a", 1, 1),
      ...passed("a", "b", 2, undefined),
      sent(3, "a", "c", LINE),
    ];
    const { messages, lost } = treeOf(told);
    assertEquals([messages, lost], [2, 1]);
    const closed = { server: "c", peer: "a", ...placeAt(3, "a", "c") };
    const { lost: later } = treeOf([
      ...told,
      { atMs: 0, kind: "connection", isOpen: true, ...closed },
      { atMs: 4, kind: "connection", isOpen: false, ...closed },
    ]);
    assertEquals(later, 2, "Its connection ended");
  },
});

Deno.test({
  name: "propagationOf() tells who had an update from whom",
  permissions: "none",
  fn() {
    const { arrivals, missing, ...rest } = treeOf([
      ...passed(null, "a", 1, 1),
      ...passed("a", "b", 2, 3),
      ...passed("a", "c", 2, 5),
      ...passed("b", "c", 4, 4.5),
      ...passed("c", "d", 6, undefined),
    ].map((event) =>
      event.kind === "delivery" && event.from === "a" && event.server === "c"
        ? { ...event, isNew: false }
        : event
    ));
    assertEquals(
      arrivals.map(({ server, from, hops, sentMs, receivedMs, duplicates }) => [
        NAMES[server],
        NAMES[from] ?? "client",
        hops,
        sentMs,
        receivedMs,
        duplicates,
      ]),
      [
        ["a", "client", 0, 1, 1, 0],
        ["b", "a", 1, 2, 3, 0],
        ["c", "b", 2, 4, 4.5, 1],
      ],
    );
    assertEquals(missing.map((server) => NAMES[server]), ["d"]);
    assertEquals(rest, { messages: 4, lost: 1, startMs: 1, endMs: 4.5 });
  },
});

Deno.test({
  name: "propagationOf() names each server once, whatever was recorded",
  permissions: "none",
  fn() {
    // No client was seen; b and c had it from each other, d twice as new.
    const { arrivals, missing } = treeOf([
      ...passed("b", "c", 2, 3),
      ...passed("c", "b", 1, 4),
      ...passed("c", "d", 4, 5),
      ...passed("b", "d", 4, 6),
    ]);
    const servers = arrivals.map(({ server }) => NAMES[server]);
    assertEquals(servers.toSorted(), ["b", "c", "d"]);
    assertEquals(missing.map((server) => NAMES[server]), ["a"]);
  },
});

const RUN = sampleRun({
  topology: "grid:9",
  durationMs: 5_000,
  ratePerSecond: 100,
  faultEveryMs: 900,
});
const DATA = pageData(RUN.record, RUN.history);
const MESSAGES = readMessages(DATA.messages);
const INDEX = new UpdateIndex(MESSAGES, DATA.updates.length);
const SPREAD = spreadOf(MESSAGES, INDEX, DATA.updates.length);

Deno.test({
  name: "spreadOf() agrees with the tree of each update",
  permissions: "none",
  fn() {
    for (let update = 0; update < DATA.updates.length; update++) {
      const tree = propagationOf(MESSAGES, INDEX, update, 9);
      assertEquals(SPREAD.reached[update], tree.arrivals.length);
      assertEquals(SPREAD.startMs[update], tree.startMs);
      assertEquals(SPREAD.tookMs[update], tree.endMs - tree.startMs);
    }
  },
});

Deno.test({
  name:
    "spreadOf() and binsOf() take no server twice that was killed and revived",
  permissions: "none",
  fn() {
    const state = (atMs: number, state: "stopped" | "up") =>
      ({ atMs, kind: "state", server: "b", state }) as const;
    const { data, table, index } = tablesOf([
      ...passed(null, "a", 1, 1),
      ...passed("a", "b", 2, 3),
      state(100, "stopped"),
      state(400, "up"),
      ...passed("a", "b", 500, 501),
    ]);
    const spread = spreadOf(table, index, data.updates.length);
    assertEquals([spread.reached[0], spread.tookMs[0]], [2, 2]);
    const [bin] = binsOf(data.spanMs, {
      messages: table,
      requests: readRequests(data.requests),
      spread,
      servers: NAMES.length,
      downTimes: data.downTimes,
    }, 1);
    assertEquals(bin!.deliveryMs, { samples: 2, median: 0, p99: 2 });
  },
});

Deno.test({
  name: "binsOf() counts every request and every message once",
  permissions: "none",
  fn() {
    const requests = readRequests(DATA.requests);
    for (const bins of [1, 7, 120]) {
      const all = binsOf(DATA.spanMs, {
        messages: MESSAGES,
        requests,
        spread: SPREAD,
        servers: 9,
        downTimes: DATA.downTimes,
      }, bins);
      assertEquals(all[0]!.fromMs, 0);
      assertEquals(all.at(-1)!.toMs, DATA.spanMs);
      assertEquals(
        all.slice(1).map(({ fromMs }) => fromMs),
        all.slice(0, -1).map(({ toMs }) => toMs),
      );
      const sum = (perSecond: (bin: typeof all[number]) => number) =>
        Math.round(all.reduce(
          (total, bin) =>
            total + perSecond(bin) * (bin.toMs - bin.fromMs) / 1_000,
          0,
        ));
      const total = requests.length;
      assertEquals(sum((b) => b.okPerSecond + b.troublePerSecond), total);
      const samples = all.reduce((sum, b) => sum + b.replyMs.samples, 0);
      assertEquals(samples, sum((b) => b.okPerSecond));
      assertEquals(
        sum((b) => b.messagesPerSecond),
        MESSAGES.from.filter((from) => from < 9).length,
      );
    }
  },
});

Deno.test({
  name: "MessageFinder.each() finds what is under way, as a plain search does",
  permissions: "none",
  fn() {
    const finder = new MessageFinder(MESSAGES);
    const spans = [[0, 5_100], [1_000, 1_100], [2_345, 2_345.5], [-5, 0]];
    for (const [fromMs, toMs] of spans as [number, number][]) {
      const found: number[] = [];
      finder.each({ fromMs, toMs }, (i) => found.push(i));
      const lostMs = (toMs - fromMs) * 0.02;
      const expected = [...MESSAGES.sentMs.keys()].filter((i) => {
        const sentMs = MESSAGES.sentMs[i]!;
        const end = Number.isNaN(MESSAGES.receivedMs[i]!)
          ? sentMs + lostMs
          : MESSAGES.receivedMs[i]!;
        return sentMs <= toMs && end >= fromMs;
      });
      assertEquals(found, expected);
    }
  },
});

Deno.test({
  name: "isSampled() takes about one in n, and keeps them as n falls",
  permissions: "none",
  fn() {
    const sampled = (oneIn: number) =>
      Array.from({ length: 10_000 }, (_, update) => update)
        .filter((update) => isSampled(update, oneIn));
    assertEquals(sampled(1).length, 10_000);
    for (const oneIn of [2, 10, 57.3]) {
      const share = sampled(oneIn).length / (10_000 / oneIn);
      assertEquals(share > 0.9 && share < 1.1, true, `${oneIn}: ${share}`);
      const wider = new Set(sampled(oneIn / 1.5));
      assertEquals(sampled(oneIn).every((update) => wider.has(update)), true);
    }
  },
});

Deno.test({
  name: "distanceToLine() is that to the nearest point between the ends",
  permissions: "none",
  fn() {
    assertEquals(distanceToLine([5, 3], [0, 0], [10, 0]), 3);
    assertEquals(distanceToLine([13, 4], [0, 0], [10, 0]), 5);
    assertEquals(distanceToLine([3, 4], [0, 0], [0, 0]), 5);
  },
});

Deno.test({
  name: "ticksOf() gives round values within the range",
  permissions: "none",
  fn() {
    assertEquals(ticksOf(0, 60_000, 6), [
      0,
      10_000,
      20_000,
      30_000,
      40_000,
      50_000,
      60_000,
    ]);
    assertEquals(ticksOf(12, 19, 2), [15]);
    assertEquals([0.3, 1, 1.01, 20, 21, 99].map(roundUp), [
      0.5,
      1,
      2,
      20,
      50,
      100,
    ]);
  },
});
