/**
 * A hub of three NATS servers and what it joins, each on a machine of its own:
 * network namespaces, which are gone when it is disposed of.
 *
 * @module
 */
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { delay } from "../../herd/net/timing.ts";
import { hubClient } from "../../sim/live/hub/hub_client.ts";
import { type Latency, latencyOf } from "../../sim/model/checks/latency.ts";
import type { Came, Standing } from "./hub_herd.ts";
import { inTime } from "./in_time.ts";
import { Machine, Machines } from "./machines.ts";
import type { Processes, Program } from "./processes.ts";

const { clock } = denoPlatform;
const HUB = ["hub-1", "hub-2", "hub-3"];
const SIDES = ["north", "south"];
const CLIENT_PORT = 4_222;
const CLUSTER_PORT = 6_222;
const LOOK_MS = 20;
/** In this time what was sent comes, or it never does. */
const SETTLED_MS = 3_000;
const SAME_MS = 180_000;

/** Of how long something took, in milliseconds. */
export interface Spread extends Partial<Latency> {
  readonly count: number;
  /** How many never came. */
  readonly missing: number;
}

/** @param cameMs When each came that was sent, if it did. */
function spreadOf(
  sentMs: readonly number[],
  cameMs: (at: number) => number | null | undefined,
): Spread {
  const took = sentMs.flatMap((atMs, at) => {
    const came = cameMs(at);
    return typeof came === "number" ? [came - atMs] : [];
  });
  const missing = sentMs.length - took.length;
  return { count: 0, ...latencyOf(took), missing };
}

function hubOf({ all }: Machines): readonly Machine[] {
  return all.slice(0, HUB.length);
}

/** Writes the configuration of a server of the hub into a folder; its path. */
function hubConfig(host: string, machines: Machines, folder: string): string {
  const routes = hubOf(machines).map(({ address }) =>
    `nats://${address}:${CLUSTER_PORT}`
  );
  const file = `${folder}/${host}.conf`;
  Deno.writeTextFileSync(
    file,
    [
      `server_name: ${host}`,
      `listen: "0.0.0.0:${CLIENT_PORT}"`,
      `jetstream { store_dir: "${folder}/${host}" }`,
      `cluster { name: herd, listen: "0.0.0.0:${CLUSTER_PORT}", ` +
      `no_advertise: true, routes: [${routes.join(", ")}] }`,
    ].join("\n"),
  );
  return file;
}

/** The machines, with the hub on three of them. */
export class HubHosts implements AsyncDisposable {
  readonly #processes: Processes;
  readonly #machines: Machines;
  readonly #owned: AsyncDisposableStack;
  readonly #urls: string;

  private constructor(
    processes: Processes,
    machines: Machines,
    owned: AsyncDisposableStack,
  ) {
    this.#processes = processes;
    this.#machines = machines;
    this.#owned = owned;
    this.#urls = hubOf(machines).map(({ address }) =>
      `nats://${address}:${CLIENT_PORT}`
    ).join(",");
  }

  /**
   * Makes them.
   *
   * @throws {Error} If that can't be done.
   */
  static async open(processes: Processes): Promise<HubHosts> {
    // Machines that are namespaces reach no registry.
    await hubClient();
    await using owned = new AsyncDisposableStack();
    const folder = await Deno.makeTempDir({ prefix: "herd-bench-" });
    owned.defer(() => Deno.remove(folder, { recursive: true }));
    const machines = processes.own(new Machines([...HUB, ...SIDES], Machine));
    owned.defer(() => processes.end(machines));
    for (const { namespace, host } of hubOf(machines)) {
      const config = hubConfig(host, machines, folder);
      const server = ["nats-server", "--config", config];
      owned.use(
        processes.daemon("ip", ["netns", "exec", namespace, ...server]),
      );
    }
    return new HubHosts(processes, machines, owned.move());
  }

  /** A module in a process of the north or of the south. */
  #module(side: 0 | 1, file: string, args: readonly unknown[]): Program {
    const machine = this.#machines.all[HUB.length + side]!;
    const hub = hubOf(this.#machines).map(({ address }) => address).join(",");
    return this.#processes.module(
      file,
      args,
      [`--allow-net=${hub}`, "--allow-run=getconf,sh,deno", "--allow-write"],
      ["ip", "netns", "exec", machine.namespace],
    );
  }

  /** From publication in the north to reading in the south, without herds. */
  async ofStream(perSecond: number, seconds: number): Promise<Spread> {
    const args = [this.#urls, perSecond, seconds];
    await using from = this.#module(0, "hub_stream_end.ts", args);
    await using to = this.#module(1, "hub_stream_end.ts", args);
    await from.answer("open");
    await to.answer("open");
    await to.answer("read");
    const sentMs = await from.answer<number[]>("publish");
    await delay(clock, SETTLED_MS);
    const cameMs = await to.answer<(number | null)[]>("came");
    return spreadOf(sentMs, (at) => cameMs[at]);
  }

  /** From a server of the north to the farthest of the south. */
  async ofHerds(perSecond: number, seconds: number): Promise<Spread> {
    const [north, south] = this.#herds(true, perSecond, seconds);
    await using _north = north;
    await using _south = south;
    await this.#start(north, south);
    await north.answer("load");
    await this.#untilSame(north, south);
    const heard = await north.answer<Came[]>("heard");
    const came = new Map(await south.answer<Came[]>("came"));
    return spreadOf(
      heard.map(([, atMs]) => atMs),
      (at) => came.get(heard[at]![0]),
    );
  }

  /**
   * Both are told things, and the south's cable is out; then it is put in.
   *
   * @returns After how many milliseconds both hold the same.
   */
  async catchUp(perSecond: number, seconds: number): Promise<number> {
    const [north, south] = this.#herds(false, perSecond / 2, seconds);
    await using _north = north;
    await using _south = south;
    await this.#start(north, south);
    const machine = this.#machines.all[HUB.length + 1]!;
    machine.plug(false);
    await Promise.all([north.answer("load"), south.answer("load")]);
    machine.plug(true);
    const healedMs = clock.nowMs();
    await this.#untilSame(north, south);
    return clock.nowMs() - healedMs;
  }

  #herds(...args: [boolean, number, number]): [Program, Program] {
    const herd = (side: 0 | 1) =>
      this.#module(side, "hub_herd.ts", [side, this.#urls, ...args]);
    return [herd(0), herd(1)];
  }

  async #start(north: Program, south: Program): Promise<void> {
    await Promise.all([north.answer("start"), south.answer("start")]);
    await north.answer("first");
    await this.#untilSame(north, south);
  }

  async #untilSame(...herds: readonly Program[]): Promise<void> {
    let all: Standing[] = [];
    const areSame = async () => {
      all = await Promise.all(
        herds.map((it) => it.answer<Standing>("standing")),
      );
      const { count, digest } = all[0]!;
      return count > 0 && digest !== null &&
        all.every((it) => it.digest === digest);
    };
    if (await inTime(areSame, SAME_MS, LOOK_MS)) return;
    throw new Error(`Two herds differ: ${JSON.stringify(all)}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned.disposeAsync();
  }
}
