import { assert, assertEquals } from "@std/assert";
import { LineFeed } from "../../../../sim/live/herd/line_feed.ts";
import type { HerdProxies } from "../../../../sim/live/proxies/herd_proxies.ts";
import type { Supervisor } from "../../../../sim/live/servers/supervisor.ts";
import { EventHub } from "../../../../sim/model/event_hub.ts";
import type { HerdEvent } from "../../../../sim/model/events.ts";
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
