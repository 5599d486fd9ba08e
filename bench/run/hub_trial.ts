/**
 * A process in which one herd is, with a hub or without, and what is measured of
 * it.
 *
 * @module
 */
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { Herd } from "../../sim/live/herd/herd.ts";
import { loadTopology } from "../../sim/live/herd/load.ts";
import { NatsServers } from "../../sim/live/hub/nats_servers.ts";
import { ownArgs, serve } from "./serve.ts";

const { clock } = denoPlatform;
const POSITION = "+34.068930-118.445127";
const CLIENTS = 10_000;
const AT_ONCE = 64;

/** What a herd does, and what its process takes. */
export interface Rate {
  readonly rate: number;
  readonly mib: number;
}

/** Updates a second that one herd takes from who waits for each reply. */
async function rateOf(hasHub: boolean, seconds: number): Promise<Rate> {
  await using hub = hasHub
    ? await NatsServers.start(denoPlatform, 1, [])
    : undefined;
  await using herd = await Herd.start(loadTopology("2014"), {
    places: "none",
    ...hub && { hub: hub.urls.join(",") },
  });
  const client = await herd.client("Hamilton");
  const untilMs = clock.nowMs() + 1_000 * seconds;
  let count = 0;
  await Promise.all(Array.from({ length: AT_ONCE }, async (_, one) => {
    for (let at = one; clock.nowMs() < untilMs; at += AT_ONCE) {
      await client.iamat(`c${at % CLIENTS}`, POSITION);
      count++;
    }
  }));
  const mib = Deno.memoryUsage().rss / 2 ** 20;
  return { rate: count / seconds, mib };
}

if (import.meta.main) {
  const [what, seconds] = ownArgs<["hub" | "none", number]>();
  await serve({ measure: () => rateOf(what === "hub", seconds) });
}
