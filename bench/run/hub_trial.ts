/**
 * A process in which two herds and a hub of three NATS servers are, and what is
 * measured of them beside the stream by itself.
 *
 * @module
 */
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { openNats } from "../../herd/net/hub/nats.ts";
import { delay } from "../../herd/net/timing.ts";
import { Herd } from "../../sim/live/herd/herd.ts";
import { loadTopology } from "../../sim/live/herd/load.ts";
import { NatsServers } from "../../sim/live/hub/nats_servers.ts";
import { serve } from "./serve.ts";

const { clock } = denoPlatform;
const POSITION = "+34.068930-118.445127";
const CLIENTS = 10_000;
const HUB_SERVERS = 3;
const CONVERGED_MS = 120_000;
const AT_ONCE = 64;
/** In this time what was sent comes, or it never does. */
const SETTLED_MS = 3_000;
const TICK_MS = 5;

/** Of how long something took, in milliseconds. */
export interface Spread {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
}

/** What a herd does, and what its process takes. */
export interface Rate {
  readonly rate: number;
  readonly mib: number;
}

function spreadOf(took: number[]): Spread {
  took.sort((a, b) => a - b);
  const at = (part: number) =>
    took[Math.floor((took.length - 1) * part)] ?? NaN;
  return { count: took.length, p50: at(0.5), p99: at(0.99) };
}

/** Does something so often a second, whatever it takes. */
async function paced(
  perSecond: number,
  seconds: number,
  act: (at: number) => void,
): Promise<void> {
  const beganMs = clock.nowMs();
  const count = perSecond * seconds;
  for (let at = 0; at < count;) {
    const due = Math.min(count, (clock.nowMs() - beganMs) / 1_000 * perSecond);
    while (at < due) act(at++);
    await delay(clock, TICK_MS);
  }
}

/** From publication to reading, of the stream alone. */
async function ofStream(
  perSecond: number,
  seconds: number,
): Promise<Spread> {
  await using hub = await NatsServers.start(denoPlatform, HUB_SERVERS, []);
  const options = { ...hub.address(""), herd: [] };
  const { signal } = new AbortController();
  const [from, to] = [
    await openNats(options, "from", signal),
    await openNats(options, "to", signal),
  ];
  const sentMs: number[] = [];
  const took: number[] = [];
  const stored: Promise<unknown>[] = [];
  const reading = to.read(({ bytes }) => {
    const at = Number(new TextDecoder().decode(bytes).split(" ")[3]);
    took.push(clock.nowMs() - sentMs[at]!);
  });
  await paced(perSecond, seconds, (at) => {
    sentMs[at] = clock.nowMs();
    const line = `AT Ash +0.000000001 ${at} ${POSITION} 1700000000.5`;
    const subject = `fix.Ash.${at % CLIENTS}`;
    stored.push(
      from.publish(subject, new TextEncoder().encode(line), String(at)),
    );
  });
  await Promise.allSettled(stored);
  await delay(clock, SETTLED_MS);
  await Promise.all([from.close(), to.close(), reading]);
  return spreadOf(took);
}

/** From a server of one herd to the farthest of another one. */
async function ofHerds(perSecond: number, seconds: number): Promise<Spread> {
  await using herd = await twoHerds(true);
  const client = await herd.client("Birch");
  await paced(perSecond, seconds, (at) => {
    client.iamat(`c${at % CLIENTS}`, POSITION).catch(() => {});
  });
  await herd.converged({ withinMs: CONVERGED_MS });
  const heardMs = new Map<string, number>();
  const took: number[] = [];
  const events = [...herd.trace()];
  for (const event of events) {
    if (event.kind !== "delivery" || event.server !== "Birch") continue;
    if (event.from === null) heardMs.set(event.line, event.atMs);
  }
  for (const event of events) {
    if (event.kind !== "delivery" || event.server !== "Hazel") continue;
    const fromMs = heardMs.get(event.line);
    if (event.isNew && fromMs !== undefined) took.push(event.atMs - fromMs);
  }
  return spreadOf(took);
}

/** They have heard of each other. */
async function twoHerds(trace: boolean): Promise<Herd> {
  const hub = { servers: HUB_SERVERS };
  const herd = await Herd.start("two-herds", { hub, trace, places: "none" });
  await using client = await herd.client("Birch");
  const first = await client.iamat("first", POSITION);
  await herd.propagated(first, { withinMs: CONVERGED_MS });
  return herd;
}

/** After so many seconds apart, under load, until both hold the same. */
async function catchUp(perSecond: number, seconds: number): Promise<number> {
  await using herd = await twoHerds(false);
  const clients = [await herd.client("Birch"), await herd.client("Gum")];
  await herd.faults.hub.cut(["Fig"]);
  await paced(perSecond, seconds, (at) => {
    clients[at % 2]!.iamat(`c${at % CLIENTS}`, POSITION).catch(() => {});
  });
  await herd.heal("all");
  const healedMs = clock.nowMs();
  await herd.converged({ withinMs: CONVERGED_MS });
  return clock.nowMs() - healedMs;
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
  const [what = "", a = "", b = ""] = Deno.args;
  const [first, second] = [Number(a), Number(b)];
  await serve({
    measure: () => {
      switch (what) {
        case "stream":
          return ofStream(first, second);
        case "herds":
          return ofHerds(first, second);
        case "catch-up":
          return catchUp(first, second);
        default:
          return rateOf(what === "hub", first);
      }
    },
  });
}
