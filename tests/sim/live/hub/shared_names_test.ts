/**
 * Two herds whose servers have the same names, by a real NATS server.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { freePorts } from "../../../free_ports.ts";
import { denoPlatform } from "../../../../herd/net/deno_platform.ts";
import type { HubStats } from "../../../../herd/net/hub/hub_link.ts";
import { delay } from "../../../../herd/net/timing.ts";
import { Herd } from "../../../../mod.ts";
import { Forwarder } from "../../../../sim/live/servers/forwarder.ts";
import { natsServer } from "../../../herd/net/hub/nats_server.ts";
import { unless, whyNoProgram } from "../../../skipped.ts";

const { clock } = denoPlatform;
const hostname = "127.0.0.1";
const POSITION = "+34.1-118.4";
const WITHIN = { withinMs: 30_000 };

async function tell(herd: Herd, client: string, time: number) {
  await using to = await herd.client("s1");
  return await to.iamat(client, POSITION, String(time));
}

async function untilHub(
  herd: Herd,
  isTrue: (hub: HubStats) => boolean,
): Promise<HubStats> {
  for (;;) {
    const { hub } = await herd.stats("s0");
    if (isTrue(hub!)) return hub!;
    await delay(clock, 10);
  }
}

Deno.test({
  ...unless(
    whyNoProgram("nats-server"),
    "nats-server: of two herds that share names none loses what the other told",
  ),
  async fn() {
    await using nats = await natsServer();
    const [port = 0] = freePorts(1);
    await using way = new Forwarder(
      denoPlatform,
      { hostname, port },
      () => denoPlatform.network.connect({ hostname, port: nats.port }),
    );
    const start = (hub: string) =>
      Herd.start("line:2", { hub, places: "none" });
    await using first = await start(`nats://${hostname}:${port}`);
    await using second = await start(`nats://${hostname}:${nats.port}`);

    // Either hears what the other one's server of the same name was told.
    await first.propagated(await tell(second, "plum", 1), WITHIN);
    await second.propagated(await tell(first, "kiwi", 1), WITHIN);

    // Apart, the first has something older to tell than the second has told, of
    // which nobody is left but the hub.
    way.cut();
    await untilHub(first, (it) => !it.isUp);
    await tell(first, "kiwi", 2);
    const newest = await tell(second, "kiwi", 3);
    await untilHub(second, (it) => it.waiting === 0 && it.published >= 2);
    await second.stop();
    way.heal();
    await first.propagated(newest, WITHIN);
    const line = newest.line;
    await using third = await start(`nats://${hostname}:${nats.port}`);
    await third.propagated(newest, WITHIN);
    const held = await third.records("s0");
    assertEquals(held.find((it) => it.client === "kiwi")?.line, line);

    // They do not tell the same again and again.
    const hub = await untilHub(first, ({ waiting }) => waiting === 0);
    assert(hub.published < 8, JSON.stringify(hub));
  },
});
