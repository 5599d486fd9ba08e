/**
 * The proxies on a herd's links, and how they are inserted: before the servers
 * start, or while they run.
 *
 * @module
 */
import type { Clock } from "../../../herd/net/platform.ts";
import { Deadline } from "../../../herd/net/timing.ts";
import type { TraceMemory } from "../../model/trace.ts";
import type { Topology, TopologyLink } from "../../model/topology/topology.ts";
import { proxiesHere } from "./proxies_here.ts";
import { ProxiesOnMachines } from "./proxies_on_machines.ts";
import { proxyThread } from "./proxy_thread.ts";
import type { RunningProxies } from "./proxies.ts";
import type { Supervisor } from "../servers/supervisor.ts";
import type { ServerStart, World } from "../../worlds/world.ts";

const HOSTNAME = "127.0.0.1";
/** How long a link may take to come up again through a new proxy. */
const RELINK_MS_MAX = 5_000;

/** A herd, as far as its proxies must know it. */
export interface ProxiedHerd {
  readonly clock: Clock;
  readonly topology: Topology;
  /** The seed of all random choices. */
  readonly seed: number;
  /** Whether it is recorded what faults do to lines. */
  readonly isTraced: boolean;
  /**
   * Where its servers, and so the proxies, run; by default proxies have a
   * thread of their own.
   */
  readonly world?: Pick<World, "host" | "machines">;
}

/** The proxies of a herd; none is started before it is needed. */
export class HerdProxies {
  readonly #herd: ProxiedHerd;
  readonly #standing = new Set<TopologyLink>();
  #running: RunningProxies | undefined;
  #supervisor: Supervisor | undefined;
  #inserting: Promise<void> = Promise.resolve();
  #isStopped = false;

  /** Starts without proxies. */
  constructor(herd: ProxiedHerd) {
    this.#herd = herd;
  }

  /** Whether it is recorded what faults do to lines. */
  get isTraced(): boolean {
    return this.#herd.isTraced;
  }

  /** The trace, also after the proxies have ended; see `readTrace`. */
  get trace(): TraceMemory | undefined {
    return this.#running?.trace;
  }

  /** How many links have proxies. */
  get count(): number {
    return this.#standing.size;
  }

  /** The servers' start options, changed so that each link has proxies. */
  async rewire(servers: readonly ServerStart[]): Promise<ServerStart[]> {
    const byName = new Map(servers.map((server) => [server.name, server]));
    const { links } = this.#herd.topology;
    const ports = await this.#open(links, (name) => byName.get(name)!);
    for (const link of links) this.#standing.add(link);
    return servers.map((server) => ({
      ...server,
      neighbours: server.neighbours.map((neighbour) => ({
        ...neighbour,
        hostname: HOSTNAME,
        port: ports.get(`${server.name}>${neighbour.name}`)!,
      })),
    }));
  }

  /** Sets the herd's supervisor, which starts later. */
  attach(supervisor: Supervisor): void {
    this.#supervisor = supervisor;
  }

  /**
   * Inserts proxies on those links that have none. A link that is up is dialled
   * again, once.
   *
   * @throws {Error} If a server at one of its ends is paused: it can't redial.
   */
  async insert(links: readonly TopologyLink[]): Promise<void> {
    // One after the other, or two faults might both insert one on the same
    // link.
    const before = this.#inserting;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#inserting = promise;
    await before;
    try {
      const missing = links.filter((link) => !this.#standing.has(link));
      if (missing.length > 0) await this.#insert(missing);
    } finally {
      resolve();
    }
  }

  async #insert(links: readonly TopologyLink[]): Promise<void> {
    const supervisor = this.#supervisor!;
    for (const name of links.flat()) {
      if (supervisor.child(name).state !== "paused") continue;
      throw new Error(
        `Cannot put a proxy on the links of ${name}: it is paused, and can't ` +
          "dial again; resume it first, or start the herd with link faults",
      );
    }
    const addressOf = (name: string) => supervisor.child(name).start;
    const ports = await this.#open(links, addressOf);
    const ends = links.flatMap(([a, b]) => [[a, b], [b, a]] as const);
    // Both ends get the new address before either hangs up, or one might dial
    // past the proxy.
    await Promise.all(ends.map(([name, peer]) => {
      const port = ports.get(`${name}>${peer}`)!;
      const neighbour = { name: peer, hostname: HOSTNAME, port };
      return supervisor.readdress(name, neighbour);
    }));
    for (const link of links) this.#standing.add(link);
    await Promise.all(ends.map(([name, peer]) => this.#redial(name, peer)));
  }

  async #redial(name: string, peer: string): Promise<void> {
    const supervisor = this.#supervisor!;
    if (!supervisor.child(name).isRunning) return;
    const wasUp = supervisor.child(name).linked.has(peer);
    const isRedialling = await supervisor.ask(name, {
      ask: "redial",
      peer,
      why: "reconnecting through a fault proxy",
    });
    if (!isRedialling || !wasUp) return;
    using late = new Deadline(this.#herd.clock, RELINK_MS_MAX);
    try {
      await supervisor.whenLinked(name, peer, late.signal);
    } catch (error) {
      if (!late.signal.aborted) throw error;
      throw new Error(
        `Cannot put a proxy on the link of ${name} and ${peer}: it did not ` +
          `come up again in ${RELINK_MS_MAX} ms; ${name} is not linked to ` +
          supervisor.whyUnlinked(name, peer),
      );
    }
  }

  /** The ports of new proxies, by the direction of the dials. */
  async #open(
    links: readonly TopologyLink[],
    addressOf: (name: string) => { hostname: string; port: number },
  ): Promise<Map<string, number>> {
    const proxies = links.flatMap(([a, b]) => [[a, b], [b, a]] as const)
      .map(([from, to]) => {
        const { hostname, port } = addressOf(to);
        return { from, to, target: { hostname, port } };
      });
    const ports = await this.ask<"open">({ ask: "open", proxies });
    return new Map(
      proxies.map(({ from, to }, i) => [`${from}>${to}`, ports[i]!]),
    );
  }

  /**
   * Sends the proxies a question or an order.
   *
   * @throws {Error} If they have ended, or can't carry it out.
   */
  readonly ask: RunningProxies["ask"] = async (question) =>
    await (this.#running ??= this.#run()).ask(question);

  #run(): RunningProxies {
    if (this.#isStopped) throw new Error("The herd of the links has stopped");
    const { clock, seed, isTraced, world = {} } = this.#herd;
    const { host, machines } = world;
    if (machines) return new ProxiesOnMachines(clock, machines, seed);
    return host
      ? proxiesHere(host, seed, isTraced)
      : proxyThread(clock, seed, isTraced);
  }

  stop(): void {
    this.#isStopped = true;
    this.#running?.stop();
  }
}
