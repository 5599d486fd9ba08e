import { assertEquals } from "@std/assert";
import type { HistoryEvent } from "../../../../sim/model/history.ts";
import { pageData } from "../../../../sim/model/report/page_data.ts";
import { sampleRecord } from "./sample_record.ts";

function begin(atMs: number, id: string): HistoryEvent {
  const targets = ["Ash-Elm"];
  return { atMs, kind: "fault-begin", id, fault: "cut", targets, settings: {} };
}

function end(atMs: number, id: string, touched: number): HistoryEvent {
  return { atMs, kind: "fault-end", id, touched };
}

function state(
  atMs: number,
  server: string,
  state: "starting" | "up" | "paused" | "stopped",
): HistoryEvent {
  return { atMs, kind: "state", server, state };
}

Deno.test({
  name: "pageData() tells each use of a fault, by whatever name",
  permissions: "none",
  fn() {
    const { faults } = pageData(sampleRecord(), [
      end(5, "nobody", 0),
      begin(10, "snip"),
      begin(15, "other"),
      end(20, "snip", 3),
      end(21, "snip", 9),
      begin(30, "snip"),
      end(40, "snip", 4),
      begin(50, "snip"),
    ]);
    assertEquals(
      faults.map((
        { id, beganMs, endedMs, touched },
      ) => [id, beganMs, endedMs, touched]),
      [
        ["snip", 10, 20, 3],
        ["other", 15, null, null],
        ["snip", 30, 40, 4],
        ["snip", 50, null, null],
      ],
    );
  },
});

Deno.test({
  name: "pageData() tells what is left of a fault, and what that has touched",
  permissions: "none",
  fn() {
    const part = (atMs: number, left: string[]) =>
      ({ atMs, kind: "fault-part-end", id: "snip", left }) as const;
    const faultOf = (...events: HistoryEvent[]) =>
      pageData(sampleRecord(), [begin(10, "snip"), ...events]).faults[0]!;
    const standing = faultOf(
      part(20, ["Ash>Elm"]),
      { atMs: 30, kind: "fault-touched", id: "snip", touched: 7 },
    );
    assertEquals(
      [standing.endedMs, standing.left, standing.touched],
      [null, ["Ash>Elm"], 7],
    );
    const ended = faultOf(part(20, ["Ash>Elm"]), end(30, "snip", 9));
    assertEquals(
      [ended.endedMs, ended.left, ended.touched],
      [30, undefined, 9],
    );
  },
});

Deno.test({
  name: "pageData() tells each time that a server was not up",
  permissions: "none",
  fn() {
    const { downTimes, spanMs } = pageData(sampleRecord({ tookMs: 100 }), [
      state(0, "Ash", "starting"),
      state(5, "Ash", "up"),
      state(6, "Nobody", "stopped"),
      state(10, "Elm", "paused"),
      state(20, "Elm", "up"),
      state(20, "Elm", "up"),
      state(30, "Elm", "stopped"),
      state(40, "Elm", "starting"),
      state(50, "Elm", "up"),
      state(90, "Ash", "stopped"),
    ]);
    assertEquals(spanMs, 100);
    assertEquals(
      downTimes.map((
        { server, state, fromMs, toMs },
      ) => [server, state, fromMs, toMs]),
      [
        [0, "starting", 0, 5],
        [1, "paused", 10, 20],
        [1, "stopped", 30, 40],
        [1, "starting", 40, 50],
        [0, "stopped", 90, 100],
      ],
    );
  },
});
