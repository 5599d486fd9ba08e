/**
 * The world of servers that somebody brings: any program, in a process of its
 * own, of which nothing is known but what it prints and does. What the ports
 * and hosts become that it names is up to a shim (`shim/`), or to the guard of
 * its network namespace (`namespace.py`).
 *
 * @module
 */
import type {
  Address,
  Connection,
  Platform,
} from "../../../herd/net/platform.ts";
import type { Manifest } from "../../model/manifest.ts";
import type { Machines } from "../machines.ts";
import type {
  Sent,
  ServerHandle,
  ServerStart,
  ServerWatcher,
  World,
} from "../world.ts";
import { BroughtServer } from "./brought_server.ts";
import { setupLines } from "./command.ts";
import type { ProgramWatcher } from "./guarded.ts";
import {
  Programs,
  type ProgramsOptions,
  type ProgramStart,
  type RunningProgram,
} from "./programs.ts";
import type { Rewriting } from "./rewriting.ts";
import {
  type Dialect,
  dialectOf,
  dialectText,
  SpokenConnection,
} from "./spoken.ts";
import { MESSAGE_LIMITS, type MessageLimits, StormWatch } from "./storm.ts";
import { Switchboard } from "./switchboard.ts";
import { openTempFolder } from "./temp_folder.ts";
import { ToldFixes } from "../../model/told_fixes.ts";

/** How servers that are brought are watched and spoken to. */
export interface WatchOptions {
  /** By which servers are asked what they tell clients. */
  readonly platform: Platform;
  /** What servers may send each other, where that is not the default. */
  readonly messages?: Partial<MessageLimits>;
  /** What is peculiar to it; the rest is found out. */
  readonly manifest?: Omit<Manifest, "command">;
  /** Hears of each dial to another server. */
  readonly onDial?: (server: string) => void;
  /** Hears that a server is ended, for it used too much, and how, in words. */
  readonly onLimit?: (server: string, how: string) => void;
  /** Hears, in a line, what may make a verdict doubtful. */
  readonly onWarning?: (text: string) => void;
  /** Hears, in words, what was found out: how servers want to be spoken to. */
  readonly onFound?: (text: string) => void;
}

/** What is brought. */
export type BroughtOptions =
  & WatchOptions
  & Omit<ProgramsOptions, "into" | "hostname" | "manifest">;

/** Who runs the programs of servers that were brought. */
export interface ProgramStarter {
  /** The machines that they are on; left out where that is this one. */
  readonly machines?: Machines;
  /** What stands in servers' copies, where ports are rewritten. */
  readonly rewriting?: Rewriting | undefined;
  /** Starts one. */
  start(program: ProgramStart, watcher: ProgramWatcher): RunningProgram;
}

/** What they are called. */
export const BROUGHT = "servers that were brought";

/** Servers on several hosts may have the same port. */
function keyOf({ hostname, port }: Address): string {
  return `${hostname}:${port}`;
}

/** What can't be done to such servers, or would tell nothing of them. */
const CANNOT: ReadonlyMap<string, string> = new Map([
  ["clock_skew", `${BROUGHT} do not let anybody set their clocks`],
  [
    "garbage",
    `${BROUGHT} take one command a connection, and a forged AT from anybody`,
  ],
  ["greedy", `${BROUGHT} take one command a connection`],
]);

/** The servers that somebody brought. */
export class BroughtWorld implements World, AsyncDisposable {
  readonly name = BROUGHT;
  readonly sees: World["sees"] = new Set(["answers"]);
  readonly takesOrders = false;
  readonly cannot: ReadonlyMap<string, string> = CANNOT;
  readonly catchesUp: boolean;
  readonly ordersTies: boolean = false;
  readonly machines: Machines | undefined;
  readonly #options: WatchOptions;
  readonly #programs: ProgramStarter;
  readonly #switchboard: Switchboard;
  readonly #storm: StormWatch;
  readonly #servers = new Map<string, BroughtServer>();
  readonly #running = new Map<string, RunningProgram>();
  readonly #dialect: Dialect;
  readonly #told = new ToldFixes();
  /** By address, what a client said to a server last. */
  readonly #lastCommands = new Map<string, string>();
  readonly #owned: AsyncDisposableStack;
  #routed: Promise<unknown> = Promise.resolve();
  #hasWarned = false;

  private constructor(
    options: WatchOptions,
    programs: ProgramStarter,
    owned: AsyncDisposableStack,
  ) {
    const { ports = {}, dialect, catches_up } = options.manifest ?? {};
    const { machines, rewriting } = programs;
    this.catchesUp = catches_up === "always";
    this.machines = machines;
    this.#options = options;
    this.#programs = programs;
    this.#owned = owned;
    this.#dialect = dialectOf(dialect);
    this.#storm = new StormWatch(options.platform.clock, {
      ...MESSAGE_LIMITS,
      ...options.messages,
    }, () => this.catchesUp ? this.#told.clients : 0);
    this.#switchboard = new Switchboard({
      ports,
      rewriting,
      areApart: machines !== undefined,
      onChange: () => {
        const routing = [...this.#running].map(([name, program]) =>
          program.route(this.#switchboard.routesOf(name))
        );
        this.#routed = Promise.all(routing);
      },
    });
  }

  /**
   * Copies the folder, so that servers can be started in it.
   *
   * @throws {RangeError} If it is too large to be one of servers, or what is to
   * be made in it can't be.
   */
  static async open(options: BroughtOptions): Promise<BroughtWorld> {
    await using owned = new AsyncDisposableStack();
    const { path: into } = owned.use(await openTempFolder());
    const programs = owned.use(await Programs.open({ ...options, into }));
    return new BroughtWorld(options, programs, owned.move());
  }

  /** Servers whose programs somebody else runs, and ends. */
  static by(programs: ProgramStarter, options: WatchOptions): BroughtWorld {
    return new BroughtWorld(options, programs, new AsyncDisposableStack());
  }

  async prepare(servers: readonly ServerStart[]): Promise<void> {
    await this.#programs.rewriting?.prepare(servers.map(({ name }) => name));
  }

  /** What a server and its neighbours are to it: ports, as it knows them. */
  #hereOf({ name, hostname: host, port, neighbours }: ServerStart) {
    const { rewriting } = this.#programs;
    if (!rewriting) return { name, host, port, peers: neighbours };
    const standsFor = (other: string, given: number) => {
      const port = rewriting.portOf(other);
      return port === undefined ? given : rewriting.standsFor(name, port);
    };
    const peers = neighbours.map((peer) => ({
      ...peer,
      port: standsFor(peer.name, peer.port),
    }));
    return { name, host, port: standsFor(name, port), peers };
  }

  #warnOfPort(name: string, port: number): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const meant = this.#programs.rewriting?.meantBy(name, port) ?? port;
    this.#options.onWarning?.(
      `${name} tells another server a port in a message (${meant}): who dials ` +
        "what it was told goes past the proxies, and no fault touches it",
    );
  }

  start(server: ServerStart, watcher: ServerWatcher): ServerHandle {
    const { manifest = {}, platform } = this.#options;
    this.#switchboard.plug(server);
    const { name, hostname, port, neighbours: peers } = server;
    const address = { hostname, port };
    const here = this.#hereOf(server);
    this.#storm.linked(name, peers.length);
    this.#lastCommands.delete(keyOf(address));
    const speaking = () => this.#speaking(address, platform);
    const brought = new BroughtServer(server, watcher, {
      told: this.#told,
      exchange: (line, signal) => speaking().exchange(line, signal),
      manifest,
      question: manifest.dialect?.probe,
      setUp: async () => {
        await this.#routed;
        for (const line of setupLines(manifest.setup ?? [], here)) {
          await speaking().tell(line);
        }
      },
      onDial: () => {
        this.#options.onDial?.(name);
        return this.#storm.message(name);
      },
      onPortTold: (port) => this.#warnOfPort(name, port),
      onLimit: (how) => this.#options.onLimit?.(name, how),
      switchboard: this.#switchboard,
      lastCommand: () => this.#lastCommands.get(keyOf(address)),
      run: (to) => this.#run(here, to),
    });
    this.#servers.set(name, brought);
    return brought;
  }

  #run(here: ProgramStart["here"], watcher: ProgramWatcher): RunningProgram {
    const { name } = here;
    const routes = this.#switchboard.routesOf(name);
    const program = this.#programs.start({ here, routes }, {
      ...watcher,
      onEnd: () => {
        if (this.#running.get(name) === program) this.#running.delete(name);
        watcher.onEnd();
      },
    });
    this.#running.set(name, program);
    return program;
  }

  /** A connection that is spoken on as the protocol has it. */
  connect(address: Address, platform: Platform): Promise<Connection> {
    if (!this.#switchboard.isUp(address)) {
      throw new Deno.errors.ConnectionRefused("it does not listen");
    }
    return Promise.resolve(this.#speaking(address, platform));
  }

  /**
   * What a server replies to a command: as it came, unless the manifest knows
   * its form.
   *
   * @throws {Error} If it does not listen, or ends the connection by a reset.
   */
  async ask(
    address: Address,
    platform: Platform,
    line: string,
  ): Promise<string> {
    return await this.#speaking(address, platform).exchange(line);
  }

  #speaking(
    address: Address,
    { clock, network }: Platform,
  ): SpokenConnection {
    return new SpokenConnection(address, {
      clock,
      network,
      dialect: this.#dialect,
      onCommand: (line) => {
        this.#storm.command(line);
        this.#lastCommands.set(keyOf(address), line);
      },
      onFound: (way) => this.#options.onFound?.(dialectText(way)),
      onReply: (line, reply) => {
        if (/^\s*IAMAT\s/.test(line)) this.#told.acknowledged(reply);
      },
    });
  }

  /** Takes the hosts away that servers may ask, or gives them back. */
  setHosts(are: "there" | "gone"): void {
    this.#switchboard.setHosts(are === "there");
  }

  /** Dials are told as they are made; what is sent on old ones is seen here. */
  passed(name: string, { chunks, connections }: Sent): void {
    for (let left = chunks - connections; left > 0; left--) {
      const used = this.#storm.message(name);
      if (used !== undefined) this.#servers.get(name)?.storms(used);
    }
  }

  /** In a namespace, what does not listen for a link must not accept for it. */
  refuse(ways: ReadonlySet<string>): void {
    this.#switchboard.refuse(ways);
  }

  /** How its servers want to be spoken to, as far as that is known. */
  get dialect(): Readonly<Dialect> {
    return this.#dialect;
  }

  /** The port that a server named for itself; it may listen on another one. */
  askedPort(name: string): number | undefined {
    return this.#switchboard.askedPort(name);
  }

  /** Ends what still runs, and removes the copy. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned.disposeAsync();
  }
}
