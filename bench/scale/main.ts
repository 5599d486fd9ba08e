/**
 * Many herds and one hub, in virtual time: what grows with their number, and
 * how. The figures are those of docs/scale.md: `deno task scale`.
 *
 * @module
 */
import { delay } from "../../herd/net/timing.ts";
import { Herd } from "../../sim/live/herd/herd.ts";
import type { TopologyLink } from "../../sim/model/topology/topology.ts";
import { VirtualHub } from "../../sim/worlds/virtual/virtual_hub.ts";

const SERVERS = 5;
/** Seconds of updates, one per second and herd. */
const LOAD_S = 3;
const SAMPLES = 12;
const WITHIN_MS = 120_000;
/** One herd in ten is cut off from the hub. */
const CUT_IN = 10;
const CUT_S = 10;
const LOOK_MS = 20;

/** A number of separate rings of five, each with a gateway. */
function manyHerds(count: number) {
  const names = Array.from(
    { length: count },
    (_, herd) => Array.from({ length: SERVERS }, (_, at) => `h${herd}-${at}`),
  );
  return {
    name: `${count} herds`,
    servers: names.flat().map((name) => ({ name, port: 0 })),
    links: names.flatMap((herd) =>
      herd.map((name, at): TopologyLink => [name, herd[(at + 1) % SERVERS]!])
    ),
    hub: { gateways: names.map(([first]) => first!) },
  };
}

class Scale {
  readonly #herd: Herd;
  readonly #hub: VirtualHub;
  readonly #count: number;
  #told = 0;

  constructor(herd: Herd, count: number) {
    const { hub } = herd.faults.hub;
    if (!(hub instanceof VirtualHub)) throw new TypeError("No virtual hub");
    this.#herd = herd;
    this.#hub = hub;
    this.#count = count;
  }

  get #nowMs(): number {
    return this.#herd.platform.clock.nowMs();
  }

  /** A client of a herd sends a fix to a server far from the gateway. */
  async #tell(herd: number) {
    await using client = await this.#herd.client(`h${herd}-2`);
    const position = "+34.068930-118.445127";
    return await client.iamat(`c${herd}`, position, String(++this.#told));
  }

  async load(seconds: number): Promise<void> {
    const { clock } = this.#herd.platform;
    const gapMs = 1_000 / this.#count;
    for (let at = 0; at < seconds * this.#count; at++) {
      await this.#tell(at % this.#count);
      await delay(clock, gapMs);
    }
    await this.#herd.converged({ withinMs: WITHIN_MS });
  }

  /** Milliseconds until all servers of all herds have an update. */
  async propagation(): Promise<number[]> {
    const took: number[] = [];
    for (let at = 0; at < SAMPLES; at++) {
      const beganMs = this.#nowMs;
      const fix = await this.#tell((at * 7) % this.#count);
      await this.#herd.propagated(fix, { withinMs: WITHIN_MS });
      took.push(this.#nowMs - beganMs);
    }
    return took.sort((a, b) => a - b);
  }

  /** Milliseconds from a healed cut until all hold the same. */
  async catchUp(): Promise<number> {
    const gateways = Array.from(
      { length: Math.ceil(this.#count / CUT_IN) },
      (_, at) => `h${at}-0`,
    );
    await this.#herd.faults.hub.cut(gateways);
    const { clock } = this.#herd.platform;
    for (let herd = 0; herd < this.#count; herd++) {
      await this.#tell(herd);
      await delay(clock, CUT_S * 1_000 / this.#count);
    }
    await this.#herd.heal("all");
    const healedMs = this.#nowMs;
    await this.#herd.converged({ withinMs: WITHIN_MS });
    return this.#nowMs - healedMs;
  }

  /**
   * The hub loses everything: how long until it has all again, and the cost.
   */
  async amnesia() {
    const { subjects } = this.#hub;
    await this.#herd.faults.hub.down("hub_wipe", ["all"]);
    await this.#herd.heal("all");
    const beganMs = this.#nowMs;
    const before = { ...this.#hub.traffic };
    while (this.#hub.subjects < subjects) {
      await delay(this.#herd.platform.clock, LOOK_MS);
    }
    const tookMs = this.#nowMs - beganMs;
    await delay(this.#herd.platform.clock, CUT_S * 1_000);
    const { published, delivered } = this.#hub.traffic;
    return {
      tookMs,
      published: published - before.published,
      delivered: delivered - before.delivered,
    };
  }

  traffic() {
    return { ...this.#hub.traffic };
  }
}

function whole(number: number): string {
  return number.toFixed(0);
}

async function measure(count: number): Promise<void> {
  const beganMs = performance.now();
  await using herd = await Herd.start(manyHerds(count), {
    world: "virtual",
    hub: { servers: 3 },
    places: "none",
    seed: 1,
    readyMs: 600_000,
  });
  const scale = new Scale(herd, count);
  await scale.load(1);
  const before = scale.traffic();
  await scale.load(LOAD_S);
  const { published, delivered } = scale.traffic();
  const updates = LOAD_S * count;
  const took = await scale.propagation();
  const catchUpMs = await scale.catchUp();
  const lost = await scale.amnesia();
  const { rss } = Deno.memoryUsage();
  console.log([
    count,
    whole(took[took.length >> 1]!),
    whole(took.at(-1)!),
    ((published - before.published) / updates).toFixed(2),
    ((delivered - before.delivered) / updates).toFixed(0),
    whole(catchUpMs),
    whole(lost.tookMs),
    lost.published,
    lost.delivered,
    whole(rss / 2 ** 20),
    whole((performance.now() - beganMs) / 1_000),
  ].join(" | "));
}

const counts = Deno.args.map(Number);
if (!counts.every((count) => Number.isInteger(count) && count > 0)) {
  console.error("Usage: deno task scale [HERDS]...  (default 10 50 200)");
  Deno.exit(2);
}
console.log([
  "herds",
  "propagation p50 ms",
  "max ms",
  "publications an update",
  "deliveries an update",
  "catch-up ms",
  "amnesia ms",
  "published again",
  "delivered again",
  "MiB",
  "took s",
].join(" | "));
for (const count of counts.length > 0 ? counts : [10, 50, 200]) {
  await measure(count);
}
