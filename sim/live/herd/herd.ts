/**
 * The API of a herd for tests and programs: start it, talk to its servers,
 * cause faults, and assert where fixes are.
 *
 * @module
 */
import type { DisseminationMode } from "../../../herd/core/dissemination/dissemination.ts";
import type { AtReply, Client } from "../../../herd/net/client.ts";
import { type Platform, randomPart } from "../../../herd/net/platform.ts";
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import { type Listening, listeningOf } from "../servers/ports.ts";
import { checkedMs } from "../../model/duration.ts";
import type { Keeping } from "../../model/durability.ts";
import { EventHub, type Listener } from "../../model/event_hub.ts";
import type { HerdEvent, HerdIncident } from "../../model/events.ts";
import { checkedSeed, SEED_MAX } from "../../model/random.ts";
import type { ServerExpectation } from "../../model/server_expectation.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { answersOf, assertAnswersAlike, recordsOf } from "./answers.ts";
import type {
  AbsentOptions,
  AssertOptions,
  HeldOptions,
} from "./assert_options.ts";
import { type ClientOptions, HerdClients } from "./clients.ts";
import { assertConverged } from "./convergence.ts";
import { FaultController } from "../faults/fault_controller.ts";
import { HerdFaults } from "./herd_faults.ts";
import { LineFeed } from "./line_feed.ts";
import { loadTopology } from "./load.ts";
import { inFolder, type LogFolder, openLogFolder } from "./log_folder.ts";
import { servePlaces } from "../places/source.ts";
import { howOf } from "./plan.ts";
import {
  assertAbsent,
  assertHeld,
  assertPropagated,
  type FixOrLine,
} from "./propagation.ts";
import { assertServers } from "./assert_servers.ts";
import { startServers } from "./start_servers.ts";
import type { HerdOptions } from "./start_options.ts";
import { tellFailed } from "./tell_failed.ts";
import { readTraces } from "./traces.ts";
import type { ServerStatus } from "../servers/status.ts";
import type { Supervisor } from "../servers/supervisor.ts";
import type { HostedStats, TimedDigest } from "../../worlds/questions.ts";
import type { World } from "../../worlds/world.ts";
import { assertSeen } from "./unseen.ts";
import { openWorld } from "./worlds.ts";

/** Long enough for a busy machine; what holds is told as soon as it does. */
const WITHIN_MS = 10_000;

/** A running herd. */
export class Herd extends HerdFaults implements AsyncDisposable {
  /** The machine that its faults and clients run on. */
  readonly platform: Platform;
  /** Its servers and links. */
  readonly topology: Topology;
  /** Its servers' names, in the topology's order. */
  readonly names: readonly string[];
  /** How updates are disseminated. */
  readonly mode: DisseminationMode;
  /** What acknowledged fixes outlast. */
  readonly keeping: Keeping;
  readonly #supervisor: Supervisor;
  readonly #owned: AsyncDisposableStack;
  readonly #logs: LogFolder | undefined;
  readonly #clients: HerdClients;
  readonly #events: EventHub<HerdEvent>;
  readonly #lines: LineFeed;
  #stopped: Promise<void> | undefined;

  private constructor(
    topology: Topology,
    { mode, keeping }: Pick<Herd, "mode" | "keeping">,
    supervisor: Supervisor,
    faults: FaultController,
    logs: LogFolder | undefined,
    events: EventHub<HerdEvent>,
    owned: AsyncDisposableStack,
  ) {
    super(faults);
    this.#events = events;
    this.#logs = logs;
    this.topology = topology;
    this.mode = mode;
    this.keeping = keeping;
    this.names = topology.servers.map(({ name }) => name);
    this.#supervisor = supervisor;
    this.#clients = new HerdClients(supervisor);
    this.platform = supervisor.platform;
    this.#owned = owned;
    const { proxies } = faults;
    const lines = new EventHub<HerdEvent>(tellFailed);
    this.#lines = new LineFeed({ supervisor, events, proxies }, lines);
  }

  /**
   * Starts a herd: a year of the assignment ("2014"), a generated one
   * ("ring:8"), a file, or a topology. Resolves when all servers listen and all
   * links are up.
   *
   * @throws {PortInUse} If a port that was asked for is taken.
   * @throws {InvalidFile} If the topology's file is invalid.
   * @throws {RangeError} If a number of a generated one or of an option is wrong.
   * @throws {Error} If a server does not start, or is not ready in time.
   */
  static async start(
    topology: string | Topology,
    options: HerdOptions = {},
  ): Promise<Herd> {
    const graph = typeof topology === "string"
      ? loadTopology(topology)
      : topology;
    const { trace = false, log, platform: given = denoPlatform } = options;
    const drawn = Math.floor(randomPart(given) * SEED_MAX);
    const seed = checkedSeed(options.seed ?? drawn);
    await using owned = new AsyncDisposableStack();
    const world = openWorld(options.world ?? "threads", seed, owned);
    const { host } = world;
    const platform = options.platform ?? host?.platform ?? denoPlatform;
    const events = new EventHub<HerdEvent>(tellFailed);
    if (options.onEvent) events.subscribe(options.onEvent);
    const report = (incident: HerdIncident, atMs = platform.clock.nowMs()) =>
      events.tell({ atMs, ...incident });
    const logs = log && await openLogFolder(given.clock, log.directory);
    owned.defer(() => logs?.close());
    if (logs) log?.onFolder?.(logs.path);
    const places = await servePlaces(
      platform,
      options.places ?? "on-demand",
      (base) => report({ kind: "places-ready", base }),
      world,
      trace,
    );
    owned.defer(() => places.stop());
    const { clock } = platform;
    const about = { clock, topology: graph, seed, isTraced: trace, world };
    const faults = new FaultController(about, report);
    owned.defer(() => faults.proxies.stop());
    const placed = { ...options, platform, world };
    const supervisor = await startServers({
      graph,
      options: logs ? inFolder(placed, logs) : placed,
      places,
      owned,
      faults,
      report,
    });
    const parts = [supervisor, faults, logs, events, owned.move()] as const;
    return new Herd(graph, howOf(graph, options, world), ...parts);
  }

  /**
   * The address at which a server listens.
   *
   * @throws {RangeError} If there is no such server.
   */
  address(server: string): { hostname: string; port: number } {
    const { hostname, port } = this.#supervisor.child(server).start;
    return { hostname, port };
  }

  /** All that listens for the herd: servers, and the proxies on their links. */
  listening(): Listening[] {
    return listeningOf(
      this.names.map((name) => this.#supervisor.child(name).start),
      this.world.machines === undefined,
    );
  }

  /** The folder of this run's logs, if there are any. */
  get logDirectory(): string | undefined {
    return this.#logs?.path;
  }

  /** What runs its servers, and what can be observed of them. */
  get world(): World {
    return this.#supervisor.world;
  }

  /** The mode; `undefined` for servers that decide by themselves. */
  get knownMode(): DisseminationMode | undefined {
    return this.world.takesOrders ? this.mode : undefined;
  }

  /**
   * Calls a listener with each event from now on, until the result is disposed
   * of. A listener that throws affects neither the herd nor other listeners.
   *
   * With `lines` it gets the lines between servers instead, some moments after
   * they passed. Servers record them only while somebody listens.
   *
   * @throws {Unseen} If it asks for lines, and these can't be observed.
   */
  subscribe(
    listener: Listener<HerdEvent>,
    { lines = false }: { readonly lines?: boolean } = {},
  ): Disposable {
    if (lines) assertSeen(this.world, ["deliveries"], "lines between servers");
    return (lines ? this.#lines : this.#events).subscribe(listener);
  }

  /** The status of each server. */
  status(): ServerStatus[] {
    return this.#supervisor.status();
  }

  /**
   * The servers that were told to end but still hold their ports. A process
   * with one does not end by itself: it needs `Deno.exit()`.
   */
  wedged(): string[] {
    return this.#supervisor.wedged();
  }

  /**
   * Connects a client to a server. It is closed with the herd at the latest.
   * @throws {Deno.errors.ConnectionRefused} If the server does not listen.
   * @throws {RangeError} If it was started without that way in.
   */
  async client(server: string, options: ClientOptions = {}): Promise<Client> {
    return await this.#clients.connect(server, options);
  }

  /** Calls a listener with the milliseconds that each reply to a client took. */
  onReply(listener: Listener<number>): Disposable {
    return this.#clients.subscribe(listener);
  }

  /**
   * Starts a server that is stopped or crashed, on its old port and with no
   * records but those on its disk. Resolves when it listens and has a link to
   * every neighbour that is up; they bring it up to date at once.
   *
   * @throws {WrongState} If it runs.
   */
  async revive(server: string): Promise<void> {
    await this.#supervisor.revive(server);
  }

  /**
   * Resumes a paused server. Resolves when it answers.
   *
   * @throws {WrongState} If it is not paused.
   */
  async resume(server: string): Promise<void> {
    await this.#supervisor.resume(server);
  }

  /**
   * Waits until servers hold this fix, or a newer one of the same client. A
   * server that is killed and revived in the meantime is waited for.
   *
   * @throws {AssertionError} If they do not within `withinMs` (10,000); it names
   * those that lack it, and what they hold instead.
   * @throws {Undecided} If servers can't tell, such as those too slow to answer.
   */
  async propagated(fix: FixOrLine, options: AssertOptions = {}): Promise<void> {
    const { withinMs = WITHIN_MS } = options;
    checkedMs(withinMs, "withinMs");
    const servers = this.#named(options.on);
    await assertPropagated(this.#supervisor, fix, servers, withinMs);
  }

  /**
   * Checks once whether servers hold this fix, or a newer one of the same
   * client unless `isExact`.
   *
   * @throws {AssertionError} If they do not; it names those that lack it, and
   * what they hold instead.
   */
  async held(fix: FixOrLine, options: HeldOptions = {}): Promise<void> {
    const { isExact = false } = options;
    const servers = this.#named(options.on);
    await assertHeld(this.#supervisor, fix, servers, isExact);
  }

  /**
   * Watches that servers do not get this fix, nor a newer one of its client.
   *
   * @throws {AssertionError} As soon as one gets it; it says which, and when.
   * @throws {Undecided} If servers can't tell, such as one that is paused.
   */
  async absent(fix: FixOrLine, options: AbsentOptions): Promise<void> {
    const servers = this.#named(options.on);
    checkedMs(options.forMs, "forMs");
    await assertAbsent(this.#supervisor, fix, servers, options.forMs);
  }

  /**
   * Waits until servers hold equal records and have nothing queued for a
   * neighbour; in mode `ondemand`, until they answer alike for a sample of the
   * clients.
   *
   * @throws {AssertionError} If they do not within `withinMs` (10,000); it says
   * which differ, and how many records each holds.
   * @throws {Undecided} If servers can't tell, such as those too slow to answer.
   */
  async converged(options: AssertOptions = {}): Promise<void> {
    const { withinMs = WITHIN_MS } = options;
    checkedMs(withinMs, "withinMs");
    const servers = this.#named(options.on);
    const assertion = this.mode === "ondemand"
      ? assertAnswersAlike
      : assertConverged;
    await assertion(this.#supervisor, servers, withinMs);
  }

  /**
   * Waits until servers stand with their supervisor as wanted: in a state,
   * restarted so many times, put off at least so long, given up. Each must have
   * been so in one moment.
   *
   * @example A server that crashes comes back
   * ```ts
   * import { Herd } from "../../../mod.ts";
   *
   * await using herd = await Herd.start("line:2");
   * await herd.crash("s1");
   * await herd.serversAre({ state: "up", restarts: 1 }, { on: ["s1"] });
   * ```
   * @throws {AssertionError} If they do not within `withinMs` (10,000); it names
   * who does not, and how they stand.
   */
  async serversAre(
    wanted: ServerExpectation,
    options: AssertOptions = {},
  ): Promise<void> {
    const { on = "all", withinMs = WITHIN_MS } = options;
    checkedMs(withinMs, "withinMs");
    const servers = on === "all" ? this.names : this.#named(on);
    await assertServers(this.#supervisor, servers, wanted, withinMs);
  }

  #named(on: "all" | readonly string[] = "all"): readonly string[] {
    if (on === "all") return this.#supervisor.running();
    return on.map((name) => this.#supervisor.child(name).name);
  }

  /** The fixes a server holds, in no particular order. */
  async records(server: string): Promise<AtReply[]> {
    return await recordsOf(this.#supervisor, server);
  }

  /**
   * The fixes with which servers answer, in no particular order: those that
   * they hold; in mode `ondemand` those that they find, for a sample of the
   * clients. A server that does not answer is left out.
   */
  async answers(servers: readonly string[]): Promise<Map<string, AtReply[]>> {
    return await answersOf(this.#supervisor, servers, this.mode);
  }

  /**
   * What servers recorded: each fix that one received or wrote to a link, each
   * line that a fault acted on, and their own events. The order of servers is
   * arbitrary. Empty unless it was started with `trace`, and deliveries can be
   * observed.
   */
  trace(): IterableIterator<HerdEvent> {
    return readTraces(this.#supervisor, this.faults.proxies.trace);
  }

  /** A summary of a server's records; equal records have equal summaries. */
  async digest(server: string): Promise<TimedDigest> {
    return await this.#supervisor.ask(server, { ask: "digest" });
  }

  /** A server's counters since its start. */
  async stats(server: string): Promise<HostedStats> {
    assertSeen(this.world, ["memory"], "what a server has counted");
    return await this.#supervisor.ask(server, { ask: "stats" });
  }

  /**
   * Stops everything in good order within 2 s (a hundred servers within 4 s),
   * and leaves nothing behind. May be called again.
   */
  stop(): Promise<void> {
    return this.#stopped ??= this.#stop();
  }

  async #stop(): Promise<void> {
    await this.#clients.close();
    this.#lines.stop();
    // From here on nothing is revived any more.
    await this.faults.stop();
    await this.#supervisor.stop();
    await this.#owned.disposeAsync();
  }

  /** The same as `stop()`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
