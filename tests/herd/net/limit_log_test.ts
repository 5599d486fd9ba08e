import { assertEquals } from "@std/assert";
import { LimitLog } from "../../../herd/net/limit_log.ts";
import { SILENT_LOG } from "../../../herd/net/log.ts";
import { ManualClock } from "./manual_clock.ts";

Deno.test("LimitLog.met() tells the first at once, and the others once a minute and kind", () => {
  const time = new ManualClock();
  const told: unknown[] = [];
  const log = new LimitLog(time, {
    ...SILENT_LOG,
    warn: (event, fields) => told.push([event, fields]),
  });
  for (let i = 0; i < 4; i++) log.met("full", { i });
  log.met("late");
  assertEquals(told.splice(0), [["full", { i: 0, count: 1 }], [
    "late",
    { count: 1 },
  ]]);
  time.tick(60_000);
  assertEquals(told.splice(0), [["full", { i: 3, count: 3 }]]);
  time.tick(60_000);
  log.met("full");
  log.met("full");
  assertEquals(told.splice(0), [["full", { count: 1 }]]);
  log.stop();
  assertEquals(told.splice(0), [["full", { count: 1 }]]);
});

Deno.test("LimitLog.met() counts kinds of one limit apart, and is as grave as told", () => {
  const time = new ManualClock();
  const told: unknown[] = [];
  const tell = (level: string) => (event: string, fields: unknown) =>
    told.push([level, event, fields]);
  const log = new LimitLog(time, {
    ...SILENT_LOG,
    info: tell("info"),
    warn: tell("warn"),
  });
  for (const why of ["linked", "late", "linked", "linked"]) {
    log.met("dropped", { why }, { kind: `dropped ${why}`, level: "info" });
  }
  time.tick(60_000);
  log.stop();
  assertEquals(told, [
    ["info", "dropped", { why: "linked", count: 1 }],
    ["info", "dropped", { why: "late", count: 1 }],
    ["info", "dropped", { why: "linked", count: 2 }],
  ]);
});
