/**
 * The world of servers on several hosts: that of processes, which an agent on
 * each host starts and ends, this project's or what the agents are told to bring.
 *
 * @module
 */
import { abortable } from "@std/async";
import type { Address, Clock, Timer } from "../../../herd/net/platform.ts";
import { every } from "../../../herd/net/timing.ts";
import type { Misbehaviour } from "../../model/faults/misbehaviour.ts";
import type { Machines } from "../machines.ts";
import { BroughtWorld, type WatchOptions } from "../processes/brought.ts";
import type { ProgramWatcher } from "../processes/guarded.ts";
import { OwnProcesses } from "../processes/own_processes.ts";
import type { ProgramStart, RunningProgram } from "../processes/programs.ts";
import type { Spawned } from "../spawned.ts";
import type { ServerStart } from "../world.ts";
import {
  type AgentsOptions,
  type Answered,
  askAgent,
  dialAgent,
} from "./agents.ts";
import type { JsonChannel } from "./json_channel.ts";
import { RemoteProcess } from "./remote_process.ts";
import { RemoteProgram } from "./remote_program.ts";
import {
  BEAT_MS,
  type Brings,
  type FromAgent,
  type Purpose,
  SILENCE_MS,
  type ToAgent,
} from "./wire.ts";

/** How long it may take until all has ended there. */
const RELEASE_MS = 2_000;
const RUN_BYTES = 16;

/** Which hosts, and how they are reached. */
export interface HostsOptions extends AgentsOptions {
  /**
   * Where the agents listen, one at least. A server is where its topology says, if
   * that host has one; the others are spread over them in order.
   */
  readonly agents: readonly Address[];
  /** Hears what servers that were brought are found to be like. */
  readonly watch?: Pick<WatchOptions, "onFound" | "onWarning">;
}

/** That agents run what can't be in one herd. */
export class UnlikeAgents extends Error {
  /** The class's name, as errors print it. */
  override readonly name = "UnlikeAgents";
}

/** That a host's agent has ended all of a run, or can't be told anything any more. */
export class LeaseLost extends Error {
  /** The class's name, as errors print it. */
  override readonly name = "LeaseLost";

  /** The error of the lease on the host of an agent. */
  constructor(address: Address, why: string) {
    super(`the lease on ${addressText(address)} is lost: ${why}`);
  }
}

/** Servers on several hosts. */
export class Hosts implements AsyncDisposable {
  /** With which a herd is started. */
  readonly world: OwnProcesses | BroughtWorld;
  /** By agent, what it brings in place of this project's servers. */
  readonly brought: ReadonlyMap<string, Brings>;
  /** Aborted by {@linkcode LeaseLost}: what comes of servers then is not theirs. */
  readonly lost: AbortSignal;
  readonly #leases: readonly Lease[];

  private constructor(leases: readonly Lease[], options: HostsOptions) {
    this.#leases = leases;
    this.lost = AbortSignal.any(leases.map(({ lost }) => lost));
    this.brought = broughtBy(leases);
    const placed = new Placed(leases, options);
    const [first] = this.brought.values();
    this.world = first === undefined
      ? new OwnProcesses({
        name: "servers on several hosts",
        machines: placed,
        start: (server) => placed.start(server),
        wipe: (server) => placed.wipe(server),
      })
      : BroughtWorld.by({
        machines: placed,
        start: (program, watcher) => placed.startProgram(program, watcher),
      }, {
        platform: options.platform,
        manifest: first.manifest,
        ...options.watch,
      });
  }

  /**
   * Leases all hosts.
   *
   * @param signal Gives it up; it then rejects with the signal's reason.
   * @throws {NoAgent} If one has none, or it can't be had.
   * @throws {UnlikeAgents} If they run what can't be in one herd.
   */
  static async open(
    options: HostsOptions,
    signal?: AbortSignal,
  ): Promise<Hosts> {
    const run = options.platform.randomBytes(RUN_BYTES).toHex();
    const failed = new AbortController();
    const given = AbortSignal.any([failed.signal, ...signal ? [signal] : []]);
    const tries = await Promise.allSettled(
      options.agents.map(async (address) => {
        try {
          return await Lease.take(address, run, options, given);
        } catch (error) {
          // Others may copy for long.
          failed.abort(error);
          throw error;
        }
      }),
    );
    const leases = tries.flatMap((it) =>
      it.status === "fulfilled" ? [it.value] : []
    );
    try {
      given.throwIfAborted();
      return new Hosts(leases, options);
    } catch (error) {
      for (const lease of leases) await lease[Symbol.asyncDispose]();
      signal?.throwIfAborted();
      throw error;
    }
  }

  /**
   * Has what stands in Google's place misbehave, on all hosts, for servers that
   * were brought; resolves to how many requests went wrong before.
   *
   * @throws {LeaseLost} If a host is lost.
   */
  async misbehave(mode: Misbehaviour): Promise<number> {
    const touched = await Promise.all(
      this.#leases.map((lease) => lease.misbehave(mode)),
    );
    return touched.reduce((sum, count) => sum + count, 0);
  }

  /** Ends all that runs there. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.world[Symbol.asyncDispose]();
    for (const lease of this.#leases) await lease[Symbol.asyncDispose]();
  }
}

/**
 * What agents bring, if they do.
 *
 * @throws {UnlikeAgents} If only some do, or they do not bring the same.
 */
function broughtBy(leases: readonly Lease[]): Map<string, Brings> {
  const brought = new Map<string, Brings>();
  for (const { address, brings } of leases) {
    if (brings) brought.set(addressText(address), brings);
  }
  const own = leases.find(({ brings }) => brings === undefined);
  const [first, ...others] = brought;
  if (first === undefined) return brought;
  const [host, { text, manifest }] = first;
  if (own !== undefined) {
    throw new UnlikeAgents(
      `${host} brings servers (${text}), and ${
        addressText(own.address)
      } runs ` +
        "this project's: give --bring to all agents, or to none",
    );
  }
  const manifestText = JSON.stringify(manifest);
  for (const [other, { manifest }] of others) {
    if (JSON.stringify(manifest) === manifestText) continue;
    throw new UnlikeAgents(
      `the herd.yaml of ${host} and that of ${other} describe other servers: ` +
        "all agents must have the same",
    );
  }
  return brought;
}

/** The address of an agent, in words. */
export function addressText({ hostname, port }: Address): string {
  return hostname.includes(":")
    ? `[${hostname}]:${port}`
    : `${hostname}:${port}`;
}

/** That all of a run on a host ends with us. */
class Lease implements AsyncDisposable {
  readonly address: Address;
  /** This machine's address, as that host sees it. */
  readonly here: string;
  readonly run: string;
  /** What it brings, if it does not run this project's servers. */
  readonly brings: Brings | undefined;
  readonly #channel: JsonChannel;
  readonly #clock: Clock;
  readonly #beats: Timer;
  readonly #lost = new AbortController();
  readonly #over: Promise<void>;
  #isReleased = false;
  /** Those who wait for how many requests went wrong, in order. */
  readonly #misbehaving: ((touched: number) => void)[] = [];
  /** Signs of life since the last one that was answered. */
  #unanswered = 0;

  private constructor(
    address: Address,
    run: string,
    { answer, channel, said }: Answered<"leased">,
    clock: Clock,
  ) {
    this.address = address;
    this.run = run;
    this.here = answer.workbench;
    this.brings = answer.brings;
    this.#channel = channel;
    this.#clock = clock;
    this.#beats = every(clock, BEAT_MS, () => this.#beat());
    this.#over = this.#watch(said);
  }

  static async take(
    address: Address,
    run: string,
    options: AgentsOptions,
    signal: AbortSignal,
  ): Promise<Lease> {
    const purpose = { kind: "lease", run } as const;
    const answered = await askAgent(
      address,
      purpose,
      "leased",
      options,
      signal,
    );
    return new Lease(address, run, answered, options.platform.clock);
  }

  /** Aborted when it is over before it was let go of. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  #lose(why: string): void {
    if (this.#isReleased) return;
    this.#lost.abort(new LeaseLost(this.address, why));
  }

  /** See {@linkcode Hosts.misbehave}. */
  misbehave(mode: Misbehaviour): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    this.#misbehaving.push(resolve);
    this.#channel.tell({ kind: "misbehave", mode } satisfies ToAgent);
    return abortable(promise, this.lost);
  }

  /**
   * A machine that hangs, or whose packets are dropped, ends no connection.
   * Beats are counted, not time: where nobody had a turn here, nobody was heard.
   */
  #beat(): void {
    if (this.#unanswered++ < SILENCE_MS / BEAT_MS) {
      return this.#channel.tell({ kind: "beat" } satisfies ToAgent);
    }
    this.#lose(
      `its agent gave no sign of life for ${SILENCE_MS / 1_000} s`,
    );
    this.#channel.close();
  }

  /** Resolves when it is over. */
  async #watch(said: AsyncIterable<object>): Promise<void> {
    for await (const message of said as AsyncIterable<FromAgent>) {
      // Its servers end next, and nobody is to wonder why.
      if (message.kind === "over" || message.kind === "refused") {
        this.#lose(message.why);
      } else if (message.kind === "beat") this.#unanswered = 0;
      else if (message.kind === "misbehaves") {
        this.#misbehaving.shift()?.(message.touched);
      }
    }
    this.#beats.cancel();
    this.#lose("the connection to its agent has ended");
    for (const resolve of this.#misbehaving) resolve(0);
  }

  /** The agent closes when all of it has ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#beats.cancel();
    this.#isReleased = true;
    this.#channel.tell({ kind: "release" } satisfies ToAgent);
    const late = this.#clock.after(RELEASE_MS, () => this.#channel.close());
    await this.#over;
    late.cancel();
    await this.#channel.end();
  }
}

/** Who is on which host. */
class Placed implements Machines {
  readonly here: string;
  readonly #leases: readonly Lease[];
  readonly #run: string;
  readonly #options: HostsOptions;
  readonly #places = new Map<string, Address>();

  constructor(leases: readonly Lease[], options: HostsOptions) {
    const [{ here, run }] = leases as [Lease];
    this.#leases = leases;
    this.here = here;
    this.#run = run;
    this.#options = options;
  }

  place(
    servers: readonly { readonly name: string; readonly host?: string }[],
  ): void {
    const addresses = this.#leases.map(({ address }) => address);
    for (const [at, { name, host }] of servers.entries()) {
      const own = addresses.find(({ hostname }) => hostname === host);
      this.#places.set(name, own ?? addresses[at % addresses.length]!);
    }
  }

  #of(server: string): Address {
    const address = this.#places.get(server);
    if (address !== undefined) return address;
    throw new RangeError(`${server} is on no host`);
  }

  hostOf(server: string): string {
    return this.#of(server).hostname;
  }

  machineOf(server: string): string {
    return addressText(this.#of(server));
  }

  start(server: ServerStart): Spawned {
    const address = this.#of(server.name);
    return this.#process(address, { kind: "server", run: this.#run, server });
  }

  startProgram(
    { here: { name, peers }, routes }: ProgramStart,
    watcher: ProgramWatcher,
  ): RunningProgram {
    const neighbours = peers.map(({ name, hostname, port }) => ({
      name,
      hostname,
      port,
    }));
    const { port } = routes;
    const told = { run: this.#run, name, port, peers: neighbours, routes };
    const address = this.#of(name);
    const spawned = this.#process(address, { kind: "program", ...told });
    return new RemoteProgram(spawned, watcher);
  }

  startProxies(machine: string): Spawned {
    const { address } = this.#leases.find((it) =>
      addressText(it.address) === machine
    )!;
    return this.#process(address, { kind: "proxies", run: this.#run });
  }

  #process(address: Address, purpose: Purpose): Spawned {
    const { platform: { clock } } = this.#options;
    const dialling = dialAgent(address, this.#options);
    return new RemoteProcess(clock, addressText(address), dialling, purpose);
  }

  async wipe(server: ServerStart): Promise<void> {
    const address = this.#of(server.name);
    const purpose = { kind: "wipe", run: this.#run, server } as const;
    const { channel } = await askAgent(
      address,
      purpose,
      "wiped",
      this.#options,
    );
    channel.close();
  }
}
