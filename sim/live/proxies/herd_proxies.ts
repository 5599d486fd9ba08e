/**
 * Which links of a herd have proxies standing on them, and how these get there:
 * before the servers start, or while they run.
 *
 * @module
 */
import type { Clock } from "../../../herd/net/platform.ts";
import { Deadline } from "../../../herd/net/timing.ts";
import type { TraceMemory } from "../../model/trace.ts";
import type { Topology, TopologyLink } from "../../model/topology/topology.ts";
import { ProxiesHere } from "./proxies_here.ts";
import { ProxiesOnMachines } from "./proxies_on_machines.ts";
import { ProxyThread } from "./proxy_thread.ts";
import type { ProxyAnswers, ProxyQuestion } from "./proxies.ts";
import type { Supervisor } from "../servers/supervisor.ts";
import type { ServerStart, World } from "../../worlds/world.ts";

const HOSTNAME = "127.0.0.1";
/** How long a link may take to come up again, once a proxy stands on it. */
const RELINK_MS_MAX = 5_000;

/** Whatever they run on. */
type RunningProxies = ProxyThread | ProxiesHere | ProxiesOnMachines;

/** The proxies of a herd; there is none until one is needed. */
export class HerdProxies {
  readonly #clock: Clock;
  readonly #topology: Topology;
  readonly #seed: number;
  /** Whether what they make of lines is recorded. */
  readonly isTraced: boolean;
  readonly #standing = new Set<TopologyLink>();
  readonly #world: Pick<World, "host" | "machines">;
  #running: RunningProxies | undefined;
  #supervisor: Supervisor | undefined;
  #inserting: Promise<void> = Promise.resolve();

  /**
   * No proxies; what faults hit by chance follows from the seed. What they make
   * of lines is recorded where `isTraced`.
   *
   * @param world By which they run where its servers do; in a thread of their
   * own by default.
   */
  constructor(
    clock: Clock,
    topology: Topology,
    seed: number,
    isTraced: boolean,
    world: Pick<World, "host" | "machines"> = {},
  ) {
    this.#world = world;
    this.#clock = clock;
    this.#topology = topology;
    this.#seed = seed;
    this.isTraced = isTraced;
  }

  /** What was recorded, dead or alive; see `readTrace`. */
  get trace(): TraceMemory | undefined {
    return this.#running?.trace;
  }

  /** How many links have them. */
  get count(): number {
    return this.#standing.size;
  }

  /** The servers, as they are to be started with a proxy on every link. */
  async rewire(servers: readonly ServerStart[]): Promise<ServerStart[]> {
    const byName = new Map(servers.map((server) => [server.name, server]));
    const { links } = this.#topology;
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

  /** Takes the supervisor of the herd, once there is one. */
  attach(supervisor: Supervisor): void {
    this.#supervisor = supervisor;
  }

  /**
   * Puts proxies on those of the links that have none. A link that is up is
   * dialled again, once.
   *
   * @throws {Error} If a server at one of its ends is paused: it can't redial.
   */
  async insert(links: readonly TopologyLink[]): Promise<void> {
    // One after the other, or two faults might both put one on the same link.
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
    // Both ends are told before either hangs up, or one might dial past it.
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
    using late = new Deadline(this.#clock, RELINK_MS_MAX);
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
   * Asks the proxies, or has them do something.
   *
   * @throws {Error} If they have ended, or can't.
   */
  async ask<K extends ProxyQuestion["ask"]>(
    question: Extract<ProxyQuestion, { readonly ask: K }>,
  ): Promise<ProxyAnswers[K]> {
    return await (this.#running ??= this.#run()).ask<K>(question);
  }

  #run(): RunningProxies {
    const { host, machines } = this.#world;
    if (machines) {
      return new ProxiesOnMachines(this.#clock, machines, this.#seed);
    }
    return host
      ? new ProxiesHere(host, this.#seed, this.isTraced)
      : new ProxyThread(this.#clock, this.#seed, this.isTraced);
  }

  /** Ends them all. */
  stop(): void {
    this.#running?.stop();
  }
}
