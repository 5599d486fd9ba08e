import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { ColumnWriter } from "../../../sim/model/report/columns.ts";
import { trafficOf } from "../../../sim/model/report/messages.ts";
import { pageData } from "../../../sim/model/report/page_data.ts";
import {
  ColumnReader,
  readMessages,
  readRequests,
  UpdateIndex,
} from "../../../sim/report_page/columns.ts";
import { sampleRun } from "./sample_run.ts";

Deno.test({
  name: "ColumnReader reads what ColumnWriter wrote",
  permissions: "none",
  fn() {
    const whole = fc.oneof(fc.nat(200), fc.maxSafeNat());
    const signed = fc.integer({ min: -(2 ** 50), max: 2 ** 50 });
    fc.assert(fc.property(
      fc.array(fc.tuple(whole, signed)),
      (pairs) => {
        const writer = new ColumnWriter();
        for (const [number, difference] of pairs) {
          writer.add(number);
          writer.addSigned(difference);
        }
        const reader = new ColumnReader(`\n ${writer.text()}\n`);
        assertEquals(reader.count(), pairs.length * 2);
        for (const [number, difference] of pairs) {
          assertEquals(reader.next(), number);
          assertEquals(reader.nextSigned(), difference);
        }
      },
    ));
  },
});

const RUN = sampleRun({
  topology: "2014",
  durationMs: 10_000,
  ratePerSecond: 30,
  faultEveryMs: 1_500,
});

Deno.test({
  name: "readMessages() and readRequests() give what pageData() was given",
  permissions: "none",
  fn() {
    const { topology } = RUN.record;
    const data = pageData(RUN.record, RUN.history);
    const table = readMessages(data.messages);
    const { messages, requests, updates } = trafficOf(
      RUN.history,
      topology.servers,
    );
    assert(messages.some(({ receivedMs }) => receivedMs === undefined));
    assertEquals(data.updates, updates);
    assertEquals(data.carried.messages, [messages.length, messages.length]);
    assertEquals(table.length, messages.length);
    const micros = (ms: number | undefined) =>
      ms === undefined ? NaN : Math.round(ms * 1_000) / 1_000;
    for (const [i, message] of messages.entries()) {
      assertEquals(
        [
          table.update[i],
          table.from[i],
          table.to[i],
          table.sentMs[i],
          table.receivedMs[i],
          table.isNew[i],
        ],
        [
          message.update,
          message.from,
          message.to,
          micros(message.sentMs),
          micros(message.receivedMs),
          Number(message.isNew),
        ],
      );
    }
    const asked = readRequests(data.requests);
    assertEquals(asked.length, requests.length);
    for (const [i, request] of requests.entries()) {
      assertEquals(
        [asked.update[i], asked.outcome[i], asked.server[i], asked.endedMs[i]],
        [
          request.update ?? -1,
          ["ok", "fail", "info"].indexOf(request.outcome),
          request.server,
          micros(request.endedMs),
        ],
      );
      assertEquals(asked.dueMs[i]! <= asked.invokedMs[i]!, true);
    }
    const troubles = requests.flatMap(({ outcome }, i) =>
      outcome === "ok" ? [] : [i]
    );
    assert(troubles.length > 0);
    assertEquals(data.troubles.map(([i]) => i), troubles);
  },
});

Deno.test({
  name: "pageData() carries whole updates of a run that is too large",
  permissions: "none",
  fn() {
    const whole = pageData(RUN.record, RUN.history);
    const part = pageData(RUN.record, RUN.history, 700);
    const [carried, all] = part.carried.messages;
    assertEquals(all, whole.carried.messages[0]);
    assert(carried > 0 && carried < all, `${carried} of ${all}`);
    assertEquals(part.carried.updates, [
      part.updates.length,
      whole.updates.length,
    ]);
    const tables = [whole, part].map((data) => ({
      table: readMessages(data.messages),
      updates: data.updates,
    }));
    const [first, second] = tables.map(({ table, updates }) => {
      const index = new UpdateIndex(table, updates.length);
      return new Map(updates.map((line, update) => [
        line,
        [...index.of(update)].map((i) => [
          table.sentMs[i],
          table.receivedMs[i],
          table.from[i],
          table.to[i],
        ]),
      ]));
    });
    for (const [line, messages] of second!) {
      assertEquals(messages, first!.get(line));
    }
  },
});

Deno.test({
  name: "pageData() tells from when to when faults and down times were",
  permissions: "none",
  fn() {
    const { record } = RUN;
    const { faults, downTimes, spanMs } = pageData(record, [
      { atMs: 1, kind: "state", server: "Powell", state: "stopped" },
      {
        atMs: 1,
        kind: "fault-begin",
        id: "a",
        fault: "kill",
        targets: ["Powell"],
      },
      { atMs: 2, kind: "state", server: "Powell", state: "starting" },
      { atMs: 3, kind: "state", server: "Powell", state: "up" },
      { atMs: 3, kind: "fault-end", id: "a", touched: 4 },
      {
        atMs: 5,
        kind: "fault-begin",
        id: "b",
        fault: "latency",
        targets: ["Alford-Parker"],
        settings: { latency: "100ms", jitter: 5 },
      },
      { atMs: 6, kind: "state", server: "Bolden", state: "paused" },
      { atMs: 20_000, kind: "fault-end", id: "nobody knows", touched: 0 },
    ]);
    assertEquals(spanMs, 20_000);
    assertEquals(
      faults.map(({ id, settings, beganMs, endedMs, touched }) => [
        id,
        settings,
        beganMs,
        endedMs,
        touched,
      ]),
      [
        ["a", "", 1, 3, 4],
        ["b", "latency 100ms, jitter 5", 5, null, null],
      ],
    );
    assertEquals(downTimes, [
      { server: 4, state: "stopped", fromMs: 1, toMs: 2 },
      { server: 4, state: "starting", fromMs: 2, toMs: 3 },
      { server: 1, state: "paused", fromMs: 6, toMs: 20_000 },
    ]);
  },
});
