import { assert, assertEquals } from "@std/assert";
import { LineFeed } from "../../../../sim/live/herd/line_feed.ts";
import type { HerdProxies } from "../../../../sim/live/proxies/herd_proxies.ts";
import type { Supervisor } from "../../../../sim/live/servers/supervisor.ts";
import { EventHub } from "../../../../sim/model/event_hub.ts";
import type { HerdEvent } from "../../../../sim/model/events.ts";
import { TraceWriter } from "../../../../sim/model/trace.ts";
import { parseAtLine } from "../../../../herd/core/wire/message.ts";
import type { ByteString } from "../../../../herd/core/bytes/bytes.ts";
import { ManualClock } from "../../../herd/net/manual_clock.ts";

/** No listener throws here. */
function fail(error: unknown): void {
  throw error;
}

Deno.test({
  name:
    "LineFeed reads no trace where nobody listens, at the herd's end neither",
  permissions: "none",
  fn() {
    let reads = 0;
    const supervisor = {
      platform: { clock: new ManualClock() },
      up: () => [],
      status() {
        reads++;
        return [];
      },
    } as unknown as Supervisor;
    const proxies = { isTraced: true } as HerdProxies;
    const events = new EventHub<HerdEvent>(fail);
    const feed = new LineFeed(
      { supervisor, events, proxies },
      new EventHub<HerdEvent>(fail),
    );
    const listener = feed.subscribe(() => {});
    assert(reads > 0, "What was before is passed over");
    const before = reads;
    listener[Symbol.dispose]();
    feed.stop();
    assertEquals(reads, before);

    const again = feed.subscribe(() => {});
    const begun = reads;
    feed.stop();
    assert(reads > begun, "Who listens hears the last lines");
    again[Symbol.dispose]();
  },
});

Deno.test({
  name: "LineFeed tells how many lines it leaves out, when they are too many",
  permissions: "none",
  async fn() {
    const clock = new ManualClock();
    let writer: TraceWriter | undefined;
    const supervisor = {
      platform: { clock },
      up: () => ["s0"],
      child: () => ({ start: { neighbours: [{ name: "s1" }] } }),
      ask(_: string, { memory }: { memory?: SharedArrayBuffer }) {
        writer = memory && new TraceWriter(["s1"], memory, true);
        return Promise.resolve(null);
      },
    } as unknown as Supervisor;
    const events = new EventHub<HerdEvent>(fail);
    const proxies = { isTraced: false } as HerdProxies;
    const feed = new LineFeed(
      { supervisor, events, proxies },
      new EventHub<HerdEvent>(fail),
    );
    const told = new Map<string, number>();
    let leftOut = 0;
    const listener = feed.subscribe((event) => {
      told.set(event.kind, (told.get(event.kind) ?? 0) + 1);
      if (event.kind === "lines-left-out") {
        assertEquals(event.server, "s0");
        leftOut += event.lines;
      }
    });
    // The server has heeded it.
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    // Nobody reads meanwhile.
    const line = parseAtLine(
      `AT s0 +0.100000000 ${"x".repeat(1_000_000)} +1-1 1.5` as ByteString,
    )!;
    const WRITTEN = 100;
    for (let at = 0; at < WRITTEN; at++) {
      writer!.delivered(line, undefined, true, 0, 1);
    }
    clock.tick(50);
    const heard = told.get("delivery") ?? 0;
    assert(heard > 0 && heard < WRITTEN, `${heard}`);
    assertEquals(leftOut, WRITTEN - heard);
    // Each is told once.
    feed.stop();
    assertEquals(leftOut, WRITTEN - heard);
    listener[Symbol.dispose]();
  },
});
