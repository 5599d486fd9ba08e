/**
 * A hub of three NATS servers and what it joins, each on a machine of its own:
 * network namespaces, which are gone when it is disposed of.
 *
 * @module
 */
import { denoPlatform } from "../../herd/net/deno_platform.ts";
import { delay } from "../../herd/net/timing.ts";
import { hubClient } from "../../sim/live/hub/hub_client.ts";
import { nearestRank } from "../../sim/model/nearest_rank.ts";
import type { Came, Standing } from "./hub_herd.ts";
import { type Machine, Machines } from "./machines.ts";
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
export interface Spread {
  readonly count: number;
  /** How many never came. */
  readonly missing: number;
  readonly p50: number;
  readonly p99: number;
}

function spreadOf(took: number[], sent: number): Spread {
  took.sort((a, b) => a - b);
  const at = (percent: number) =>
    took.length === 0 ? NaN : nearestRank(took, percent);
  const missing = sent - took.length;
  return { count: took.length, missing, p50: at(50), p99: at(99) };
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
    this.#urls = this.#hub.map(({ address }) =>
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
    const machines = processes.own(new Machines([...HUB, ...SIDES]));
    owned.defer(() => processes.end(machines));
    const hosts = new HubHosts(
      processes,
      machines,
      new AsyncDisposableStack(),
    );
    for (const machine of hosts.#hub) hosts.#serve(machine, folder, owned);
    hosts.#owned.use(owned.move());
    return hosts;
  }

  get #hub(): readonly Machine[] {
    return this.#machines.all.slice(0, HUB.length);
  }

  #serve(
    machine: Machine,
    folder: string,
    owned: AsyncDisposableStack,
  ): void {
    const { host } = machine;
    const routes = this.#hub.map(({ address }) =>
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
    owned.use(machine.start("nats-server", ["--config", file]));
  }

  /** A module in a process of the north or of the south. */
  #module(side: 0 | 1, file: string, args: readonly unknown[]): Program {
    const machine = this.#machines.all[HUB.length + side]!;
    const hub = this.#hub.map(({ address }) => address).join(",");
    return this.#processes.module(
      file,
      args.map(String),
      [`--allow-net=${hub}`, "--allow-run=getconf,sh,deno", "--allow-write"],
      ["ip", "netns", "exec", machine.namespace],
    );
  }

  /** From publication in the north to reading in the south, without herds. */
  async ofStream(perSecond: number, seconds: number): Promise<Spread> {
    const args = [this.#urls, perSecond, seconds];
    await using from = this.#module(0, "hub_stream_end.ts", args);
    await using to = this.#module(1, "hub_stream_end.ts", args);
    await from.ask("open");
    await to.ask("open");
    await to.ask("read");
    const sentMs = await from.ask<number[]>("publish");
    await delay(clock, SETTLED_MS);
    const cameMs = await to.ask<(number | null)[]>("came");
    const took = sentMs.flatMap((atMs, at) => {
      const came = cameMs[at] ?? undefined;
      return came === undefined ? [] : [came - atMs];
    });
    return spreadOf(took, sentMs.length);
  }

  /** From a server of the north to the farthest of the south. */
  async ofHerds(perSecond: number, seconds: number): Promise<Spread> {
    const [north, south] = this.#herds("trace", perSecond, seconds);
    await using _north = north;
    await using _south = south;
    await this.#start(north, south);
    await north.ask("load");
    await this.#untilSame(north, south);
    const heard = await north.ask<Came[]>("heard");
    const came = new Map(await south.ask<Came[]>("came"));
    const took = heard.flatMap(([line, atMs]) => {
      const cameMs = came.get(line);
      return cameMs === undefined ? [] : [cameMs - atMs];
    });
    return spreadOf(took, heard.length);
  }

  /**
   * Both are told things, and the south's cable is out; then it is put in.
   *
   * @returns After how many milliseconds both hold the same.
   */
  async catchUp(perSecond: number, seconds: number): Promise<number> {
    const [north, south] = this.#herds("", perSecond / 2, seconds);
    await using _north = north;
    await using _south = south;
    await this.#start(north, south);
    const machine = this.#machines.all[HUB.length + 1]!;
    machine.plug(false);
    await Promise.all([north.ask("load"), south.ask("load")]);
    machine.plug(true);
    const healedMs = clock.nowMs();
    await this.#untilSame(north, south);
    return clock.nowMs() - healedMs;
  }

  #herds(...args: (string | number)[]): [Program, Program] {
    const herd = (side: 0 | 1) =>
      this.#module(side, "hub_herd.ts", [side, this.#urls, ...args]);
    return [herd(0), herd(1)];
  }

  async #start(north: Program, south: Program): Promise<void> {
    await Promise.all([north.ask("start"), south.ask("start")]);
    await north.ask("first");
    await this.#untilSame(north, south);
  }

  async #untilSame(...herds: readonly Program[]): Promise<void> {
    const endMs = clock.nowMs() + SAME_MS;
    for (;;) {
      const all = await Promise.all(
        herds.map((it) => it.ask<Standing>("standing")),
      );
      const [first] = all;
      const isSame = first!.count > 0 && first!.digest !== null &&
        all.every(({ digest }) => digest === first!.digest);
      if (isSame) return;
      if (clock.nowMs() > endMs) {
        throw new Error(`Two herds differ: ${JSON.stringify(all)}`);
      }
      await delay(clock, LOOK_MS);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned.disposeAsync();
  }
}
