import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { HistoryEvent } from "../../../sim/model/history.ts";
import { HistoryBuilder } from "../../../sim/model/history_builder.ts";

Deno.test({
  name:
    "HistoryBuilder.events() orders by time, and keeps the order within one",
  permissions: "none",
  fn() {
    const builder = new HistoryBuilder();
    builder.record({ atMs: 2, kind: "ok", op: 1 });
    builder.record({ atMs: 1, kind: "info", op: 2, why: "time-out" });
    builder.record({ atMs: 2, kind: "fail", op: 3 });
    assertEquals(
      builder.events().map((event) => [event.atMs, event.kind]),
      [[1, "info"], [2, "ok"], [2, "fail"]],
    );
    assertEquals(builder.length, 3);
  },
});

Deno.test({
  name: "HistoryBuilder.events() keeps many of one time in order, twice",
  permissions: "none",
  fn() {
    const builder = new HistoryBuilder();
    const ops = () =>
      builder.events().map((event) => "op" in event ? event.op : 0);
    for (let op = 1; op <= 100; op++) {
      builder.record({ atMs: 5, kind: "ok", op });
    }
    const inOrder = Array.from({ length: 100 }, (_, i) => i + 1);
    assertEquals(ops(), inOrder);
    builder.record({ atMs: 4, kind: "ok", op: 101 });
    builder.record({ atMs: 5, kind: "ok", op: 102 });
    assertEquals(ops(), [101, ...inOrder, 102]);
    builder.record({ atMs: 4, kind: "ok", op: 103 });
    assertEquals(ops(), [101, 103, ...inOrder, 102]);
  },
});

Deno.test({
  name: "HistoryBuilder.events() orders as a stable sort does, piece by piece",
  permissions: "none",
  fn() {
    const times = fc.array(fc.nat(9), { maxLength: 40 });
    fc.assert(fc.property(times, times, (first, more) => {
      const builder = new HistoryBuilder();
      const all: HistoryEvent[] = [...first, ...more].map((atMs, op) => (
        { atMs, kind: "ok", op }
      ));
      for (const event of all.slice(0, first.length)) builder.record(event);
      builder.events();
      for (const event of all.slice(first.length)) builder.record(event);
      const sorted = all.toSorted((a, b) => a.atMs - b.atMs);
      assertEquals([...builder.events()], sorted);
    }));
  },
});
